import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../../../src/matrix.ts';
import { collapsed } from '../../../src/probe/chance.ts';
import { costGrid, linearProbe, linearProbeSplit } from '../../../src/probe/linear/evaluate.ts';
import { balancedAccuracy } from '../../../src/probe/metrics.ts';
import { probeFeatures, probeProtocol } from '../../helpers/probe.ts';

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

describe('the linear probe', () => {
  it('is near what the best rule reaches on two Gaussians, and sure of nothing on noise', async () => {
    const protocol = probeProtocol(200, 2);
    // Two unit Gaussians whose means lie 2√2 apart: the best rule is right with probability Φ(√2) = 0.921.
    const clear = await linearProbe(probeFeatures(protocol, 2, 2, 1), protocol);
    expect(Math.abs(mean(clear.scores) - 0.921)).toBeLessThan(0.05);
    const noise = await linearProbe(probeFeatures(protocol, 30, 0, 2), protocol);
    expect(Math.abs(mean(noise.scores) - 0.5)).toBeLessThan(0.1);
    expect(clear.converged && noise.converged).toBe(true);
  });

  it('predicts every image once a repeat, and its scores are those of its predictions', async () => {
    const protocol = probeProtocol(90, 3);
    const { predictions, scores, configurations } = await linearProbe(probeFeatures(protocol, 200, 2, 3), protocol);
    expect(predictions).toMatchObject({ repeats: 2, images: 90, outputs: 3 });
    expect(predictions.classes).toHaveLength(180);
    for (let i = 0; i < 180; i++)
      expect(predictions.probabilities.slice(i * 3, i * 3 + 3).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
    protocol.splits.forEach(({ repeat, test }, index) => {
      const truth = test.map((image) => protocol.labels[image]![0]!);
      const found = test.map((image) => predictions.classes![repeat * 90 + image]!);
      expect(scores[index]).toBeCloseTo(balancedAccuracy(truth, found, 3), 12);
      expect(costGrid(3)).toContain(configurations[index]);
    });
  });

  it('sees nothing of the test images: neither their labels nor their features move the fit', async () => {
    const protocol = probeProtocol(60, 2);
    const features = probeFeatures(protocol, 20, 1, 4);
    const { test } = protocol.splits[0]!;
    const before = await linearProbeSplit(features, protocol, 0);
    const labels = protocol.labels.map((own, image) => (test.includes(image) ? [1 - own[0]!] : own));
    expect((await linearProbeSplit(features, { ...protocol, labels }, 0)).probabilities).toEqual(before.probabilities);
    const data = features.data.slice();
    data.fill(1000, test[0]! * 20, test[0]! * 20 + 20);
    const after = await linearProbeSplit(matrix(data, 60, 20), protocol, 0);
    expect(after.probabilities.slice(1)).toEqual(before.probabilities.slice(1));
    expect(after.probabilities[0]).not.toBe(before.probabilities[0]);
  });

  it('does not care about the scale or offset of a column, nor about columns that never vary', async () => {
    const protocol = probeProtocol(60, 2, { repeats: 1 });
    const features = probeFeatures(protocol, 12, 1, 5);
    const stretched = new Float64Array(60 * 14);
    for (let i = 0; i < 60; i++) {
      for (let j = 0; j < 12; j++) stretched[i * 14 + j] = features.data[i * 12 + j]! * 10 ** (j - 6) + j;
      stretched[i * 14 + 13] = 4.2;
    }
    const [a, b] = [await linearProbe(features, protocol), await linearProbe(matrix(stretched, 60, 14), protocol)];
    expect(b.configurations).toEqual(a.configurations);
    b.predictions.probabilities.forEach((p, at) => {
      expect(Math.abs(p - a.predictions.probabilities[at]!)).toBeLessThan(2e-4);
    });
  });

  it('chooses strong regularisation on noise and weak on a clean signal', async () => {
    const protocol = probeProtocol(120, 2, { configurations: 5, repeats: 1 });
    const noise = await linearProbe(probeFeatures(protocol, 200, 0, 6), protocol);
    const clean = await linearProbe(probeFeatures(protocol, 2, 12, 6), protocol);
    expect(Math.max(...noise.configurations)).toBeLessThanOrEqual(0.01);
    expect(Math.min(...clean.configurations)).toBeGreaterThanOrEqual(1);
  });

  it('scores several labels an image by macro AUC', async () => {
    const labels = Array.from({ length: 120 }, (_, i) => [0, 1, 2].filter((label) => (i >> label) % 2 === 1));
    const groups = labels.map((_, i) => `${i}`);
    const protocol = probeProtocol(120, 3, { labels, groups, task: 'multilabel', metric: 'macro_auc', repeats: 1 });
    const result = await linearProbe(probeFeatures(protocol, 40, 3, 8), protocol);
    expect(mean(result.scores)).toBeGreaterThan(0.85);
    expect(result.predictions.classes).toBeNull();
    expect(result.predictions.outputs).toBe(3);
  });

  it('of dead features is chance, converges and counts as collapsed', async () => {
    const protocol = probeProtocol(60, 3, { repeats: 1 });
    const dead: Matrix = matrix(new Float32Array(60 * 10), 60, 10);
    const result = await linearProbe(dead, protocol);
    expect(mean(result.scores)).toBeCloseTo(1 / 3, 6);
    expect(result.converged).toBe(true);
    expect(collapsed(result)).toBe(true);
    expect(collapsed(await linearProbe(probeFeatures(protocol, 10, 3, 9), protocol))).toBe(false);
    expect(collapsed(await linearProbe(dead, { ...protocol, metric: 'macro_auc' }))).toBe(true);
  });

  it('refuses features that are not finite or not one row an image', async () => {
    const protocol = probeProtocol(60, 2);
    const features = probeFeatures(protocol, 4, 1, 1);
    features.data[9] = Number.NaN;
    await expect(linearProbe(features, protocol)).rejects.toMatchObject({ code: 'measure-refused' });
    await expect(linearProbe(features, protocol)).rejects.toThrow(/row 2, column 1/);
    await expect(linearProbe(matrix(new Float32Array(8), 2, 4), protocol)).rejects.toMatchObject({
      code: 'shape-mismatch',
    });
  });
});

describe('the grid of C', () => {
  it('is even in the logarithm from 0.001 to 10', () => {
    expect(costGrid(5).map((c) => Number(c.toPrecision(12)))).toEqual([0.001, 0.01, 0.1, 1, 10]);
    expect(costGrid(1)).toEqual([0.1]);
    expect(costGrid(9)).toHaveLength(9);
  });
});
