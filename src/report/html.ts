import { assemble } from './assemble.ts';
import type { QuadrantChart } from './chart.ts';
import { type Block, type Inline, plainText, type Section } from './document.ts';
import { escapeHtml, escapeHtmlLines } from './escape.ts';
import type { ReportInput } from './input.ts';
import { glossarySection } from './sections/glossary.ts';

/** The whole report as one HTML file that loads nothing: no script, no font, no picture from elsewhere. */
export function renderHtml(input: ReportInput): string {
  const { heading, lead, sections } = assemble(input);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(plainText(heading))}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${inlineHtml(heading)}</h1>
${lead.map(blockHtml).join('\n')}
${[...sections, ...glossarySection(input)].map(sectionHtml).join('\n')}
</main>
</body>
</html>
`;
}

function inlineHtml(inline: Inline): string {
  if (typeof inline === 'string') return escapeHtml(inline);
  if (Array.isArray(inline)) return inline.map(inlineHtml).join('');
  if ('code' in inline) return `<code>${escapeHtml(inline.code)}</code>`;
  if ('strong' in inline) return `<strong>${inlineHtml(inline.strong)}</strong>`;
  if ('aside' in inline) return `<br><small>${inlineHtml(inline.aside)}</small>`;
  return /^https?:\/\//i.test(inline.url)
    ? `<a href="${escapeHtml(inline.url)}">${escapeHtml(inline.link)}</a>`
    : escapeHtml(inline.link);
}

function sectionHtml({ title, name, folded, blocks }: Section): string {
  const body = blocks.map(blockHtml).join('\n');
  if (folded) return `<details open>\n<summary>${inlineHtml(title ?? name)}</summary>\n${body}\n</details>`;
  return `<section>\n${title === null ? '' : `<h2>${inlineHtml(title)}</h2>\n`}${body}\n</section>`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${inlineHtml(block.text)}</p>`;
    case 'small':
      return `<p class="small">${inlineHtml(block.text)}</p>`;
    case 'quote':
      return `<blockquote>${block.lines.map((entry) => `<p>${inlineHtml(entry)}</p>`).join('')}</blockquote>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${inlineHtml(item)}</li>`).join('')}</ul>`;
    case 'table': {
      const row = (cells: readonly Inline[], tag: string): string =>
        `<tr>${cells.map((cell) => `<${tag}>${inlineHtml(cell)}</${tag}>`).join('')}</tr>`;
      return `<div class="wide"><table><thead>${row(block.head, 'th')}</thead><tbody>${block.rows.map((cells) => row(cells, 'td')).join('')}</tbody></table></div>`;
    }
    case 'code':
      return `<pre><code>${escapeHtmlLines(block.text)}</code></pre>`;
    case 'chart':
      return chartSvg(block.chart);
  }
}

/** The quadrant chart as inline SVG, for where Mermaid does not run. */
function chartSvg({ xAxis, yAxis, points, title }: QuadrantChart): string {
  const [left, top, size] = [40, 10, 360];
  const dots = points.map(({ label, similarity, performance }) => {
    const x = left + similarity * size;
    const y = top + (1 - performance) * size;
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="5"/><text x="${x.toFixed(1)}" y="${(y + 20).toFixed(1)}" text-anchor="middle">${escapeHtml(label)}</text>`;
  });
  const bottom = top + size;
  const text = (x: number, y: number, anchor: string, words: string, turn = ''): string =>
    `<text class="axis" x="${x}" y="${y}" text-anchor="${anchor}"${turn}>${escapeHtml(words)}</text>`;
  return `<svg viewBox="0 0 440 410" role="img" aria-label="${escapeHtml(title)}"><rect x="${left}" y="${top}" width="${size}" height="${size}"/><path d="M${left} ${top + size / 2}h${size}M${left + size / 2} ${top}v${size}"/>${text(left, bottom + 20, 'start', xAxis[0])}${text(left + size, bottom + 20, 'end', xAxis[1])}${text(28, bottom, 'start', yAxis[0], ` transform="rotate(-90 28 ${bottom})"`)}${text(28, top, 'end', yAxis[1], ` transform="rotate(-90 28 ${top})"`)}${dots.join('')}</svg>`;
}

const style = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: .5rem 0; }
th, td { border: 1px solid #8886; padding: .3rem .6rem; text-align: left; vertical-align: top; }
code { font-family: ui-monospace, monospace; font-size: .9em; }
pre { overflow-x: auto; padding: .8rem; border: 1px solid #8886; border-radius: 6px; }
blockquote { margin: .5rem 0; padding: 0 1rem; border-left: 4px solid #8886; }
details { margin: .8rem 0; } summary { cursor: pointer; font-weight: 600; }
.small { font-size: .85rem; opacity: .8; }
svg { max-width: 32rem; fill: currentColor; font-size: 13px; }
svg rect { fill: none; stroke: currentColor; } svg path { stroke: currentColor; opacity: .3; } svg circle { fill: #2563eb; }
svg .axis { font-size: 12px; opacity: .8; }
`;
