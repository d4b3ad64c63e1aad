import { describe, expect, it } from 'vitest';
import { matrix, selectRows } from '../../src/matrix.ts';
import { transferabilityMeasures } from '../../src/measures.ts';
import { seededRandom } from '../../src/random.ts';
import {
  accuracyOf,
  pairedP,
  readsSourceHead,
  type ScoreRequest,
  scoreCandidate,
  scoreDifference,
  scoreEstimate,
  scoreValue,
  shuffledP,
} from '../../src/transferability/compare.ts';
import { gbc } from '../../src/transferability/gbc.ts';
import { knn } from '../../src/transferability/knn.ts';
import { leep } from '../../src/transferability/leep.ts';
import { logMe } from '../../src/transferability/log-me.ts';
import { nce } from '../../src/transferability/nce.ts';
import { nleep } from '../../src/transferability/nleep.ts';
import { parc } from '../../src/transferability/parc.ts';
import { regularisedHScore } from '../../src/transferability/regularised-h-score.ts';
import { labelledSet, softmaxRows } from '../helpers/labelled.ts';
import { normalRows } from '../helpers/sets.ts';

const refused = expect.objectContaining({ code: 'measure-refused' });
const set = labelledSet({ perClass: 55, classes: 2, columns: 12, apart: 1.5, seed: 3 });
const groups = set.labels.map((_, i) => `p${i}`);
const request = (
  measure: ScoreRequest['measure'],
  { features = set.features, ...rest }: Partial<ScoreRequest> = {},
): ScoreRequest => ({
  measure,
  features: readsSourceHead(measure) ? softmaxRows(features) : features,
  labels: set.labels,
  groups,
  seed: 1,
  ...rest,
});
const probabilities = softmaxRows(set.features);
const sourceLabels = set.labels.map((_, row) => {
  const own = [...set.features.data.subarray(row * 12, (row + 1) * 12)];
  return own.indexOf(own.reduce((most, value) => Math.max(most, value)));
});

const alone: Record<ScoreRequest['measure'], () => Promise<number> | number> = {
  'transferability.knn': async () => (await knn(set.features, set.labels)).balancedAccuracy,
  'transferability.logme': async () => (await logMe(set.features, set.labels)).score,
  'transferability.parc': async () => await parc(set.features, set.labels),
  'transferability.nleep': async () => (await nleep(set.features, set.labels, { seed: 1 })).score,
  'transferability.leep': () => leep(probabilities, set.labels),
  'transferability.nce': () => nce(sourceLabels, set.labels),
  'transferability.h_score': async () => (await regularisedHScore(set.features, set.labels)).score,
  'transferability.gbc': () => gbc(set.features, set.labels),
};

