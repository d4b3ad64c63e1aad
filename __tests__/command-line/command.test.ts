import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandOf } from '../../src/command-line/command.ts';

const plain = { seed: 0, device: 'auto', workspace: '/repository', dataRoots: [] } as const;

describe('the command that measures the same again', () => {
  it('names a plain path as it is', () => {
    expect(commandOf('review', '.github/transfer.yml', plain)).toBe(
      'transfer-evidence review .github/transfer.yml --seed 0',
    );
  });

  it('says what else the numbers and the data depend on', () => {
    const dataRoots = ['/mnt/films', '/repository/a b'];
    expect(commandOf('review', 'transfer.yml', { ...plain, seed: 3, device: 'cpu', dataRoots })).toBe(
      "transfer-evidence review transfer.yml --data-root /mnt/films --data-root 'a b' --device cpu --seed 3",
    );
  });

  it.each(["a b/it's.yml", '$(rm -rf x).yml', 'täsk.yml', '-x.yml'])('reaches a shell as one word: %s', (path) => {
    const script = commandOf('check', path, { ...plain, seed: 7 }).replace('transfer-evidence', 'printf "%s\\n"');
    expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(`check\n${path}\n--seed\n7\n`);
  });
});
