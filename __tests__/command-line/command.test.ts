import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandOf } from '../../src/command-line/command.ts';

describe('the command that measures the same again', () => {
  it('names a plain path as it is', () => {
    expect(commandOf('review', '.github/transfer.yml', 0)).toBe(
      'transfer-evidence review .github/transfer.yml --seed 0',
    );
  });

  it.each(["a b/it's.yml", '$(rm -rf x).yml', 'täsk.yml', '-x.yml'])('reaches a shell as one word: %s', (path) => {
    const script = commandOf('check', path, 7).replace('transfer-evidence', 'printf "%s\\n"');
    expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(`check\n${path}\n--seed\n7\n`);
  });
});
