import type { Metric } from '../../src/evidence/schema.ts';
import { type FineTuneProtocol, type SeedScores, seedScores } from '../../src/probe/finetune/seed-scores.ts';
import { seedSplits } from '../../src/probe/finetune/splits.ts';
import { type Random, seededRandom } from '../../src/random.ts';

/**
 * A world in which it is known which of two learners is better: each sees its own ten features of every image, and
 * fits softmax regression by stochastic gradient descent on them, so that a run depends on its initial weights, its order
 * and its train images.
 */
export interface World {
  images: number;
  classes: number;
  seeds: number;
  metric: Metric;
  /** Images a group; of more than one, half of the noise is the group's. */
  groupSize: number;
  /** `noisy`: large initial weights, high learning rate, few epochs. */
  training: 'quiet' | 'noisy';
  /** Share of the noise that both learners see. */
  shared: number;
  /** Distance of a class's mean from 0, in standard deviations, as the first learner sees it. */
  signal: number;
  /** How much smaller it is for the second; 0 for equal learners. */
  gap: number;
}

/** What both learners got in one fresh draw of the world, and their protocol. */
export interface Played {
  protocol: FineTuneProtocol;
  first: SeedScores;
  second: SeedScores;
  predictions: [first: number[][], second: number[][]];
}

const columns = 10;

export function play(world: World, seed: number): Played {
  const random = seededRandom(seed, 'fine-tune world', JSON.stringify(world));
  const { labels, groups, features } = draw(world, random);
  const { classes, seeds, metric } = world;
  const task = classes === 2 ? 'binary' : 'multiclass';
  const splits = seedSplits({ labels, groups, classes, seeds, seed, multilabel: false });
  const protocol: FineTuneProtocol = { labels, groups, classes, task, metric, splits };
  const truth = labels.map(([label]) => label!);
  const [a, b] = features.map((own) => splits.map(({ train, test }) => learn(world, own, truth, train, test, random)));
  return { protocol, first: seedScores(protocol, a!), second: seedScores(protocol, b!), predictions: [a!, b!] };
}

function draw({ images, classes, groupSize, shared, signal, gap }: World, random: Random) {
  const labels: number[][] = [];
  const groups: string[] = [];
  const features = [new Float64Array(images * columns), new Float64Array(images * columns)];
  const [ofGroup, ofImage] = groupSize > 1 ? [Math.SQRT1_2, Math.SQRT1_2] : [0, 1];
  const views = features.length + 1;
  for (let image = 0; image < images; ) {
    const name = groups.length / groupSize;
    const label = name % classes;
    const common = Float64Array.from({ length: views * columns }, () => ofGroup * random.normal());
    for (let member = 0; member < groupSize && image < images; member++, image++) {
      labels.push([label]);
      groups.push(`group ${name}`);
      for (let j = 0; j < columns; j++) {
        const noise = (view: number) => common[view * columns + j]! + ofImage * random.normal();
        const both = Math.sqrt(shared) * noise(0);
        features.forEach((own, learner) => {
          const mean = j === label ? signal - learner * gap : 0;
          own[image * columns + j] = both + Math.sqrt(1 - shared) * noise(learner + 1) + mean;
        });
      }
    }
  }
  return { labels, groups, features };
}

/** Probabilities of the test images, as a run records them: one an image for two classes, rounded to 5 decimals. */
function learn(
  { classes, training }: World,
  features: Float64Array,
  truth: readonly number[],
  train: readonly number[],
  test: readonly number[],
  random: Random,
): number[] {
  const { scale, rate, epochs } =
    training === 'noisy' ? { scale: 1, rate: 0.3, epochs: 3 } : { scale: 0.05, rate: 0.05, epochs: 8 };
  const row = columns + 1;
  const weights = Float64Array.from({ length: classes * row }, () => scale * random.normal());
  const found = new Float64Array(classes);
  const predict = (image: number) => {
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      let logit = weights[c * row + columns]!;
      for (let j = 0; j < columns; j++) logit += weights[c * row + j]! * features[image * columns + j]!;
      found[c] = Math.exp(logit);
      sum += found[c]!;
    }
    for (let c = 0; c < classes; c++) found[c] = found[c]! / sum;
  };
  for (let epoch = 0; epoch < epochs; epoch++)
    for (const image of random.shuffled(train)) {
      predict(image);
      for (let c = 0; c < classes; c++) {
        const step = rate * (1 - epoch / epochs) * (found[c]! - Number(truth[image] === c));
        for (let j = 0; j < columns; j++)
          weights[c * row + j] = weights[c * row + j]! - step * features[image * columns + j]!;
        weights[c * row + columns] = weights[c * row + columns]! - step;
      }
    }
  return test.flatMap((image) => {
    predict(image);
    return (classes === 2 ? [found[1]!] : [...found]).map((p) => Math.round(p * 1e5) / 1e5);
  });
}
