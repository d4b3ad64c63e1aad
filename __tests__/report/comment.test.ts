import fc from 'fast-check';
import type { Element, Nodes } from 'hast';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/manifest/problem.ts';
import { renderReport } from '../../src/report/index.ts';
import { markerFor } from '../../src/report/marker.ts';
import {
  atChance,
  budgetTooSmall,
  catsNotScans,
  claimOf,
  clothing,
  csXray,
  evidenceOf,
  imagesOnly,
  manifestOf,
  probesAgree,
  probesDisagree,
  proxiesOnly,
  type Scene,
  sameTwice,
  tuningCollapsed,
  weightsAndProxy,
} from '../helpers/evidence.ts';
import { githubTree, reportOf } from '../helpers/render.ts';

const scenes: Record<string, () => Scene> = {
  csXray,
  clothing,
  catsNotScans,
  imagesOnly,
  atChance,
  sameTwice,
  probesAgree,
  probesDisagree,
  tuningCollapsed,
  budgetTooSmall,
  proxiesOnly,
  weightsAndProxy,
};
const commentOf = (scene: Partial<Scene>, options: Parameters<typeof reportOf>[1] = {}) =>
  renderReport(reportOf(scene, options)).comment;
const lineStarting = (text: string, start: string) => text.split('\n').find((line) => line.startsWith(start));
const elements = (node: Nodes): Element[] =>
  'children' in node
    ? node.children.flatMap((child) => [...(child.type === 'element' ? [child] : []), ...elements(child)])
    : [];

function expectWellFormed(comment: string): void {
  const all = elements(githubTree(comment));
  const count = (tag: string) => all.filter(({ tagName }) => tagName === tag).length;
  expect(count('details')).toBe(count('summary'));
  expect(count('details')).toBe(comment.split('\n').filter((line) => line === '<details>').length);
  expect(count('details')).toBe(comment.split('\n').filter((line) => line === '</details>').length);
  expect(count('img')).toBe(0);
  for (const table of all.filter(({ tagName }) => tagName === 'table')) {
    const rows = elements(table).filter(({ tagName }) => tagName === 'tr');
    const widths = rows.map((row) => row.children.filter((child) => child.type === 'element').length);
    expect(new Set(widths).size).toBe(1);
  }
  for (const link of all.filter(({ tagName }) => tagName === 'a'))
    expect(link.properties.href).toBe('https://github.com/octo/films/actions/runs/7');
}

