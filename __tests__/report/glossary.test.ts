import { describe, expect, it } from 'vitest';
import { measureNotes } from '../../src/measure-notes.ts';
import { measureNames } from '../../src/measures.ts';
import { escapeHtml } from '../../src/report/escape.ts';
import { renderReport } from '../../src/report/index.ts';
import { catsNotScans } from '../helpers/evidence.ts';
import { reportOf } from '../helpers/render.ts';

describe('the glossary in the report', () => {
  const input = reportOf(catsNotScans());
  const { html, comment } = renderReport(input);
  const measured = new Set<string>(input.evidence!.measurements.map(({ measure }) => measure));

  it('says of every measure that was taken, and of no other, what it sees and when not to use it', () => {
    expect(measured.size).toBeGreaterThan(1);
    for (const name of measureNames)
      for (const text of [measureNotes[name].sees, measureNotes[name].notWhen])
        if (measured.has(name)) expect(html).toContain(escapeHtml(text));
    const other = measureNames.find((name) => !measured.has(name))!;
    expect(html).not.toContain(escapeHtml(measureNotes[other].sees));
  });

  it('is not in the comment, where there is no room for it', () => {
    expect(comment).not.toContain('when not to use them');
  });
});
