import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readNpy } from '../../src/features/npy.ts';
import { type RuntimeProducts, runtimeProducts } from '../../src/linear-algebra/runtime-products.ts';
import { type Matrix, matrix } from '../../src/matrix.ts';
import { softmaxRegressionOnColumns } from '../../src/probe/linear/regression-on-columns.ts';
import { standardisedRows } from '../../src/probe/linear/standardised-gram.ts';
import { seededRandom } from '../../src/random.ts';
import { loadNatives } from '../../src/runtime/natives.ts';
import { fid } from '../../src/similarity/embedding/fid.ts';
import { createGrams } from '../../src/similarity/embedding/grams.ts';
import { kid } from '../../src/similarity/embedding/kid.ts';
import { gaussianKernel, medianBandwidth } from '../../src/similarity/embedding/mmd.ts';
import { permutationP, poolKernels } from '../../src/similarity/embedding/permutation.ts';
import { precision } from '../../src/similarity/embedding/prdc.ts';
import { knn } from '../../src/transferability/knn.ts';
import { logMe } from '../../src/transferability/log-me.ts';

/**
 * Each measure against what a Python user would run instead, numpy, scipy or scikit-learn on the same feature files with
 * as many threads. The two take turns, each in a process of its own; the second pair of columns is a process that measures
 * once, from its start to its end. Ours starts from the sources there, some forty files, of which either side keeps between
 * processes what it compiled; the shipped `measure` command would be no like for like, because it gives an interval and a
 * null beside the value.
 *
 * The first line is the rate of one product of float64 matrices, 2000 × 512 by 512 × 2000, on either side, and of a matrix
 * with itself, for which both do half: what is nothing but products cannot be nearer than these are.
 * Run: node __tests__/bench/measures.ts [rounds] [threads] [part of a name]
 * BASELINE names the Python file; default ../shared/bench/metrics_baseline.py.
 */
const baseline = process.env.BASELINE ?? resolve(import.meta.dirname, '../../../shared/bench/metrics_baseline.py');

type Own = (files: readonly Matrix[], products: RuntimeProducts) => number | Promise<number>;

interface Case {
  name: string;
  /** A function of the baseline. */
  theirs: string;
  /** Feature files by name; `:200` takes the first rows only. */
  files: string[];
  own: Own;
}

const frechet: Own = ([source, target], products) => fid(source!, target!, products);
const kernel: Own = ([source, target], products) => kid(source!, target!, products);
const permutations: Own = async (files, products) => {
  const sets = files.map((set) => firstRows(set, 500));
  const [x, y] = sets as [Matrix, Matrix];
  const bandwidth = await medianBandwidth(sets, products);
  const grams = createGrams(products);
  await grams.prepare(y, [x]);
  const block = (a: Matrix, b: Matrix) => gaussianKernel(grams, a, b, bandwidth);
  const pool = poolKernels({ xx: block(x, x), yy: block(y, y), xy: block(x, y) });
  const units = Array.from({ length: 1000 }, (_, row) => Int32Array.of(row));
  return permutationP(pool, units, 500, seededRandom(0), { permutations: 1000, products });
};
/** All four take the same work, and any one of them does it. */
const neighbourhoods: Own = ([target, source], products) => precision(source!, target!, { products });
const regression: Own = async ([features, labels], products) => {
  const rows = Array.from({ length: features!.rows }, (_, row) => row);
  const targets = new Float64Array(10 * rows.length);
  for (const row of rows) targets[labels!.data[row]! * rows.length + row] = 1;
  const { train, columns } = standardisedRows(features!, rows, []);
  const problem = { rows: train, columns, targets, outputs: 10, link: 'softmax' } as const;
  // Scikit-learn stops 2.4e-9 above the optimum, as its objective beside ours shows; this stops closer to it.
  const [model] = await softmaxRegressionOnColumns(problem, [1], { tolerance: 1e-9, products });
  return model!.objective;
};