describe('the comment', () => {
  it.each(Object.keys(scenes))('of %s is well formed, short, and the same every time', (name) => {
    const comment = commentOf(scenes[name]!());
    expectWellFormed(comment);
    expect(comment.length).toBeLessThan(20_000);
    expect(comment).toBe(commentOf(scenes[name]!()));
    expect(comment).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  it('shows the gravest findings first and folds no more than it counts', () => {
    const scene = csXray();
    const collapsed = scene.manifest.candidates.flatMap(({ id }) =>
      [1, 2].map((run) => ({ code: 'collapsed' as const, about: id, text: `Run ${run} of ${id} broke down.` })),
    );
    const stopped = { code: 'infrastructure' as const, about: 'run', text: 'The time budget ran out.' };
    scene.evidence.findings = [...collapsed, stopped];
    const comment = commentOf(scene);
    const open = comment.slice(0, comment.indexOf('<details>'));
    expect(open.indexOf('The time budget ran out.')).toBeGreaterThan(0);
    expect(open.indexOf('The time budget ran out.')).toBeLessThan(open.indexOf('⚠️ Run'));
    expect(open).toContain(`and ${collapsed.length - 4} more findings as serious, folded below.`);
    for (const { text } of collapsed) expect(comment).toContain(text);
  });

  it('starts with its marker, then the verdict, then the one thing to do', () => {
    const lines = commentOf(csXray()).split('\n').filter(Boolean);
    expect(lines[0]).toBe('<!-- transfer-evidence:transfer.yml -->');
    expect(lines[1]).toBe('### ❌ `radimagenet` for cs-xray: tied with `ecoset`; claim C2 contradicted, answer needed');
    expect(lines[2]).toMatch(/^\*\*To merge:\*\* Add a `response:` to claim C2.*`transfer\.yml line 23`/);
  });

  it('reads contradicted claims first and sets each number beside its interval', () => {
    const rows = commentOf(csXray())
      .split('\n')
      .filter((line) => /^\| (❌|⚪|✅|➖|💬)/.test(line));
    expect(rows.map((row) => row.split(' ')[1]!.split('\u00A0')[0])).toEqual(['❌', '⚪', '✅', '💬']);
    expect(rows[0]).toContain('**+0.8 points \\[−1.2, +2.8\\]**');
  });

  it('says what a tie is read against, and that random initialisation is in it', () => {
    const comment = commentOf(csXray());
    expect(lineStarting(comment, '| 1 | random initialisation')).toBeDefined();
    expect(lineStarting(comment, '| – | chance')).toContain('50.0');
    expect(lineStarting(comment, '| – | mean colour alone')).toContain('56.1');
  });

  it('opens at most seven claims and folds the rest', () => {
    const claims = Array.from({ length: 12 }, (_, index) =>
      claimOf(`C${index}`, { subject: 'a', relation: 'greater_than', object: 'b' }),
    );
    const evidence = evidenceOf({
      target: 't',
      candidates: [
        { id: 'a', probe: [0.8, 0.02] },
        { id: 'b', probe: [0.7, 0.02] },
      ],
    });
    const comment = commentOf({ manifest: manifestOf({ chosen: 'a', candidates: ['a', 'b'], claims }), evidence });
    const [open, folded] = comment.split('<summary>5 further claims</summary>');
    expect(open!.match(/^\| ✅/gm)).toHaveLength(7);
    expect(folded!.match(/^\| ✅/gm)).toHaveLength(5);
  });

  it('draws one chart where similarity and performance were both measured, and none otherwise', () => {
    expect(commentOf(csXray()).match(/```mermaid/g)).toHaveLength(1);
    expect(commentOf(imagesOnly())).not.toContain('mermaid');
    expect(commentOf(atChance())).not.toContain('mermaid');
  });

  it('says plainly that performance was not measured without weights', () => {
    const comment = commentOf(imagesOnly());
    expect(comment).toContain('### ➖ `tissue` for films: performance not measured');
    expect(comment).toContain('Nothing is required.');
    expect(comment).toContain('No weights for `tissue` and `photographs`.');
  });

  it('gives no verdict at chance', () => {
    const comment = commentOf(atChance());
    expect(comment).toContain('no verdict, the target is at chance');
    expect(comment).toContain('> ⚠️ No candidate does better than chance');
  });

  it('tells an answered contradiction as answered', () => {
    const comment = commentOf(catsNotScans('Its licence is the only one we can use.'));
    expect(comment).toContain('1 contradicted (answered)');
    expect(comment).toContain('**answer:** Its licence is the only one we can use.');
    expect(comment).toContain('worse than `imagenet`');
  });

  it('offers a claim to paste where none can be judged, and none where one is stated', () => {
    const bare = clothing();
    const comment = commentOf({
      ...bare,
      manifest: manifestOf({ target: 'clothing', chosen: 'imagenet', candidates: ['imagenet', 'birds'] }),
    });
    expect(comment).toContain(
      'test: {measure: probe.finetune, subject: imagenet, relation: greater_than, object: birds, margin: 0.02}',
    );
    expect(commentOf(clothing())).not.toContain('ready to paste');
  });

  it('of a check shows how claims would be measured, and no verdicts', () => {
    const comment = commentOf({ manifest: csXray().manifest }, { context: { mode: 'check' } });
    expect(comment).toContain('documented (nothing measured in this check)');
    expect(comment).toContain('How it would be measured');
    expect(comment).toContain('3 testable · 1 untestable');
    expect(comment).not.toContain('no evidence');
  });

  it('has no trust line where there is nothing to tell', () => {
    const context = { mode: 'check' as const, commit: null, runUrl: null };
    expect(commentOf({ manifest: csXray().manifest }, { context })).not.toContain('<sub></sub>');
  });

  it('lists what blocks in the open', () => {
    const problems = [1, 2].map(
      (line): Problem => ({
        level: 'error',
        code: 'unknown-key',
        path: 'x',
        location: { file: 'transfer.yml', line },
        message: `No key \`x${line}\`.`,
      }),
    );
    const comment = commentOf({}, { problems });
    expect(comment).toContain('`transfer.yml` cannot be used');
    expect(comment).toContain('#### What blocks (2)');
    expect(comment).toContain('- ⛔ `transfer.yml line 2` `unknown-key`: No key `x2`.');
  });

  const word = fc.oneof(
    fc.constantFrom(
      '@octocat',
      '#12',
      '| x |',
      '</details>',
      '<summary>',
      '```',
      '`',
      '\n\n- [ ] x',
      '<img src=x>',
      'https://x.y',
      '![i](http://x.y)',
      '\u202E',
      '-->',
      '$x$',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  const long = fc
    .tuple(fc.array(word, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 300 }))
    .map(([parts, times]) => `x${parts.join(' ').repeat(times).slice(0, 3900)}`);

  it('stays whole and within 60,000 characters whatever the manifest holds', () => {
    fc.assert(
      fc.property(
        fc.record({
          text: long,
          name: word,
          candidates: fc.integer({ min: 2, max: 40 }),
          claims: fc.integer({ min: 0, max: 50 }),
          findings: fc.integer({ min: 0, max: 80 }),
          problems: fc.integer({ min: 0, max: 300 }),
          file: word,
        }),
        ({ text, name, candidates, claims, findings, problems, file }) => {
          const ids = Array.from({ length: candidates }, (_, index) => `candidate-${index}-${'x'.repeat(40)}`);
          const manifest = manifestOf({
            target: 'x',
            chosen: ids[0]!,
            candidates: ids,
            claims: Array.from({ length: claims }, (_, index) =>
              claimOf(`C${index}`, {
                subject: ids[0]!,
                relation: 'greater_than',
                object: ids[1 + (index % (candidates - 1))]!,
                margin: 0.1,
              }),
            ),
          });
          // The schema keeps control characters out; the report must not depend on it.
          manifest.target.name = `x${name}`;
          manifest.decision = { question: text, deciders: [text], consulted: [text] };
          manifest.not_considered = [{ name: text, because: { factor: 'license', text } }];
          Object.assign(manifest.target, { subgroups: [text], deployment_shift: text, card: text, license: text });
          Object.assign(manifest.candidates[0]!, { coding: { modality: text, domain: text }, data: { name: text } });
          manifest.intuition = { raters: [{ id: ids[0]!, role: text, expected_rank: [...ids] }] };
          if (typeof manifest.justification === 'object')
            for (const claim of manifest.justification.claims ?? []) Object.assign(claim, { text, response: text });
          const evidence = evidenceOf({
            target: name,
            candidates: ids.map((id, index) => ({
              id,
              probe: [0.5 + index / 100, 0.02],
              tuned: [0.9 - index / 100, 0.02],
              proxy: index % 2 === 1,
              collapsed: ['one class', 1],
              mmd: [0.01 * index, 0.01],
            })),
            findings: Array.from({ length: findings }, () => ({ code: 'collapsed' as const, about: ids[0]!, text })),
          });
          for (const { weights } of evidence.candidates) weights?.notes.push(text);
          const fired = Array.from(
            { length: problems },
            (_, line): Problem => ({
              level: line % 2 ? 'error' : 'warn',
              code: 'c',
              path: text,
              location: { file, line },
              message: text,
            }),
          );
          const input = { ...reportOf({ manifest, evidence }, { problems: fired }), manifestFile: `x${file}` };
          const { comment, summary, html } = renderReport(input);
          expect(comment.length).toBeLessThanOrEqual(60_000);
          expect(comment.startsWith(`${markerFor(`x${file}`)}\n\n### `)).toBe(true);
          expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1 << 20);
          expectWellFormed(comment);
          expect(html).not.toMatch(/<(script|img|iframe|a href="(?!https:\/\/github\.com\/octo))/);
        },
      ),
      { numRuns: 12 },
    );
  }, 30_000);

  it('says what was left out for length and where it is', () => {
    const ids = Array.from({ length: 40 }, (_, index) => `candidate-${index}-${'x'.repeat(40)}`);
    const evidence = evidenceOf({
      target: 't',
      candidates: ids.map((id, index) => ({ id, probe: [0.5 + index / 100, 0.02], mmd: [0.01 * index, 0.01] })),
    });
    const claims = Array.from({ length: 50 }, (_, index) =>
      claimOf(
        `C${index}`,
        { subject: ids[0]!, relation: 'greater_than', object: ids[1]! },
        { text: '|$@'.repeat(100), response: '|$@'.repeat(100) },
      ),
    );
    const { comment, summary } = renderReport(
      reportOf({ manifest: manifestOf({ chosen: ids[0]!, candidates: ids, claims }), evidence }),
    );
    expect(comment).toMatch(/Left out for length: .*further claims.* The whole report is in the job summary/);
    expect(summary).not.toContain('Left out for length');
  });
});

describe('markerFor', () => {
  it('differs by manifest and comment id and cannot be closed from inside', () => {
    expect(markerFor('a/transfer.yml')).toBe('<!-- transfer-evidence:a/transfer.yml -->');
    expect(markerFor('transfer.yml', 'nightly')).toBe('<!-- transfer-evidence:transfer.yml#nightly -->');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (file, id) => {
        expect(markerFor(file, id)).toMatch(/^<!-- transfer-evidence:[A-Za-z0-9._/%#]* -->$/);
      }),
    );
  });
});
