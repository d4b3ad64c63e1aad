import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Root } from 'hast';
import type { Browser } from 'playwright-core';
import rehypeRaw from 'rehype-raw';
import rehypeSanitize from 'rehype-sanitize';
import rehypeStringify from 'rehype-stringify';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import type { Problem } from '../../src/manifest/problem.ts';
import type { ReportContext, ReportInput } from '../../src/report/input.ts';
import { decide } from '../../src/verdict/decide.ts';
import { judge } from '../../src/verdict/judge.ts';
import type { Scene } from './evidence.ts';

const markdown = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkRehype, { allowDangerousHtml: true })
  .use(rehypeRaw)
  .use(rehypeSanitize);
const html = unified().use(rehypeStringify);

/** What GitHub's pipeline makes of Markdown, as a tree: GFM, raw HTML parsed, then sanitised by GitHub's own schema. */
export function githubTree(text: string): Root {
  return markdown.runSync(markdown.parse(text)) as Root;
}

/** The same as HTML. Mermaid blocks stay code, as before GitHub's own script turns them into pictures. */
export function githubHtml(text: string): string {
  return html.stringify(githubTree(text));
}

/** Where a Chromium can be; a test that draws is skipped where there is none. */
export const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

export async function openBrowser(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath: browserPath!,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
}

/** A page that shows a comment as GitHub would: its style sheet, and Mermaid at the version that it runs. */
export async function commentPage(comment: string, options: { dark?: boolean; open?: boolean } = {}): Promise<string> {
  const require = createRequire(import.meta.url);
  const style = await readFile(
    require.resolve(`github-markdown-css/github-markdown-${options.dark ? 'dark' : 'light'}.css`),
    'utf8',
  );
  const mermaid = await readFile(require.resolve('mermaid/dist/mermaid.min.js'), 'utf8');
  const body = githubHtml(comment).replaceAll('<details>', options.open ? '<details open>' : '<details>');
  return `<!doctype html><meta charset="utf-8"><style>${style} body{margin:16px;background:${options.dark ? '#0d1117' : '#fff'}} .markdown-body{max-width:860px;font-size:14px;border:1px solid #8886;border-radius:6px;padding:16px}</style>
<article class="markdown-body">${body}</article>
<script>${mermaid.replaceAll('</script', '<\\/script')}</script>
<script>
for (const code of document.querySelectorAll('code.language-mermaid')) {
  const pre = code.parentElement; const div = document.createElement('div');
  div.className = 'mermaid'; div.textContent = code.textContent; pre.replaceWith(div);
}
for (const details of document.querySelectorAll('details')) if (details.querySelector('.mermaid')) details.open = true;
mermaid.initialize({ startOnLoad: false, theme: ${options.dark ? "'dark'" : "'default'"} });
window.drawn = mermaid.run().then(() => 'drawn', (error) => String(error.message ?? error));
</script>`;
}

const locate = (path: string): Problem['location'] => ({
  file: 'transfer.yml',
  line: path.startsWith('justification') ? 23 : 1,
  column: 1,
});

/** A whole report's input from a manifest and its evidence, judged and decided as a review would. */
export function reportOf(
  scene: Partial<Scene>,
  options: { problems?: Problem[]; context?: Partial<ReportContext> } = {},
): ReportInput {
  const manifest = scene.manifest ?? null;
  const evidence = scene.evidence ?? null;
  const context: ReportContext = {
    mode: 'review',
    commit: '1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c',
    runUrl: 'https://github.com/octo/films/actions/runs/7',
    reproduce: 'transfer-evidence review transfer.yml --seed 7',
    ...options.context,
  };
  const verdicts = manifest ? judge(manifest, evidence) : null;
  const decision = decide({
    manifest,
    verdicts,
    problems: options.problems ?? [],
    locate,
    today: '2026-11-22',
    measured: context.mode === 'review',
    evidence,
  });
  return { manifest, manifestFile: 'transfer.yml', evidence, verdicts, decision, context };
}
