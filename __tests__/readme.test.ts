import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lint as lintManifest } from '../src/manifest/lint.ts';
import { parseManifest } from '../src/manifest/load.ts';
import { claimsOf } from '../src/manifest/statements.ts';
import { lint as lintWorkflow } from './helpers/lint-workflow.ts';
import { actionFolder } from './helpers/run-action.ts';

const read = (file: string) => readFileSync(path.join(actionFolder, file), 'utf8');
const blocks = [...read('README.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => block!);
const starting = (word: string) => blocks.find((block) => block.startsWith(word))!;
const complaints = (source: string) => {
  const { manifest, problems, locate } = parseManifest(source, 'transfer.yml');
  return { manifest, problems: [...problems, ...(manifest ? lintManifest(manifest, locate, '2026-01-01') : [])] };
};

describe('the README', () => {
  const smallest = starting('version: 1');

  it('shows a manifest that gives no cause for more than a note', () => {
    expect(complaints(smallest).problems.filter(({ level }) => level !== 'note')).toEqual([]);
  });

  it('shows a claim that fits into that manifest', () => {
    const { manifest, problems } = complaints(smallest.replace(/^justification[\s\S]*/m, starting('justification:')));
    expect(problems.filter(({ level }) => level !== 'note')).toEqual([]);
    expect(claimsOf(manifest!)).toHaveLength(1);
  });

  it.each([...read('README.md').matchAll(/`data: (\{[^`]*\})`/g)].map(([, data]) => data!))(
    'shows data that a manifest may name: %s',
    (data) => {
      expect(complaints(smallest.replace(/data: data\/target.*/, `data: ${data.replace(/\s+/g, ' ')}`))).toMatchObject({
        manifest: { target: { data: { path: `data/films${data.includes('csv') ? '.csv' : ''}` } } },
      });
    },
  );

  it('quotes of the demo what its manifest says', () => {
    const { manifest } = parseManifest(read('examples/demo/transfer.yml'), 'transfer.yml');
    const quoted = [...read('README.md').matchAll(/^> .*\*\*(C\d)\*\* (.*?)<br><sub>/gm)].map(([, id, text]) => [
      id,
      text,
    ]);
    expect(quoted).toHaveLength(3);
    expect(claimsOf(manifest!).map(({ id, text }) => [id, text])).toEqual(expect.arrayContaining(quoted));
  });

  it('shows a workflow in which GitHub finds nothing wrong, at the release and checkout of the example', async () => {
    expect(await lintWorkflow('workflow.yml', starting('on:'))).toEqual([]);
    const used = [...starting('on:').matchAll(/uses: (.*)/g)].map(([, action]) => action!);
    for (const action of used) expect(read('examples/workflow.yml')).toContain(`uses: ${action}`);
  });
});
