import { type Matrix, matrix } from '../../src/matrix.ts';
import type { ProbeProtocol } from '../../src/probe/protocol.ts';
import { groupedStratifiedFolds } from '../../src/probe/splits.ts';
import { seededRandom } from '../../src/random.ts';

/** A protocol over images of `classes` classes in turn, two images a group. */
export function probeProtocol(
  images: number,
  classes: number,
  overrides: Partial<ProbeProtocol> & { repeats?: number } = {},
): ProbeProtocol {
  const { repeats = 2, ...rest } = overrides;
  const labels = rest.labels ?? Array.from({ length: images }, (_, i) => [Math.floor(i / 2) % classes]);
  const groups = rest.groups ?? labels.map((_, i) => `patient ${Math.floor(i / 2)}`);
  const task = rest.task ?? (classes === 2 ? 'binary' : 'multiclass');
  const seed = rest.seed ?? 7;
  const splits = groupedStratifiedFolds({
    labels,
    groups,
    classes,
    folds: 5,
    repeats,
    seed,
    multilabel: task === 'multilabel',
  });
  return { metric: 'balanced_accuracy', configurations: 3, ...rest, labels, groups, classes, task, seed, splits };
}

/** Gaussian features that lean by `signal` standard deviations towards the image's classes in their first columns. */
export function probeFeatures(
  { labels }: ProbeProtocol,
  columns: number,
  signal: number,
  seed: number,
): Matrix<Float32Array> {
  const random = seededRandom(seed, 'probe features');
  const data = new Float32Array(labels.length * columns);
  labels.forEach((own, i) => {
    for (let j = 0; j < columns; j++) data[i * columns + j] = random.normal() + (own.includes(j) ? signal : 0);
  });
  return matrix(data, labels.length, columns);
}
