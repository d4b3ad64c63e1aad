import type { Element, Nodes } from 'hast';
import { describe, expect, it } from 'vitest';
import type { Measurement } from '../../src/evidence/schema.ts';
import type { MeasureName } from '../../src/measures.ts';
import { renderReport } from '../../src/report/index.ts';
import { visualAxes } from '../../src/similarity/visual/axes.ts';
import { csXray, estimateOf } from '../helpers/evidence.ts';
import { githubTree, reportOf } from '../helpers/render.ts';

const scene = csXray();
const ids = scene
  .evidence!.measurements.filter(({ measure }) => measure === 'embedding.mmd')
  .map(({ candidate }) => candidate);

/** The scene with every visual measure; `value` of one that refused is null. */
function commentWith(value: (measure: MeasureName, id: string) => number | null): string {
  const like = scene.evidence!.measurements.find(({ measure }) => measure === 'visual.sharpness')!;
  const visual = visualAxes.flatMap(({ measures }) =>
    measures.flatMap((measure) =>
      ids.map((candidate): Measurement => {
        const found = value(measure, candidate);
        return found === null
          ? { ...like, measure, candidate, estimate: null, refused: 'no files', readAgainst: [] }
          : {
              ...like,
              measure,
              candidate,
              estimate: estimateOf(found, found / 10),
              readAgainst: [{ name: 'split_half', value: 0.01, low: 0.002, high: 0.02 }],
            };
      }),
    ),
  );
  const others = scene.evidence!.measurements.filter(({ measure }) => !measure.startsWith('visual.'));
  return renderReport(reportOf({ ...scene, evidence: { ...scene.evidence!, measurements: [...others, ...visual] } }))
    .comment;
}

const opened = (comment: string) => comment.slice(comment.indexOf('All distances'));
const cellsOf = (line: string) => line.split('|').map((cell) => cell.trim());
const elements = (node: Nodes): Element[] =>
  'children' in node
    ? node.children.flatMap((child) => [...(child.type === 'element' ? [child] : []), ...elements(child)])
    : [];

describe('the folded table of visual measures', () => {
  const comment = commentWith((measure, id) =>
    measure === 'visual.jpeg_quality' ? null : measure === 'visual.texture_at_input' && id === ids[0] ? 0.02 : 0.3,
  );
  const lines = opened(comment).split('\n');

  it('has the axes in order, each above its measures, native before the input size', () => {
    const firsts = lines.filter((line) => line.startsWith('|')).map((line) => cellsOf(line)[1]!);
    expect(firsts.filter((cell) => cell.startsWith('**'))).toEqual(visualAxes.map(({ axis }) => `**${axis}**`));
    const texture = firsts.indexOf('**texture**');
    expect(firsts.slice(texture, texture + 3)).toEqual([
      '**texture**',
      'texture (LBP), bits',
      'texture (LBP) at 224 px, bits',
    ]);
    expect(firsts.filter((cell) => /[a-z]/.test(cell)).length).toBeGreaterThan(31);
  });

  it('says where a measure refused, and keeps the embedding measures in a table of their own', () => {
    const quality = cellsOf(lines.find((line) => line.startsWith('| JPEG quality'))!);
    expect(quality.slice(2, 2 + ids.length)).toEqual(ids.map(() => 'refused'));
    expect(quality[2 + ids.length]).toBe('–');
    const tables = elements(githubTree(opened(comment))).filter(({ tagName }) => tagName === 'table');
    expect(tables.length).toBeGreaterThanOrEqual(2);
    for (const table of tables) {
      const rows = elements(table).filter(({ tagName }) => tagName === 'tr');
      expect(
        new Set(rows.map((row) => elements(row).filter(({ tagName }) => /^t[dh]$/.test(tagName)).length)).size,
      ).toBe(1);
    }
  });

  it('says by which rule a texture is the target’s, and of which sources it is', () => {
    expect(opened(comment)).toContain(`at most 2 times the one between two halves of the target, a rule of ours: `);
    expect(opened(comment)).toMatch(
      new RegExp(`a rule of ours: <code>${ids[0]}</code>\\.|a rule of ours: \`${ids[0]}\`\\.`),
    );
    expect(opened(commentWith(() => 0.3))).toContain('a rule of ours: that of no source does.');
  });
});
