import { describe, expect, it } from 'vitest';
import { confidentJoint } from '../../../src/dataset/properties/confident-joint.ts';
import { type LabelIssueRequest, labelIssues } from '../../../src/dataset/properties/label-issues.ts';
import { seededRandom } from '../../../src/random.ts';
import { wilson } from '../../../src/statistics/wilson.ts';

describe('the confident joint', () => {
  // By hand: t₀ = (.9 + .6 + .3)/3 = .6, t₁ = (.8 + .45 + .1)/3 = .45.
  const labels = [0, 0, 0, 1, 1, 1];
  const probabilities = [0.9, 0.1, 0.6, 0.4, 0.3, 0.7, 0.2, 0.8, 0.55, 0.45, 0.9, 0.1];

  it('has the mean self-confidence of each class as its threshold', () => {
    const { thresholds } = confidentJoint(labels, probabilities, 2);
    expect(thresholds[0]).toBeCloseTo(0.6, 12);
    expect(thresholds[1]).toBeCloseTo(0.45, 12);
  });

  it('counts each image under the most probable class whose threshold it reaches', () => {
    // The fifth image is more probably class 0, but only class 1 reaches its threshold.
    const { counts, flagged } = confidentJoint(labels, probabilities, 2);
    expect([...counts]).toEqual([2, 1, 1, 2]);
    expect(flagged).toEqual([2, 5]);
  });

  it('does not count an image that reaches no threshold', () => {
    const { counts, flagged } = confidentJoint([0, 0, 1, 1], [0.9, 0.1, 0.55, 0.45, 0.1, 0.9, 0.5, 0.5], 2);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(flagged).toEqual([]);
  });

  it('refuses a class without images', () => {
    expect(() => confidentJoint([0, 0], [1, 0, 1, 0], 2)).toThrow(expect.objectContaining({ code: 'measure-refused' }));
  });
});

/** A good classifier's probabilities for three classes, and labels of which some are turned. */
function world({ n = 300, turned = 0.1, seed = 1, sure = 3 }) {
  const random = seededRandom(seed, 'labels');
  const truth = Array.from({ length: n }, (_, at) => at % 3);
  const labels = truth.map((label) => (random.next() < turned ? (label + 1 + random.integer(2)) % 3 : label));
  const probabilities = truth.flatMap((label) => {
    const weights = [0, 1, 2].map((k) => Math.exp((k === label ? sure : 0) + random.normal()));
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / sum);
  });
  const wrong = labels.filter((label, at) => label !== truth[at]).length;
  return { labels, probabilities, wrong, n };
}

function request({ labels, probabilities, n }: ReturnType<typeof world>, rest: Partial<LabelIssueRequest> = {}) {
  return labelIssues({
    labels: labels.map((label) => [label]),
    groups: labels.map((_, at) => String(at)),
    classes: ['a', 'b', 'c'],
    task: 'multiclass',
    predictions: { repeats: 1, images: n, outputs: 3, probabilities },
    model: 'imagenet',
    ...rest,
  });
}

describe('labels in doubt', () => {
  it('are about as many as were turned, and few when none were', () => {
    const dirty = world({ turned: 0.1 });
    const found = request(dirty);
    expect(Math.abs(found.value! - dirty.wrong / dirty.n)).toBeLessThan(0.05);
    expect(found.low).toBeLessThan(dirty.wrong / dirty.n);
    expect(found.high).toBeGreaterThan(dirty.wrong / dirty.n);
    expect(request(world({ turned: 0 })).value).toBeLessThan(0.03);
  });

  it('state their false-alarm share and never pass for clean by the estimate alone', () => {
    const found = request(world({ turned: 0, n: 60 }));
    expect(found.details.falseAlarmShare).toBe(0.49);
    expect(found.details.agreement).toBeGreaterThan(0.9);
    // With 60 images even no flag at all leaves open 6 %.
    expect(found.details.clean).toBe(false);
  });

  it('have an interval by groups, not by images', () => {
    const { labels, probabilities, wrong, n } = world({ turned: 0.1 });
    const tens = labels.map((_, at) => String(Math.floor(at / 10)));
    const found = request({ labels, probabilities, wrong, n }, { groups: tens });
    const { low, high } = wilson(found.value! * 30, 30);
    expect([found.low, found.high]).toEqual([low, high]);
    expect(found.high! - found.low!).toBeGreaterThan(
      2 * (request({ labels, probabilities, wrong, n }).high! - request({ labels, probabilities, wrong, n }).low!),
    );
  });

  it('are the same whether binary probabilities come in one column or two, and average over repeats', () => {
    const truth = Array.from({ length: 40 }, (_, at) => at % 2);
    const labels = truth.map((label, at) => (at === 7 || at === 20 ? 1 - label : label));
    const random = seededRandom(2, 'binary');
    const second = truth.map((label) =>
      Math.min(0.99, Math.max(0.01, 0.5 + (label - 0.5) * 0.6 + 0.2 * random.normal())),
    );
    const both = second.flatMap((p) => [1 - p, p]);
    const { flagged } = confidentJoint(labels, both, 2);
    const shifted = second.flatMap((p) => [p + 0.01]).concat(second.map((p) => p - 0.01));
    const found = labelIssues({
      labels: labels.map((label) => [label]),
      groups: labels.map((_, at) => String(at)),
      classes: ['no', 'yes'],
      task: 'binary',
      predictions: { repeats: 2, images: 40, outputs: 1, probabilities: shifted },
      model: 'm',
    });
    expect(found.details.flagged).toBe(flagged.length);
    expect(flagged.length).toBeGreaterThan(0);
  });

  it('take each label against its absence where an image has several', () => {
    const n = 60;
    const labels = Array.from({ length: n }, (_, at) => [...(at % 2 ? [0] : []), ...(at % 3 ? [] : [1])]);
    const probabilities = labels.flatMap((own) => [own.includes(0) ? 0.9 : 0.1, own.includes(1) ? 0.8 : 0.2]);
    // Image 7 carries label 0, and is held not to.
    probabilities[14] = 0.05;
    const found = labelIssues({
      labels,
      groups: labels.map((_, at) => String(at)),
      classes: ['a', 'b'],
      task: 'multilabel',
      predictions: { repeats: 1, images: n, outputs: 2, probabilities },
      model: 'm',
    });
    expect(found.details.flagged).toBe(1);
    expect(found.value).toBeCloseTo(1 / 120, 12);
  });

  it('are refused for few groups and for a model that is often wrong itself', () => {
    const few = request(world({ n: 24 }));
    expect([few.value, few.refused]).toEqual([null, expect.stringContaining('at least 30 groups')]);
    // Every label is true, and more than a fifth is flagged all the same.
    const weak = world({ turned: 0, sure: 0.7 });
    expect(confidentJoint(weak.labels, weak.probabilities, 3).flagged.length).toBeGreaterThan(60);
    expect(request(weak)).toMatchObject({
      value: null,
      refused: expect.stringMatching(/gives 5\d % of the labels right/),
    });
  });
});
