import { compareFineTunes } from '../../src/probe/finetune/compare.ts';
import type { SeedScores } from '../../src/probe/finetune/seed-scores.ts';
import { estimateFrom } from '../../src/statistics/estimate.ts';
import { jackknife } from '../../src/statistics/jackknife.ts';
import { nadeauBengio } from '../../src/statistics/nadeau-bengio.ts';
import { play, type World } from '../helpers/fine-tune-world.ts';

/**
 * How often each rule for the interval of a fine-tuning comparison errs at a nominal 5 %, and how wide it is, in worlds
 * where the truth is known (see helpers/fine-tune-world.ts). Three tables: two equal learners (false differences), two
 * unequal learners (the interval misses the true difference, or finds none), and one learner's score (misses its mean).
 * Each cell: errors in % / mean half-width in points. Run: node __tests__/bench/finetune-intervals.ts [draws] [seeds …]
 */
const [draws = 100, ...seedCounts] = process.argv.slice(2).map(Number);

interface Interval {
  value: number;
  half: number;
}

/** image: jackknife alone. seeds: s² ÷ S alone. NB: Nadeau & Bengio, share ¼. max, sum: of image and seeds. */
const rules: Record<string, (scores: SeedScores) => Interval> = {
  image: ({ bySeed, without }) => interval(jackknife(mean(bySeed), without)),
  seeds: ({ bySeed }) => combined(bySeed, 0, 1, variance(bySeed) / bySeed.length),
  NB: ({ bySeed }) => interval(nadeauBengio(bySeed, 0.25)),
  max: ({ bySeed, without }) => {
    const image = jackknife(mean(bySeed), without);
    const excess = Math.max(0, variance(bySeed) / bySeed.length - image.standardError ** 2);
    return combined(bySeed, image.standardError ** 2, image.degreesOfFreedom, excess);
  },
  sum: ({ bySeed, without }) => {
    const image = jackknife(mean(bySeed), without);
    return combined(bySeed, image.standardError ** 2, image.degreesOfFreedom, variance(bySeed) / bySeed.length);
  },
};

const kinds: Omit<World, 'images' | 'seeds' | 'gap'>[] = [
  { classes: 2, metric: 'auc', groupSize: 1, training: 'quiet', shared: 0.5, signal: 1.5 },
  { classes: 3, metric: 'balanced_accuracy', groupSize: 1, training: 'noisy', shared: 0.5, signal: 2 },
  { classes: 4, metric: 'balanced_accuracy', groupSize: 1, training: 'quiet', shared: 0.7, signal: 2 },
  { classes: 2, metric: 'balanced_accuracy', groupSize: 4, training: 'noisy', shared: 0, signal: 1.5 },
  { classes: 4, metric: 'macro_auc', groupSize: 4, training: 'quiet', shared: 0, signal: 2 },
];

for (const gap of [0, 0.4])
  for (const seeds of seedCounts.length > 0 ? seedCounts : [3, 5, 10]) {
    const worlds = kinds.flatMap((kind) => [60, 200, 600].map((images): World => ({ ...kind, images, seeds, gap })));
    // 60 images in groups of 4 leave too few groups of each of 4 classes to divide.
    report(worlds.filter(({ images, classes, groupSize }) => images / groupSize / classes >= 5));
  }

function report(worlds: readonly World[]): void {
  const { seeds, gap } = worlds[0]!;
  const names = [...Object.keys(rules), 'ours'];
  const heading = gap === 0 ? 'two equal learners: false differences' : 'two unequal learners: misses of the truth';
  console.log(`\n${seeds} seeds, ${heading}; then misses of one learner's mean score by our interval`);
  console.log(
    [''.padEnd(56), 'score', ' gap', ...names.map((name) => name.padStart(11)), '   found', '   score'].join(' '),
  );
  for (const world of worlds) {
    const played = Array.from({ length: draws }, (_, draw) => intervalsOf(world, draw));
    const truth = gap === 0 ? 0 : mean(played.map(({ ours }) => ours.value));
    const scoreTruth = mean(played.map(({ score }) => score.value));
    const cells = names.map((name) => {
      const own = played.map(({ ours, others }) => others[name] ?? ours);
      return `${percent(own.filter((one) => misses(one, truth)).length)}/${(100 * mean(own.map(({ half }) => half))).toFixed(1)}`;
    });
    const { classes, metric, groupSize, training, images } = world;
    const what = `${images} images, ${classes} classes, ${metric}, by ${groupSize}, ${training}`;
    console.log(
      [
        what.padEnd(56),
        (100 * scoreTruth).toFixed(0).padStart(5),
        (100 * truth).toFixed(1).padStart(4),
        ...cells.map((cell) => cell.padStart(11)),
        percent(played.filter(({ ours }) => misses(ours, 0)).length).padStart(8),
        percent(played.filter(({ score }) => misses(score, scoreTruth)).length).padStart(8),
      ].join(' '),
    );
  }
}

function intervalsOf(world: World, draw: number) {
  const { protocol, first, second, predictions } = play(world, draw);
  const [a, b] = predictions.map((own) => own.map((found, seedIndex) => ({ seedIndex, predictions: found })));
  const { scores, differences } = compareFineTunes({
    results: new Map([
      ['a', a!],
      ['b', b!],
    ]),
    protocol,
  });
  const difference: SeedScores = {
    bySeed: first.bySeed.map((score, i) => score - second.bySeed[i]!),
    without: first.without.map((score, i) => score - second.without[i]!),
  };
  return {
    ours: interval(differences.get('a\u0000b')!),
    score: interval(scores.get('a')!),
    others: Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, rule(difference)])),
  };
}

function combined(bySeed: Float64Array, image: number, imageFreedom: number, ofSeeds: number): Interval {
  const spread = image ** 2 / imageFreedom + ofSeeds ** 2 / (bySeed.length - 1);
  return interval(
    estimateFrom({
      value: mean(bySeed),
      standardError: Math.sqrt(image + ofSeeds),
      degreesOfFreedom: spread > 0 ? (image + ofSeeds) ** 2 / spread : bySeed.length - 1,
      method: 'bench',
    }),
  );
}

function interval({ value, high }: { value: number; high: number }): Interval {
  return { value, half: high - value };
}

function misses({ value, half }: Interval, truth: number): boolean {
  return Math.abs(value - truth) > half;
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;
}

function variance(values: Float64Array): number {
  const centre = mean(values);
  return values.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (values.length - 1);
}

function percent(count: number): string {
  return ((100 * count) / draws).toFixed(1);
}