const cases: Case[] = [
  ...[512, 2048].flatMap((d): Case[] => {
    const files = [`source_${d}`, `target_${d}`];
    return [
      { name: `FID 2000 × ${d}, sqrtm`, theirs: 'frechet', files, own: frechet },
      { name: `KID 2000 × ${d}, 100 subsets of 1000`, theirs: 'kid_subsets', files, own: kernel },
      { name: `KID 2000 × ${d}, all pairs`, theirs: 'kid_full', files, own: kernel },
      { name: `MMD 500 × ${d}, 1000 permutations`, theirs: 'mmd_permutations', files, own: permutations },
      { name: `PRDC 2000 × ${d}`, theirs: 'prdc', files: files.toReversed(), own: neighbourhoods },
    ];
  }),
  {
    name: 'FID 200 × 2048 (n < d), sqrtm',
    theirs: 'frechet',
    files: ['source_2048:200', 'target_2048:200'],
    own: frechet,
  },
  {
    name: 'softmax regression 5000 × 768, 10 classes',
    theirs: 'softmax_regression',
    files: ['labelled', 'labels'],
    own: regression,
  },
  {
    name: 'kNN-5 leave-one-out 5000 × 768',
    theirs: 'knn_leave_one_out',
    files: ['labelled', 'labels'],
    own: async ([features, labels], products) =>
      (await knn(features!, labels!.data, { distance: 'euclidean', products })).accuracy,
  },
  ...['', ':500'].map(
    (rows): Case => ({
      name: `LogME ${rows ? '500 × 768 (n < d)' : '5000 × 768'}, 10 classes`,
      theirs: 'logme',
      files: [`labelled${rows}`, `labels${rows}`],
      own: async ([features, labels], products) => (await logMe(features!, labels!.data, { products })).score,
    }),
  ),
];

/** A process repeats its measure until this many runs or seconds, for a median of warm ones. */
const mostRuns = 7;
const enoughSeconds = 4;

interface Timed {
  /** Of each run in one process, the first one first. */
  seconds: number[];
  value: number;
}

/** Products a second, 10⁹ multiplications and additions each, of different matrices and of one with itself. */
interface Rates {
  apart: number;
  self: number;
}

const theirRates = `
import json, time
import numpy as np
a, b = (np.random.default_rng(seed).standard_normal((2000, 512)) for seed in (1, 2))
def rate(x, y):
    seconds = []
    for _ in range(7): start = time.perf_counter(); x @ y.T; seconds.append(time.perf_counter() - start)
    return 2 * 2000 * 2000 * 512 / min(seconds) / 1e9
print(json.dumps(dict(apart=rate(a, b), self=rate(a, a))))
`;

async function ownRates(threads: number): Promise<Rates> {
  const { onnxruntime } = await loadNatives({ need: ['onnxruntime-node'], log: console.error });
  const products = runtimeProducts(onnxruntime!, threads);
  const [rows, columns] = [2000, 512];
  const random = seededRandom(0, 'rates');
  const numbers = () =>
    matrix(
      Float64Array.from({ length: rows * columns }, () => random.next() - 0.5),
      rows,
      columns,
    );
  const room = new Float64Array(rows * rows);
  const rate = async (a: Matrix, b: Matrix) => {
    let least = Infinity;
    for (let run = 0; run < 7; run++) {
      const started = performance.now();
      await products.rows(a, b, room);
      least = Math.min(least, performance.now() - started);
    }
    return (2 * rows * rows * columns) / least / 1e6;
  };
  const [a, b] = [numbers(), numbers()];
  const rates = { apart: await rate(a, b), self: await rate(a, a) };
  await products.close();
  return rates;
}

/** Runs one case of the baseline in this file's way; its own last line, which reads the command line, is left out. */
const driver = `
import sys
path, folder, name, files = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4].split(",")
exec(open(path).read().rsplit('\\n{"make"', 1)[0])
def load(file):
    name, _, rows = file.partition(":")
    return np.load(Path(folder) / f"{name}.npy")[:int(rows) if rows else None]
arguments, seconds = [load(file) for file in files], []
while not seconds or len(seconds) < ${mostRuns} and sum(seconds) < ${enoughSeconds}:
    start = time.perf_counter(); value = globals()[name](*arguments); seconds.append(time.perf_counter() - start)
print(json.dumps(dict(seconds=seconds, value=float(value["precision"] if isinstance(value, dict) else value))))
`;

function firstRows(set: Matrix, rows: number): Matrix {
  return matrix(set.data.slice(0, rows * set.columns), Math.min(rows, set.rows), set.columns);
}

function load(folder: string, file: string): Matrix {
  const [name, rows] = file.split(':') as [string, string?];
  const { shape, data } = readNpy(readFileSync(join(folder, `${name}.npy`)), name);
  const all = matrix(data, shape[0]!, shape[1] ?? 1);
  return rows === undefined ? all : firstRows(all, Number(rows));
}

