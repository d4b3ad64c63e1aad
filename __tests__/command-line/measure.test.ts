import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { help } from '../../src/command-line/arguments.ts';
import { runCommandLine } from '../../src/command-line/run.ts';
import { leftOut, measureNotes } from '../../src/measure-notes.ts';
import { measureNames, measures } from '../../src/measures.ts';
import { compareSets } from '../../src/similarity/compare.ts';
import { fid } from '../../src/similarity/embedding/fid.ts';
import { scoreCandidate, scoreEstimate } from '../../src/transferability/compare.ts';
import { expectGolden, matrixOf, readGolden } from '../helpers/golden.ts';
import { bytesOf, npy } from '../helpers/npy.ts';
import { normalRows } from '../helpers/sets.ts';

const sets = readGolden<{ X: number[][]; Y: number[][] }, { kid_unbiased: number; mmd2_rbf_median_unbiased: number }>(
  'set_relu_200x32_150x32',
);
const labelled = readGolden<
  { F: number[][]; y: number[]; source_probs: number[][] },
  { logme_converged: { score: number }; parc: number; leep: number; nce: number }
>('transfer_balanced_200x32_c4');
const many = normalRows(3000, 32, 7, 0.5);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'measure-'));
  const save = (name: string, rows: number[][]) =>
    writeFile(
      join(folder, name),
      npy('<f8', `(${rows.length}, ${rows[0]!.length})`, bytesOf(Float64Array.from(rows.flat()))),
    );
  await save('source.npy', sets.inputs.X);
  await save('target.npy', sets.inputs.Y);
  await save('features.npy', labelled.inputs.F);
  await save('probabilities.npy', labelled.inputs.source_probs);
  const saveRow = (name: string, numbers: number[]) =>
    writeFile(join(folder, name), npy('<i8', `(${numbers.length},)`, bytesOf(BigInt64Array.from(numbers, BigInt))));
  await saveRow(
    'labels.npy',
    labelled.inputs.y.map((label) => 10 * label + 3),
  );
  await saveRow(
    'pairs.npy',
    labelled.inputs.y.map((_, row) => row >> 1),
  );
  await writeFile(join(folder, 'halves.npy'), npy('<f8', '(200,)', bytesOf(new Float64Array(200).fill(0.5))));
  await save('few.npy', sets.inputs.X.slice(0, 8));
  await writeFile(join(folder, 'many.npy'), npy('<f8', '(3000, 32)', bytesOf(many.data)));
  await saveRow(
    'thirds.npy',
    Array.from({ length: 3000 }, (_, row) => row % 3),
  );
});
afterAll(() => rm(folder, { recursive: true }));

async function call(line: string) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runCommandLine(['measure', ...line.split(' ')], {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    cwd: () => folder,
    env: {},
    once: () => undefined,
  });
  return { code, out: out.join(''), err: err.join('') };
}

const distance = '--source source.npy --target target.npy';
const score = '--target features.npy --labels labels.npy';