describe.each(transferabilityMeasures)('%s of a candidate', async (measure) => {
  const result = await scoreCandidate(request(measure));
  const estimate = scoreEstimate(result);

  it('is the measure’s own value, with an interval around it', async () => {
    expect(estimate.value).toBeCloseTo(await alone[measure](), 9);
    expect(await scoreValue(request(measure))).toBeCloseTo(estimate.value, 12);
    expect(estimate.low).toBeLessThan(estimate.value);
    expect(estimate.high).toBeGreaterThan(estimate.value);
  });

  it('lies above what shuffled labels give, and noise does not', async () => {
    expect(shuffledP(result)).toBe(1 / 40);
    const noise = await scoreCandidate(request(measure, { features: normalRows(110, 12, 5) }));
    expect(shuffledP(noise)).toBeGreaterThan(1 / 40);
  });

  it('is the same again, and as plain values', async () => {
    expect(JSON.parse(JSON.stringify(result))).toEqual(await scoreCandidate(request(measure)));
  });

  it('differs from another candidate’s by a paired interval, and from itself by nothing', async () => {
    const noise = await scoreCandidate(request(measure, { features: normalRows(110, 12, 5) }));
    const difference = scoreDifference(measure, ['a', result], ['b', noise]);
    expect(difference.value).toBeCloseTo(estimate.value - scoreEstimate(noise).value, 12);
    expect(difference.low).toBeGreaterThan(0);
    expect(scoreDifference(measure, ['b', noise], ['a', result]).value).toBeCloseTo(-difference.value, 12);
    expect(scoreDifference(measure, ['a', result], ['a', result])).toMatchObject({ value: 0, standardError: 0 });
  });

  it('leaves blocks out as if their images had never been there', async () => {
    // k-NN, LogME, LEEP, NCE, the H-score and GBC follow every image; PARC keeps its scaling and NLEEP its mixture.
    if (measure === 'transferability.parc' || measure === 'transferability.nleep') return;
    const without = [...Array(110).keys()].slice(11);
    const named = groups.map((_, i) => (i < 11 ? 'left' : `q${i % 9}`));
    const fewer = await scoreCandidate(
      request(measure, {
        features: selectRows(set.features, without),
        labels: without.map((row) => set.labels[row]!),
        groups: without.map((row) => named[row]!),
      }),
    );
    // Ten groups make ten blocks, and one of them is the group `left` alone.
    const { draws } = await scoreCandidate(request(measure, { groups: named }));
    expect(draws[0]!.leftOut.some((value) => Math.abs(value - fewer.draws[0]!.value) < 1e-9)).toBe(true);
  });
});

describe('scores of candidates', () => {
  it('with unequal numbers of features are compared unless they grow with it', async () => {
    const wide = { features: normalRows(110, 20, 5) };
    for (const measure of transferabilityMeasures) {
      const a = await scoreCandidate(request(measure));
      const b = await scoreCandidate(request(measure, wide));
      const compare = () => scoreDifference(measure, ['a', a], ['b', b]);
      if (measure === 'transferability.h_score' || measure === 'transferability.gbc')
        expect(compare).toThrow(/a has 12 and b 20/);
      else expect(compare().standardError).toBeGreaterThan(0);
    }
  });

  it('of a source head refuse what are no probabilities, saying what to do', async () => {
    for (const measure of ['transferability.leep', 'transferability.nce'] as const) {
      const logits = scoreCandidate({ ...request(measure), features: set.features });
      await expect(logits).rejects.toMatchObject({ code: 'measure-refused', message: /Apply softmax to logits/ });
      const few = set.labels.map((_, i) => (i < 19 ? 1 : 0));
      await expect(scoreCandidate(request(measure, { labels: few }))).rejects.toThrow(
        /at least 20 images of every class/,
      );
    }
  });

  it('are taken on at most 500 images, the same ones for all', async () => {
    const many = labelledSet({ perClass: 300, classes: 2, columns: 4 });
    const names = many.labels.map((_, i) => `p${i}`);
    const one = await scoreCandidate(request('transferability.logme', { ...many, groups: names }));
    expect(one.images).toBe(500);
    expect(scoreEstimate(one).value).not.toBe((await logMe(many.features, many.labels)).score);
    const twin = await scoreCandidate(request('transferability.logme', { ...many, groups: names }));
    expect(scoreDifference('transferability.logme', ['a', one], ['b', twin])).toMatchObject({ value: 0 });
  });

  it('have wider intervals when the same images come from fewer patients', async () => {
    const random = seededRandom(2, 'patients');
    const patients = Array.from({ length: 22 }, () => Array.from({ length: 12 }, () => 2 * random.normal()));
    const features = {
      ...set.features,
      data: set.features.data.map((x, at) => x + patients[Math.floor(at / 12) % 22]![at % 12]!),
    };
    const labels = set.labels.map((_, i) => (i % 22) % 2);
    const each = scoreEstimate(await scoreCandidate(request('transferability.logme', { features, labels })));
    const byPatient = scoreEstimate(
      await scoreCandidate(
        request('transferability.logme', { features, labels, groups: labels.map((_, i) => `p${i % 22}`) }),
      ),
    );
    expect(byPatient.standardError).toBeGreaterThan(1.3 * each.standardError);
  });

  it('are shuffled by patient, so that features of the patient alone are no sign of the class', async () => {
    // Features know the patient, and a patient has one class: any dealing of classes to patients is as easy.
    const labels = set.labels.map((_, i) => (i % 22 < 11 ? 0 : 1));
    const features = normalRows(22, 12, 9);
    const own = selectRows(
      features,
      labels.map((_, i) => i % 22),
    );
    const grouped = request('transferability.logme', {
      features: own,
      labels,
      groups: labels.map((_, i) => `p${i % 22}`),
    });
    expect(shuffledP(await scoreCandidate({ ...grouped, groups }))).toBe(1 / 40);
    expect(shuffledP(await scoreCandidate(grouped))).toBeGreaterThan(1 / 40);
  });

  it('refuse few images of a class, few groups, and a class that one block holds', async () => {
    const refusal = (rest: Partial<ScoreRequest>) =>
      expect(scoreCandidate(request('transferability.knn', rest))).rejects;
    await refusal({ labels: set.labels.map((_, i) => (i < 9 ? 1 : 0)) }).toThrow(
      /at least 10 images of every class; the rarest has 9/,
    );
    await refusal({ groups: groups.map((_, i) => `p${i % 4}`) }).toThrow(/at least 5 independent groups/);
    await refusal({
      labels: set.labels.map((_, i) => (i < 20 ? 1 : 0)),
      groups: groups.map((_, i) => (i < 20 ? 'a' : `p${i}`)),
    }).toThrow(refused);
    // More images would not help who has more than are drawn: 500.
    const labels = Array.from({ length: 2000 }, (_, i) => i % 20);
    const many = { features: matrix(new Float64Array(labels.length), labels.length, 1), labels };
    await refusal({ ...many, measure: 'transferability.nleep', groups: labels.map((_, i) => `p${i}`) }).toThrow(
      /at least 50 images of every class among the 500 of 2000 that scores are computed on/,
    );
    await refusal({ groups: ['a'] }).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
  });
});

