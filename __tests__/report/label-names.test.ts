import { describe, expect, it } from 'vitest';
import type { LabelNames } from '../../src/evidence/schema.ts';
import { nameNotes, nameRows, namesFootnote } from '../../src/report/sections/label-names.ts';
import { evidenceOf } from '../helpers/evidence.ts';

const unrelated = { mean: 0.1, standardDeviation: 0.05, highest: 0.3, word: 'teapot' };
/** Ten names; their lead over the bar grows from −0.4 to 0.5. */
const names: LabelNames = {
  compared: { target: 10, source: 3, unrelated: 200 },
  nearest: Array.from({ length: 10 }, (_, i) => ({
    target: `class ${i}`,
    source: 'effusion',
    cosine: i / 10,
    unrelated,
    bar: 0.4,
    standsOut: i > 4,
  })),
  empty: [],
  unknown: [],
};

describe('class names in the report', () => {
  it('are eight, those that stand out most first; the rest is told', () => {
    const shown = nameRows(names).map(([, target, , match]) => [target, match]);
    expect(shown.map(([target]) => target)).toEqual([9, 8, 7, 6, 5, 4, 3, 2].map((i) => `class ${i}`));
    expect(shown.filter(([, match]) => match === 'nearer than unrelated words')).toHaveLength(5);
    expect(JSON.stringify(nameNotes(names))).toContain('2 more class names and their nearest are in the evidence');
  });

  it('say why there are none', () => {
    const refused = { ...names, nearest: [], refused: 'Nearest names need a name on either side.' };
    expect(nameRows(refused)).toEqual([]);
    expect(JSON.stringify(nameNotes(refused))).toContain('need a name on either side');
  });

  it('say nothing where no text encoder is named', () => {
    expect([nameRows(undefined), nameNotes(undefined)]).toEqual([[], []]);
    expect(namesFootnote(evidenceOf({ target: 'films', candidates: [] }))).toEqual([]);
  });
});
