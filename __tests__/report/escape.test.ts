import fc from 'fast-check';
import type { Element, Nodes, Root, Text } from 'hast';
import { describe, expect, it } from 'vitest';
import type { Block, Inline } from '../../src/report/document.ts';
import {
  clip,
  codeBlock,
  codeSpan,
  escapeHtml,
  escapeHtmlLines,
  escapeMarkdown,
  visible,
} from '../../src/report/escape.ts';
import { blockMarkdown, sectionMarkdown } from '../../src/report/markdown.ts';
import { githubHtml, githubTree } from '../helpers/render.ts';

/** Pieces that mean something to Markdown, HTML, GitHub or a reader's eyes. */
const dangerous = fc.constantFrom(
  ...[
    '@octocat',
    '@org/team',
    '#12',
    'GH-12',
    'owner/repo#1',
    'a@b.org',
    '1f2e3d4c5b6a7988',
    '1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c',
  ],
  ...[
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<!--',
    '-->',
    '<details>',
    '</details>',
    '</summary>',
    '<a href="http://x.y">',
    '&lt;',
    '&#64;',
    '&copy;',
  ],
  ...[
    '|',
    '||',
    '\n',
    '\n\n',
    '\r\n',
    '\t',
    '    code',
    '`',
    '```',
    '~~~',
    '\\',
    '\\|',
    '*',
    '**b**',
    '_i_',
    '__b__',
    '~~s~~',
    '$x$',
    '$$',
  ],
  ...[
    '[l](http://x.y)',
    '![i](http://x.y/i.png)',
    '[r]: http://x.y',
    '[^1]',
    '<http://x.y>',
    'http://x.y',
    'https://x.y/z',
    'www.x.y',
    'WWW.x.y',
    '_www.x.y',
    'ftp://x.y',
    'mailto:a@b.c',
    'xmpp:a@b.c',
  ],
  ...[
    '# h',
    '## h',
    '- item',
    '+ item',
    '* item',
    '1. item',
    '1) item',
    '> quote',
    '---',
    '===',
    '***',
    '- [ ] task',
    '> [!NOTE]',
    ':-:',
    '|-|',
  ],
  ...[
    '\u202Eevil',
    '\u2066x\u2069',
    '\u200B',
    '\u200D',
    '\uFEFF',
    '\u00AD',
    '\u0000',
    '\u001B[31m',
    '\uD800',
    '\u{E0041}',
    '\u3164',
  ],
  ...[' ', ' ', 'word', 'é', '漢字', '🙂', ':smile:', '7', 'a'],
);
const nasty = fc.oneof(
  fc.array(dangerous, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.array(dangerous, { maxLength: 8 }).map((parts) => parts.join(' ')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

const elements = (node: Nodes): Element[] =>
  'children' in node
    ? node.children.flatMap((child) => [...(child.type === 'element' ? [child] : []), ...elements(child)])
    : [];
const texts = (node: Nodes): Text[] =>
  node.type === 'text' ? [node] : 'children' in node ? node.children.flatMap(texts) : [];
const shown = (tree: Root): string =>
  texts(tree)
    .map(({ value }) => value)
    .join('');
const names = (tree: Root): string[] => [...new Set(elements(tree).map(({ tagName }) => tagName))].sort();
/** Text without the separators that only keep GitHub from linking. */
const words = (text: string): string => text.replaceAll('\u200B', '').trim();

/** What GitHub would link of its own accord in a text node. */
const linked = /(?<![\w`])@[A-Za-z0-9]|#\d|\bgh-\d|https?:\/\/|www\.|[\w.]@\w/i;

function expectHarmless(markdown: string, allowed: string[]): Root {
  const tree = githubTree(markdown);
  expect(names(tree).filter((name) => !allowed.includes(name))).toEqual([]);
  for (const { value } of texts(tree)) expect(value).not.toMatch(linked);
  return tree;
}

describe('escaped text in GitHub’s own pipeline', () => {
  it('shows exactly the visible text and nothing else as a paragraph', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const tree = expectHarmless(blockMarkdown({ kind: 'paragraph', text }), ['p', 'span']);
        expect(words(shown(tree))).toBe(words(visible(text)));
      }),
      { numRuns: 300 },
    );
  });

  it('does so in headings, quotes, lists, small print and folded titles, all in one comment', () => {
    fc.assert(
      fc.property(nasty, nasty, (text, other) => {
        const blocks: Block[] = [
          { kind: 'quote', lines: [text, ['a', other]] },
          { kind: 'list', items: [text, other] },
          { kind: 'small', text },
          { kind: 'paragraph', text: other },
        ];
        const comment = `### ${escapeMarkdown(`x ${text}`)}\n\n${sectionMarkdown({ name: 'n', title: text, folded: true, weight: 1, blocks })}\n\nafter`;
        const allowed = ['h3', 'details', 'summary', 'blockquote', 'p', 'ul', 'li', 'sub', 'span'];
        const tree = expectHarmless(comment, allowed);
        const outer = tree.children.flatMap((child) => (child.type === 'element' ? [child.tagName] : []));
        expect(outer).toEqual(['h3', 'details', 'p']);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps a table’s cells where they are', () => {
    const allowed = ['table', 'thead', 'tbody', 'tr', 'th', 'td', 'code', 'strong', 'span', 'br', 'sub'];
    fc.assert(
      fc.property(nasty, nasty, nasty, (a, b, c) => {
        const cell = (text: string): Inline => [{ code: text }, ' ', text, ' ', { strong: text }, { aside: text }];
        const rows = [
          [cell(b), cell(c)],
          [cell(c), 'last'],
        ];
        const tree = githubTree(blockMarkdown({ kind: 'table', head: [a, 'two'], align: ['l', 'r'], rows }));
        expect(names(tree).filter((name) => !allowed.includes(name))).toEqual([]);
        const found = elements(tree).filter(({ tagName }) => tagName === 'tr');
        expect(found.map((row) => row.children.filter((child) => child.type === 'element').length)).toEqual([2, 2, 2]);
      }),
      { numRuns: 100 },
    );
  });

  it('shows code exactly, whatever fences and backticks it holds', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const tree = githubTree(`${codeSpan(text)}\n\n${codeBlock(text, 'yaml')}\n\nafter`);
        const outer = tree.children.filter((child) => child.type === 'element');
        expect(outer.map(({ tagName }) => tagName)).toEqual(['p', 'pre', 'p']);
        expect(
          words(
            texts(outer[0]!)
              .map(({ value }) => value)
              .join(''),
          ),
        ).toBe(words(visible(text)));
        expect(names(tree).filter((name) => !['p', 'pre', 'code', 'span'].includes(name))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['@octocat', '<p>@\u200Boctocat</p>'],
    ['owner/repo#12', '<p>owner/repo#\u200B12</p>'],
    ['GH-12', '<p>GH-\u200B12</p>'],
    ['https://x.y', '<p>https:\u200B//x.y</p>'],
    ['a | b', '<p>a | b</p>'],
    ['![i](x)', '<p>![i](x)</p>'],
    ['1. not a list', '<p>1. not a list</p>'],
    ['- not a list', '<p>- not a list</p>'],
    ['# not a heading', '<p>#\u200B not a heading</p>'],
    ['<b>&amp;</b>', '<p>&#x3C;b>&#x26;amp;&#x3C;/b></p>'],
    [':smile: 🙂', '<p>:smile: 🙂</p>'],
    ['abc\u202Edef', '<p>abc⟦U+202E⟧def</p>'],
  ])('%j becomes %j', (text, html) => {
    expect(githubHtml(blockMarkdown({ kind: 'paragraph', text }))).toBe(html);
  });
});

describe('visible', () => {
  it('puts everything on one line and shows what cannot be seen', () => {
    expect(visible('a\n\tb\u2028c')).toBe('a b c');
    expect(visible('\u0000\u001B\u200F\uD800')).toBe('⟦U+0000⟧⟦U+001B⟧⟦U+200F⟧⟦U+D800⟧');
    fc.assert(
      fc.property(nasty, (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\n]/u);
      }),
    );
  });
});

describe('clip', () => {
  it('cuts at a character, never through one, and says that it did', () => {
    expect(clip('short', 5)).toBe('short');
    expect(clip('🙂🙂🙂🙂', 3)).toBe('🙂🙂…');
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', size: 'max', maxLength: 500 }),
        fc.integer({ min: 1, max: 80 }),
        (text, length) => {
          expect([...clip(text, length)].length).toBeLessThanOrEqual(length);
        },
      ),
    );
  });
});

describe('escapeHtml', () => {
  it('lets no character start markup', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
      }),
    );
  });

  it('keeps the indentation of a code block, by which YAML is read', () => {
    expect(escapeHtmlLines('a:\n  - b: "<x>"\r\n\tc: 1')).toBe('a:\n  - b: &quot;&lt;x&gt;&quot;\n  c: 1');
  });
});
