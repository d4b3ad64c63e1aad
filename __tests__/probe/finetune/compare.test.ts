import { describe, expect, it } from 'vitest';
import { compareFineTunes } from '../../../src/probe/finetune/compare.ts';
import { seedInterval } from '../../../src/probe/finetune/interval.ts';
import { type FineTuneProtocol, seedScores } from '../../../src/probe/finetune/seed-scores.ts';
import { seedSplits } from '../../../src/probe/finetune/splits.ts';
import { scoreOf } from '../../../src/probe/metrics.ts';
import { seededRandom } from '../../../src/random.ts';
import { tQuantile } from '../../../src/statistics/estimate.ts';
import { play, type World } from '../../helpers/fine-tune-world.ts';

const refused = expect.objectContaining({ code: 'measure-refused' });
const shape = expect.objectContaining({ code: 'shape-mismatch' });

function protocolOf(images: number, seeds: number, groupSize = 1): FineTuneProtocol {
  const labels = Array.from({ length: images }, (_, i) => [Math.floor(i / groupSize) % 2]);
  const groups = labels.map((_, i) => `patient ${Math.floor(i / groupSize)}`);
  const splits = seedSplits({ labels, groups, classes: 2, seeds, seed: 2, multilabel: false });
  return { labels, groups, classes: 2, task: 'binary', metric: 'balanced_accuracy', splits };
}

/** Runs that are right on so large a share of the images. */
function runsOf({ labels, splits }: FineTuneProtocol, right: number, seed: number) {
  const random = seededRandom(seed, 'runs');
  return splits.map(({ seedIndex, test }) => ({
    seedIndex,
    predictions: test.map((image) => Math.abs(labels[image]![0]! - (random.next() < right ? 0.1 : 0.9))),
  }));
}

describe('scores of seeds', () => {
  it('are one a seed, and the mean over seeds without each tested group', () => {
    const protocol = protocolOf(80, 3, 2);
    const predictions = runsOf(protocol, 0.7, 1).map((run) => run.predictions);
    const { bySeed, without } = seedScores(protocol, predictions);
    const scored = (keep: (image: number) => boolean) =>
      protocol.splits.map(({ test }, seed) => {
        const kept = test.map((image, i) => ({ image, p: predictions[seed]![i]! })).filter(({ image }) => keep(image));
        const labels = kept.map(({ image }) => protocol.labels[image]!);
        return scoreOf('balanced_accuracy', { ...protocol, labels, probabilities: kept.map(({ p }) => p) }).score;
      });
    expect([...bySeed]).toEqual(scored(() => true));
    const names = [...new Set(protocol.splits.flatMap(({ test }) => test.map((image) => protocol.groups[image]!)))];
    expect(without).toHaveLength(names.length);
    names.forEach((name, g) => {
      const rest = scored((image) => protocol.groups[image] !== name);
      expect(without[g]).toBeCloseTo(rest.reduce((sum, x) => sum + x, 0) / 3, 12);
    });
  });

  it('take a group out of every seed that tests it', () => {
    const protocol = protocolOf(40, 10);
    const predictions = runsOf(protocol, 0.7, 1).map((run) => run.predictions);
    expect(seedScores(protocol, predictions).without).toHaveLength(40);
  });

  it('leave a seed out of the mean that cannot be scored without a group', () => {
    const labels = [[1], [0], [0], [1], [1], [0]];
    const splits = [
      { seedIndex: 0, train: [], validation: [], test: [0, 1, 2] },
      { seedIndex: 1, train: [], validation: [], test: [3, 4, 5] },
    ];
    const groups = ['a', 'b', 'c', 'd', 'e', 'f'];
    const protocol: FineTuneProtocol = { labels, groups, classes: 2, task: 'binary', metric: 'auc', splits };
    const { bySeed, without } = seedScores(protocol, [
      [0.5, 0.4, 0.6],
      [0.9, 0.1, 0.3],
    ]);
    expect([...bySeed]).toEqual([0.5, 0.5]);
    expect([...without]).toEqual([0.5, 0.25, 0.75, 0.25, 0.75, 0.5]);
  });

  it('need one run a seed and one row a test image', () => {
    const protocol = protocolOf(40, 3);
    const predictions = runsOf(protocol, 0.7, 1).map((run) => run.predictions);
    expect(() => seedScores(protocol, predictions.slice(1))).toThrowError(shape);
    expect(() => seedScores(protocol, [predictions[0]!, predictions[1]!, [0.5]])).toThrowError(shape);
  });
});

