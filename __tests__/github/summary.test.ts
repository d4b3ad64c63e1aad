import { describe, expect, it } from 'vitest';
import { summaryOf } from '../../src/github/summary.ts';

describe('summaryOf', () => {
  it('joins the reports of several manifests', () => {
    expect(summaryOf(['one', 'two'])).toBe('one\n\n---\n\ntwo');
  });

  it('stays below a mebibyte, cut between lines, and says so', () => {
    const line = `${'é'.repeat(200)}\n`;
    const text = summaryOf([line.repeat(4000)]);
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(text).toMatch(/Cut here/);
    const lines = text.split('\n').filter((one) => one.startsWith('é'));
    expect(new Set(lines)).toEqual(new Set([line.trimEnd()]));
  });
});
