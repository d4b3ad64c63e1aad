import { describe, expect, it } from 'vitest';
import { mermaid, quadrantChart } from '../../src/report/chart.ts';
import { renderReport } from '../../src/report/index.ts';
import { whiskers } from '../../src/report/whiskers.ts';
import { catsNotScans, csXray, imagesOnly, sameTwice } from '../helpers/evidence.ts';
import { reportOf } from '../helpers/render.ts';

describe('report.json', () => {
  it('carries decision, claims, rankings and what they rest on', () => {
    const report = JSON.parse(renderReport(reportOf(csXray())).json);
    expect(report).toMatchObject({
      schema: 'transfer-evidence/report',
      version: 1,
      chosen: 'radimagenet',
      decision: { state: 'answer_needed', gate: 'fail' },
      choice: { verdict: 'tied', against: 'ecoset' },
    });
    expect(report.claims.map((claim: { id: string; verdict: string }) => [claim.id, claim.verdict])).toEqual([
      ['C1', 'supported'],
      ['C2', 'contradicted'],
      ['C3', 'inconclusive'],
      ['C4', 'untestable'],
    ]);
    expect(report.claims[0].nullHalfWidth).toBe(0.004);
    expect(report.ranking[0].groups[0].members).toContain('scratch');
  });
});

describe('the text for a terminal', () => {
  it('gives verdict, action and claims without markup, at most 100 characters wide', () => {
    const { text } = renderReport(reportOf(csXray()));
    expect(text.split('\n')[0]).toBe(
      '❌ radimagenet for cs-xray: tied with ecoset; claim C2 contradicted, answer needed',
    );
    expect(text).toContain('To merge: Add a response: to claim C2');
    expect(text).not.toMatch(/\*\*|<sub>|&#8203;|```/);
    for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(100);
  });

  it('does not let a manifest steer the terminal', () => {
    const scene = csXray();
    scene.manifest.target.name = 'films\u001B]0;x\u0007\u001B[2J';
    expect(renderReport(reportOf(scene)).text).not.toMatch(/(?!\n)\p{Cc}/u);
  });
});

describe('the HTML report', () => {
  it('loads nothing and runs nothing', () => {
    const { html } = renderReport(reportOf(catsNotScans()));
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|<link|src=|url\(|@import/);
    expect(html).toContain('<svg');
  });
});

describe('the chart', () => {
  it('puts the closest source on the right and the best on top', () => {
    const { points } = quadrantChart(catsNotScans().evidence)!;
    const isic = points.find(({ label }) => label === 'isic')!;
    const imagenet = points.find(({ label }) => label === 'imagenet')!;
    expect(isic.similarity).toBeGreaterThan(imagenet.similarity);
    expect(isic.performance).toBeLessThan(imagenet.performance);
  });

  it('stretches noise over no more than half of an axis', () => {
    const { points } = quadrantChart(csXray().evidence)!;
    const heights = points.map(({ performance }) => performance);
    expect(Math.max(...heights) - Math.min(...heights)).toBeLessThan(0.4);
    expect(
      quadrantChart(sameTwice().evidence)!.points.every(
        ({ similarity, performance }) => similarity === 0.5 && performance === 0.5,
      ),
    ).toBe(true);
  });

  it('needs two candidates with both numbers', () => {
    expect(quadrantChart(imagesOnly().evidence)).toBeNull();
  });

  it('lets no label out of its quotes', () => {
    const text = mermaid({
      title: 'T',
      xAxis: ['a', 'b'],
      yAxis: ['c', 'd'],
      points: [{ label: 'x": [1, 1]\n%%{init}', similarity: 0.5, performance: 0.5 }],
    });
    expect(text.split('\n').at(-1)).toBe('  "x·: [1, 1] ···init·": [0.5, 0.5]');
  });
});

describe('whiskers', () => {
  it('draws an interval to scale', () => {
    expect(whiskers({ value: 0.5, low: 0.25, high: 0.75 }, { low: 0, high: 1 }, 9)).toBe('··━━●━━··');
    expect(whiskers({ value: 0, low: 0, high: 0 }, { low: 0, high: 0 }, 5)).toBe('··●··');
    expect(whiskers({ value: 2, low: -1, high: 3 }, { low: 0, high: 1 }, 5)).toBe('━━━━●');
  });
});