describe('k-NN of candidates', async () => {
  const good = await scoreCandidate(request('transferability.knn'));
  const noise = await scoreCandidate(request('transferability.knn', { features: normalRows(110, 12, 5) }));

  it('has an accuracy with Wilson’s interval', async () => {
    const { accuracy, interval } = await knn(set.features, set.labels);
    expect(accuracyOf(good)).toEqual({ accuracy, ...interval });
    expect(accuracyOf(await scoreCandidate(request('transferability.logme')))).toBeUndefined();
  });

  it('is compared by McNemar’s test, unless images come in groups', async () => {
    expect(pairedP(good, noise)).toBeLessThan(0.05);
    const grouped = { groups: groups.map((_, i) => `p${i % 50}`) };
    const a = await scoreCandidate(request('transferability.knn', grouped));
    expect(pairedP(a, a)).toBeUndefined();
  });
});

describe('the intervals of LogME and k-NN', () => {
  it.each(['transferability.logme', 'transferability.knn'] as const)(
    'of a paired difference of two like candidates leave 0 out seldom: %s',
    { timeout: 60_000 },
    async (measure) => {
      let excluded = 0;
      const worlds = 100;
      for (let world = 0; world < worlds; world++) {
        const a = labelledSet({ perClass: 30, classes: 2, columns: 8, apart: 1.5, seed: 2 * world });
        const b = labelledSet({ perClass: 30, classes: 2, columns: 8, apart: 1.5, seed: 2 * world + 1 });
        const names = a.labels.map((_, i) => `p${i}`);
        const score = async (of: typeof a) => await scoreCandidate({ measure, ...of, groups: names, seed: world });
        const [one, other] = [await score(a), await score(b)];
        const { low, high } = scoreDifference(measure, ['a', one], ['b', other]);
        if (low > 0 || high < 0) excluded++;
      }
      expect(excluded / worlds).toBeLessThanOrEqual(0.12);
    },
  );
});