/** What a process of this side does: one case. */
async function timeOwn(folder: string, name: string, threads: number): Promise<Timed> {
  const { files, own } = cases.find((one) => one.name === name)!;
  const { onnxruntime } = await loadNatives({ need: ['onnxruntime-node'], log: console.error });
  const products = runtimeProducts(onnxruntime!, threads);
  const loaded = files.map((file) => load(folder, file));
  const seconds: number[] = [];
  let value = Number.NaN;
  let spent = 0;
  while (seconds.length === 0 || (seconds.length < mostRuns && spent < enoughSeconds)) {
    const started = performance.now();
    value = await own(loaded, products);
    seconds.push((performance.now() - started) / 1000);
    spent += seconds.at(-1)!;
  }
  await products.close();
  return { seconds, value };
}

interface Side {
  /** Median of the runs in one process. */
  alone: number;
  /** A process that measures once. */
  process: number;
  value: number;
}

function runSide(command: string, args: string[], env: NodeJS.ProcessEnv): Side {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, ...env } });
  const wall = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${command} ${args.at(-1)} ended with ${status}:\n${stderr}`);
  const { seconds, value } = JSON.parse(stdout) as Timed;
  const repeats = seconds.slice(1).reduce((sum, one) => sum + one, 0);
  return { alone: median(seconds), process: wall - repeats, value };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** A python3 that has what the baseline needs; undefined where there is none. */
function pythonWithScikitLearn(): string | undefined {
  return ['python3', '/usr/bin/python3'].find(
    (python) => spawnSync(python, ['-c', 'import scipy, sklearn'], { stdio: 'ignore' }).status === 0,
  );
}

function bench(rounds: number, threads: number, part: string): void {
  const python = pythonWithScikitLearn();
  if (!existsSync(baseline) || python === undefined) {
    console.log(`skipped: ${python === undefined ? 'no python3 with scipy and scikit-learn' : `no ${baseline}`}`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'bench-measures-'));
  try {
    spawnSync(python, [baseline, 'make', folder], { stdio: 'inherit' });
    console.log(
      `${threads} threads, medians of ${rounds} turns\n${''.padEnd(42)} ours      theirs    ratio    with start: ours   theirs    ratio    values`,
    );
    const env = {
      OMP_NUM_THREADS: String(threads),
      OPENBLAS_NUM_THREADS: String(threads),
      NODE_COMPILE_CACHE: join(folder, 'compiled'),
    };
    const rates = (command: string, args: string[]) => {
      const { stdout } = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, ...env } });
      const { apart, self } = JSON.parse(stdout) as Rates;
      return `${apart.toFixed(0)} and ${self.toFixed(0)}`;
    };
    console.log(
      `products of float64, GFLOP/s, of two matrices and of one with itself: ours ${rates(process.execPath, [import.meta.filename, 'rate', String(threads)])}, theirs ${rates(python, ['-c', theirRates])}`,
    );
    for (const { name, theirs, files } of cases.filter((one) => one.name.includes(part))) {
      const turns = Array.from({ length: rounds }, () => ({
        theirs: runSide(python, ['-c', driver, baseline, folder, theirs, files.join()], env),
        ours: runSide(process.execPath, [import.meta.filename, 'own', folder, String(threads), name], env),
      }));
      const of = (side: 'ours' | 'theirs', what: 'alone' | 'process') => median(turns.map((turn) => turn[side][what]));
      const pair = (what: 'alone' | 'process') => {
        const [ours, their] = [of('ours', what), of('theirs', what)];
        return `${seconds(ours)} ${seconds(their)} ${(their / ours).toFixed(1).padStart(6)} ×`;
      };
      const values = `${turns[0]!.ours.value.toPrecision(7)}, ${turns[0]!.theirs.value.toPrecision(7)}`;
      console.log(`${name.padEnd(42)}${pair('alone')}            ${pair('process')}   ${values}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const seconds = (value: number) => `${value.toFixed(3)} s`.padStart(9);

if (import.meta.main) {
  const [first = '3', second = '2', third = '', name = ''] = process.argv.slice(2);
  if (first === 'rate') console.log(JSON.stringify(await ownRates(Number(second))));
  else if (first === 'own') console.log(JSON.stringify(await timeOwn(second, name, Number(third))));
  else bench(Number(first), Number(second), third);
}