describe('the interval over seeds', () => {
  const without = Float64Array.of(0.1, 0.14, 0.06, 0.1);
  // Delete-one: 3 ÷ 4 · (0.04² + 0.04²).
  const ofImages = 0.75 * 2 * 0.04 ** 2;

  it('adds the variance of images to that of seeds', () => {
    const { value, standardError, degreesOfFreedom } = seedInterval(
      { bySeed: Float64Array.of(0.07, 0.1, 0.13), without },
      0,
    );
    const ofSeeds = 0.03 ** 2 / 3;
    expect(value).toBeCloseTo(0.1, 14);
    expect(standardError).toBeCloseTo(Math.sqrt(ofImages + ofSeeds), 14);
    expect(degreesOfFreedom).toBeCloseTo((ofImages + ofSeeds) ** 2 / (ofImages ** 2 / 3 + ofSeeds ** 2 / 2), 10);
  });

  it('divides the variance of seeds by no more than the test sets that are disjoint', () => {
    const bySeed = Float64Array.from({ length: 20 }, (_, seed) => (seed % 2 ? 0.13 : 0.07));
    const variance = (20 * 0.03 ** 2) / 19;
    expect(seedInterval({ bySeed, without }, 0).standardError).toBeCloseTo(Math.sqrt(ofImages + variance / 5), 14);
  });

  it('is as wide as asked where seeds and images show no variance', () => {
    const same = { bySeed: Float64Array.of(0.1, 0.1, 0.1), without: new Float64Array(4).fill(0.1) };
    const { low, high, degreesOfFreedom, method } = seedInterval(same, 0.05);
    expect([low, high]).toEqual([expect.closeTo(0.05, 12), expect.closeTo(0.15, 12)]);
    expect(degreesOfFreedom).toBe(2);
    expect(method).toMatch(/rule of three/);
  });

  it('refuses one seed', () => {
    expect(() => seedInterval({ bySeed: Float64Array.of(0.1), without }, 0)).toThrowError(refused);
  });
});

