import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { help } from '../../src/command-line/arguments.ts';
import { runCommandLine } from '../../src/command-line/run.ts';
import { measureNames, measures } from '../../src/measures.ts';
import { expectGolden, readGolden } from '../helpers/golden.ts';
import { bytesOf, npy } from '../helpers/npy.ts';

const sets = readGolden<{ X: number[][]; Y: number[][] }, { kid_unbiased: number; mmd2_rbf_median_unbiased: number }>(
  'set_relu_200x32_150x32',
);
const labelled = readGolden<{ F: number[][]; y: number[] }, { logme_converged: { score: number }; parc: number }>(
  'transfer_balanced_200x32_c4',
);
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