describe('measure', () => {
  it.each([
    ['kid', sets.expected.kid_unbiased],
    ['embedding.mmd', sets.expected.mmd2_rbf_median_unbiased],
  ])('gives %s as independent implementations do, with interval and null', async (name, expected) => {
    const { code, out } = await call(`${name} ${distance} --format json`);
    const { estimate, nothing, images, features } = JSON.parse(out);
    expect(code).toBe(0);
    expectGolden(estimate.value, expected, sets);
    expect(estimate.low).toBeLessThan(estimate.value);
    expect(nothing.name).toBe('split_half');
    expect(nothing.high).toBeLessThan(estimate.value);
    // Distances are between all images that there are.
    expect([images, features]).toEqual([{ source: 200, target: 150 }, 32]);
  });

  it.each([
    ['logme', labelled.expected.logme_converged.score],
    ['PARC', labelled.expected.parc],
  ])('gives %s whatever numbers classes have', async (name, expected) => {
    const { out } = await call(`${name} ${score} --format json`);
    const { estimate, nothing, p, images } = JSON.parse(out);
    expectGolden(estimate.value, expected, labelled);
    expect(nothing.name).toBe('label_shuffled');
    expect(nothing.high).toBeLessThan(estimate.value);
    expect(p).toBe(1 / 40);
    expect(images).toEqual({ source: null, target: 200 });
  });

  it.each([
    ['leep', labelled.expected.leep],
    ['NCE', labelled.expected.nce],
  ])('gives %s of the probabilities of a source head', async (name, expected) => {
    const line = `${name} --target probabilities.npy --labels labels.npy`;
    const { estimate, nothing, p } = JSON.parse((await call(`${line} --format json`)).out);
    expectGolden(estimate.value, expected, labelled);
    expect(estimate.low).toBeLessThan(estimate.value);
    expect([nothing.name, nothing.high < estimate.value, p]).toEqual(['label_shuffled', true, 1 / 40]);
    const { columns } = matrixOf(labelled.inputs.source_probs);
    expect((await call(line)).out).toContain(`200 target images of ${columns} source classes, seed 0\n`);
    const { code, err } = await call(`${name} ${score}`);
    expect([code, err]).toEqual([2, expect.stringContaining('Apply softmax to logits.')]);
  });

  it('says in words which way the number points, and what nothing would look like', async () => {
    const { out } = await call(`knn ${score}`);
    expect(out).toMatch(/^5-NN 0\.\d+ \[0\.\d+, 0\.\d+\]\n/);
    expect(out).toMatch(/95 % interval by block jackknife, 20 blocks; higher is better/);
    expect(out).toMatch(/labels dealt at random: 0\.\d+ \[.*\]; p = 0\.025/);
    expect(out).toMatch(/200 target images of 32 features, seed 0\n$/);
  });

  it('is the same for one seed, and not for another', async () => {
    const once = await call(`mmd ${distance}`);
    expect(await call(`mmd ${distance}`)).toEqual(once);
    expect((await call(`mmd ${distance} --seed 1`)).out).not.toBe(once.out);
  });

  it('keeps images of one group together', async () => {
    const apart = JSON.parse((await call(`logme ${score} --format json`)).out);
    const together = JSON.parse((await call(`logme ${score} --groups pairs.npy --format json`)).out);
    expect(together.estimate.value).toBe(apart.estimate.value);
    expect(together.estimate.standardError).not.toBe(apart.estimate.standardError);
  });

  it('gives of the rows that it reads what is drawn of all of them, and says how many there are', async () => {
    const line = 'domain_classifier --source many.npy --target target.npy --seed 4';
    const { distances } = await compareSets({
      measure: 'embedding.domain_classifier',
      target: matrixOf(sets.inputs.Y),
      sources: new Map([['source', many]]),
      seed: 4,
    });
    const found = distances.get('source')!.estimate!;
    const { estimate, images, offered } = JSON.parse((await call(`${line} --format json`)).out);
    expect(estimate.value).toBeCloseTo(found.value, 10);
    expect(estimate.standardError).toBeCloseTo(found.standardError, 10);
    expect(images).toEqual({ source: 500, target: 150 });
    expect(offered).toEqual({ source: 3000, target: 150 });
    expect((await call(line)).out).toMatch(/\n {2}500 of 3000 source and 150 target images of 32 features, seed 4\n$/);
  }, 30_000);

  it('takes all rows for FID', async () => {
    const { out } = await call('fid --source many.npy --target target.npy --format json');
    const { estimate, images, nothing } = JSON.parse(out);
    expect(images).toEqual({ source: 3000, target: 150 });
    expect(estimate.value).toBeCloseTo(await fid(many, matrixOf(sets.inputs.Y)), 8);
    expect(nothing.high).toBeLessThan(estimate.value);
  });

  it('scores of many images those that a review would', async () => {
    const labels = Array.from({ length: 3000 }, (_, row) => row % 3);
    const groups = labels.map((_, row) => String(row));
    const found = await scoreCandidate({
      measure: 'transferability.logme',
      features: many,
      labels,
      groups,
      seed: 0,
    });
    const { estimate, images, offered } = JSON.parse(
      (await call('logme --target many.npy --labels thirds.npy --format json')).out,
    );
    expect(estimate.value).toBeCloseTo(scoreEstimate(found).value, 10);
    expect([images.target, offered.target]).toEqual([500, 3000]);
  });

  it('says of a measure what it sees, what it is blind to and when not to use it', async () => {
    for (const line of ['mmd --help', 'embedding.mmd -h', 'MMD --help']) {
      const { code, out } = await call(line);
      expect(code).toBe(0);
      expect(out).toMatch(/^embedding\.mmd: RBF-MMD²; lower is closer\n/);
      for (const text of Object.values(measureNotes['embedding.mmd'])) expect(out).toContain(text);
    }
    expect((await call('visual.noise --help')).out).toMatch(/review measures it\.\n$/);
    expect((await call('nois --help')).err).toMatch(/did you mean noise\?/);
  });

  it('lists every measure in one line, and what is left out', async () => {
    const { out } = await call('--help');
    const lines = out.split('\n');
    for (const name of measureNames) expect(lines).toContain(`  ${name}: ${measureNotes[name].sees}`);
    for (const { name, why } of leftOut) expect(lines).toContain(`  ${name}: ${why}`);
  });

  it('names every measure of features in the help', () => {
    for (const measure of measureNames)
      if (['embedding', 'transferability'].includes(measures[measure].family))
        expect(help).toMatch(new RegExp(`\\b${measure.split('.')[1]}\\b`));
  });

  it.each([
    [`knm ${score}`, /one of .*mmd.*found “knm”; did you mean knn\?/],
    [`probe.linear ${score}`, /not off features: use transfer-evidence review/],
    ['kid --target target.npy', /KID is a distance.*--target FILE and --source FILE/],
    ['knn --target features.npy', /5-NN is a score.*--target FILE and --labels FILE/],
    [`kid ${distance} --labels labels.npy`, /KID has no use for --labels/],
    [`knn ${score} --source source.npy`, /5-NN has no use for --source/],
    [`kid fid ${distance}`, /One measure at a time; found also: fid/],
    ['kid --source source.npy --target nowhere.npy', /nowhere\.npy cannot be read/],
    ['kid --source labels.npy --target target.npy', /labels\.npy holds 200 numbers; features are a matrix/],
    ['kid --source features.npy --target few.npy', /at least 20 images a side/],
    ['knn --target target.npy --labels labels.npy', /one number for each of the 150 rows of target\.npy.*\(200\)/],
    ['knn --target features.npy --labels features.npy', /one number for each of the 200 rows/],
    ['knn --target features.npy --labels halves.npy', /class index for each image; found 0\.5/],
    [`knn ${score} --seed x`, /--seed is a whole number/],
  ])('%s: one error that says what to do', async (line, message) => {
    const { code, out, err } = await call(line);
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect([code, out]).toEqual([2, '']);
  });
});