describe('the comparison of fine-tuned subjects', () => {
  const protocol = protocolOf(200, 5);
  const results = new Map([
    ['a', runsOf(protocol, 0.9, 1)],
    ['b', runsOf(protocol, 0.6, 2)],
    ['c', runsOf(protocol, 0.6, 3)],
  ]);

  it('gives every unordered pair once, as subject − object', () => {
    const { scores, differences } = compareFineTunes({ results, protocol });
    expect([...differences.keys()]).toEqual(['a\u0000b', 'a\u0000c', 'b\u0000c']);
    const [a, b] = [scores.get('a')!, scores.get('b')!];
    expect(differences.get('a\u0000b')!.value).toBeCloseTo(a.value - b.value, 12);
    expect(differences.get('a\u0000b')!.low).toBeGreaterThan(0.1);
    expect(Math.abs(a.value - 0.9)).toBeLessThan(0.06);
  });

  it('is the interval of paired scores', () => {
    const [a, b] = ['a', 'b'].map((id) =>
      seedScores(
        protocol,
        results.get(id)!.map((run) => run.predictions),
      ),
    );
    const paired = {
      bySeed: a!.bySeed.map((x, i) => x - b!.bySeed[i]!),
      without: a!.without.map((x, i) => x - b!.without[i]!),
    };
    const { differences, scores } = compareFineTunes({ results, protocol });
    expect(differences.get('a\u0000b')).toEqual(seedInterval(paired, 3 / 200));
    expect(scores.get('a')).toEqual(seedInterval(a!, 3 / 200));
  });

  it('finds no difference between two names of one subject, and is sure of it', () => {
    const twins = new Map([
      ['x', results.get('a')!],
      ['y', results.get('a')!.map((run) => ({ ...run, predictions: [...run.predictions] }))],
    ]);
    const { differences } = compareFineTunes({ results: twins, protocol });
    expect(differences.get('x\u0000y')).toMatchObject({ value: 0, standardError: 0, low: 0, high: 0 });
  });

  it('is not sure of a tie of other predictions with the same scores, and counts tested groups only', () => {
    const few = protocolOf(200, 3, 2);
    const perfect = (p: number) =>
      few.splits.map(({ seedIndex, test }) => ({
        seedIndex,
        predictions: test.map((image) => (few.labels[image]![0] ? p : 1 - p)),
      }));
    const { differences } = compareFineTunes({
      results: new Map([
        ['x', perfect(0.9)],
        ['y', perfect(0.8)],
      ]),
      protocol: few,
    });
    const { value, high, degreesOfFreedom, standardError } = differences.get('x\u0000y')!;
    expect(value).toBe(0);
    // 3 of 5 parts of 100 groups.
    expect(high).toBeCloseTo(3 / 60, 12);
    expect(tQuantile(0.975, degreesOfFreedom) * standardError).toBeCloseTo(high, 12);
  });

  it('asks for the runs of the same seeds in the same order', () => {
    const [first, second, ...others] = results.get('a')!;
    for (const runs of [[second!, first!, ...others], [first!], []])
      expect(() => compareFineTunes({ results: new Map([['a', runs]]), protocol })).toThrowError(shape);
  });
});

describe('in a world where the truth is known, the comparison', { timeout: 60_000 }, () => {
  const equal: World = {
    images: 120,
    classes: 2,
    seeds: 5,
    metric: 'balanced_accuracy',
    groupSize: 4,
    training: 'noisy',
    shared: 0,
    signal: 1.5,
    gap: 0,
  };
  const draws = 200;

  const estimates = (world: World) =>
    Array.from({ length: draws }, (_, draw) => {
      const { protocol, predictions } = play(world, draw);
      const [a, b] = predictions.map((own) => own.map((found, seedIndex) => ({ seedIndex, predictions: found })));
      const results = new Map([
        ['a', a!],
        ['b', b!],
      ]);
      return compareFineTunes({ results, protocol }).differences.get('a\u0000b')!;
    });
  const missed = (found: ReturnType<typeof estimates>, truth: number) =>
    found.filter(({ low, high }) => low > truth || high < truth).length / draws;

  it.each([3, 5, 10])('seldom calls equal learners different, with %i seeds', (seeds) => {
    const found = estimates({ ...equal, seeds });
    expect(missed(found, 0)).toBeLessThanOrEqual(0.05);
    // And is not so wide that it could not: about as wide as the estimates scatter, times t.
    const spread = Math.sqrt(found.reduce((sum, { value }) => sum + value ** 2, 0) / draws);
    const width = found.reduce((sum, { high, value }) => sum + high - value, 0) / draws;
    expect(width / spread).toBeGreaterThan(1.96);
    expect(width / spread).toBeLessThan(4);
  });

  it('holds the true difference of unequal learners, and finds it with enough images', () => {
    const found = estimates({ ...equal, images: 400, groupSize: 1, gap: 0.8 });
    const truth = found.reduce((sum, { value }) => sum + value, 0) / draws;
    expect(truth).toBeGreaterThan(0.1);
    expect(missed(found, truth)).toBeLessThanOrEqual(0.05);
    expect(missed(found, 0)).toBeGreaterThan(0.8);
  });
});
