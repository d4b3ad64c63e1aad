import { describe, expect, it } from 'vitest';
import { atLevel, estimateFrom, tQuantile } from '../../src/statistics/estimate.ts';
import { holm } from '../../src/statistics/holm.ts';
import { nadeauBengio } from '../../src/statistics/nadeau-bengio.ts';
import { pValue } from '../../src/statistics/p-value.ts';
import { expectGolden, readGolden } from '../helpers/golden.ts';

interface PairedT {
  t: number;
  df: number;
  p: number;
  ci95: [number, number];
}

const golden = readGolden<
  { paired10: number[]; paired6: number[]; pvalues: number[]; t_quantiles: [number, number][] },
  {
    t_paired10: PairedT;
    t_paired6: PairedT;
    nadeau_bengio_800_200: PairedT & { se: number; ci90: [number, number] };
    tost_margin_0_02: { p_lower: number; p_upper: number };
    holm: number[];
    t_quantiles: number[];
  }
>('statistics');
const { inputs, expected } = golden;

describe('statistics agree with scipy and statsmodels', () => {
  it('gives Student t quantiles', () => {
    inputs.t_quantiles.forEach(([p, df], i) => {
      expectGolden(tQuantile(p, df), expected.t_quantiles[i]!, golden);
    });
  });

  it.each(['paired10', 'paired6'] as const)('gives the t interval and p of %s', (name) => {
    const values = inputs[name];
    const paired = expected[`t_${name}`];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    const estimate = estimateFrom({
      value: mean,
      standardError: Math.sqrt(variance / values.length),
      degreesOfFreedom: paired.df,
      method: 'paired t',
    });
    expectGolden(estimate.low, paired.ci95[0], golden);
    expectGolden(estimate.high, paired.ci95[1], golden);
    expectGolden(pValue(estimate, 0), paired.p, golden);
  });

  it('gives the Nadeau–Bengio interval at 95 % and 90 %, and its p', () => {
    const estimate = nadeauBengio(Float64Array.from(inputs.paired10), 200 / 800);
    const { se, df, p, ci95, ci90 } = expected.nadeau_bengio_800_200;
    expectGolden(estimate.standardError, se, golden);
    expect(estimate.degreesOfFreedom).toBe(df);
    expectGolden(estimate.low, ci95[0], golden);
    expectGolden(estimate.high, ci95[1], golden);
    expectGolden(pValue(estimate), p, golden);
    const narrower = atLevel(estimate, 0.9);
    expectGolden(narrower.low, ci90[0], golden);
    expectGolden(narrower.high, ci90[1], golden);
  });

  it('gives both one-sided p-values of an equivalence test from the two-sided ones at its margins', () => {
    const estimate = nadeauBengio(Float64Array.from(inputs.paired10), 200 / 800);
    expectGolden(pValue(estimate, -0.02) / 2, expected.tost_margin_0_02.p_lower, golden);
    expectGolden(pValue(estimate, 0.02) / 2, expected.tost_margin_0_02.p_upper, golden);
  });

  it('adjusts p-values by Holm', () => {
    holm(inputs.pvalues).forEach((value, i) => {
      expectGolden(value, expected.holm[i]!, golden);
    });
  });
});
