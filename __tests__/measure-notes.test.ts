import { describe, expect, it } from 'vitest';
import { updateReadme } from '../.ci/readme.ts';
import { leftOut, measureNotes } from '../src/measure-notes.ts';
import { measureNames } from '../src/measures.ts';

describe('the glossary', () => {
  it.each(measureNames)('says in two lines at most what %s sees, is blind to, and when not to use it', (name) => {
    for (const text of Object.values(measureNotes[name])) {
      expect(text.length).toBeGreaterThan(5);
      expect(text.length).toBeLessThanOrEqual(180);
      expect(text).not.toMatch(/[\n|]|\.$/);
    }
  });

  it('names no measure that is measured among those left out', () => {
    const names = measureNames.map((name) => name.slice(name.indexOf('.') + 1));
    for (const { name } of leftOut) expect(names).not.toContain(name.toLowerCase());
  });

  it('stands in the README as it is in the source', () => {
    expect(updateReadme(true)).toBe(true);
  });
});
