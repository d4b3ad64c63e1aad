import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../../src/report/index.ts';
import { catsNotScans, csXray } from '../helpers/evidence.ts';
import { browserPath, commentPage, openBrowser, reportOf } from '../helpers/render.ts';

const skipped = browserPath === undefined ? ' (skipped: no Chromium on this machine)' : '';

describe.skipIf(browserPath === undefined)(`in a browser, through GitHub’s style and Mermaid${skipped}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  }, 30_000);
  afterAll(() => browser?.close());

  it.each([
    ['csXray', csXray, 3],
    ['catsNotScans', catsNotScans, 7],
  ])(
    'draws the chart of %s with a label for every candidate',
    async (_, scene, candidates) => {
      const page = await browser.newPage({ viewport: { width: 920, height: 800 } });
      await page.setContent(await commentPage(renderReport(reportOf(scene())).comment));
      expect(await page.evaluate('window.drawn')).toBe('drawn');
      expect(await page.locator('.mermaid svg .data-point').count()).toBe(candidates);
      expect(
        await page.evaluate(
          'document.querySelector("article").scrollWidth <= document.querySelector("article").clientWidth',
        ),
      ).toBe(true);
      await page.close();
    },
    30_000,
  );

  it('shows the HTML report without asking for anything', async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('pageerror', (error) => asked.push(String(error)));
    await page.setContent(renderReport(reportOf(csXray())).html);
    expect(await page.locator('svg circle').count()).toBe(3);
    expect(await page.locator('h1').textContent()).toContain('tied with ecoset');
    expect(asked).toEqual([]);
    await page.close();
  }, 30_000);
});
