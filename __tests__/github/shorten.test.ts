import { describe, expect, it } from 'vitest';
import { shorten } from '../../src/github/shorten.ts';

describe('shorten', () => {
  it('drops folded sections, nested ones too, and links to the run', () => {
    const inner = '<details><summary>b</summary>\n\nrows\n\n</details>';
    const text = `### Tied\n\n<details open><summary>a</summary>\n\n${inner}\n\nmore\n\n</details>\n\nTrust line.\n`;
    expect(shorten(text, 'https://github.com/o/r/actions/runs/1')).toMatch(
      /^### Tied\n\n\s*Trust line\.\n\n\*.*\[the summary of the run\]\(https:\/\/github\.com\/o\/r\/actions\/runs\/1\)\.\*\n$/,
    );
  });

  it('cuts between paragraphs when even that is too long', () => {
    const table = `| a |\n|---|${'\n| 1 |'.repeat(500)}`;
    const text = shorten(`### Tied\n\n${Array.from({ length: 20 }, () => table).join('\n\n')}`, null);
    expect(text.length).toBeLessThan(15_000);
    expect(text.split('\n\n').filter((part) => part.startsWith('| a |'))).toHaveLength(4);
    for (const part of text.split('\n\n').slice(1, 5)) expect(part.match(/\| 1 \|/g)).toHaveLength(500);
  });
});
