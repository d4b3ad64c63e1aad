import { cp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planFindings } from '../../src/evidence/findings.ts';
import { dataBase, isProxied, type Plan } from '../../src/evidence/plan.ts';
import {
  colourNetwork,
  drawRepository,
  drawStripes,
  edgeNetwork,
  planText,
  type StripeManifest,
  stripeManifest,
  temporaryFolders,
  writeFiles,
} from '../helpers/stripes.ts';

const folders = temporaryFolders();
let drawn: string;
let folder: string;
let cacheDir: string;

beforeAll(async () => {
  drawn = await folders.make('drawn');
  await drawRepository(drawn);
});
beforeEach(async () => {
  folder = await folders.make('repository');
  cacheDir = await folders.make('cache');
  await cp(drawn, folder, { recursive: true });
});
afterAll(() => folders.clear());

const digestOfPlan = async (manifest: StripeManifest = {}, seed = 0): Promise<string> => {
  const { plan, problems } = await planText(folder, stripeManifest(manifest), { cacheDir, seed });
  expect(problems).toEqual([]);
  return plan!.digest;
};
const problemsOf = async (text: string, roots: string[] = []) =>
  (await planText(folder, text, { cacheDir, roots })).problems.map(({ code, path, location, level }) => ({
    code,
    path,
    line: location.line,
    level,
  }));
const lineOf = (text: string, part: string) => text.split('\n').findIndex((line) => line.includes(part)) + 1;

describe('the digest of a plan', () => {
  it('does not change with words, claims, the policy or the machine', async () => {
    const digest = await digestOfPlan();
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await digestOfPlan({ summary: 'Other words.', claims: [], chosen: 'colour' })).toBe(digest);
    expect(await digestOfPlan({ rest: 'policy: { inconclusive: warn }\n' })).toBe(digest);
    expect(
      await digestOfPlan({
        evidence:
          '{ encoders: [{ id: small, ref: weights/edges.onnx }], images: 40, seeds: 3, configurations: 2, reference: off, probes: [linear], budget: 3h }',
      }),
    ).toBe(digest);

    const elsewhere = await folders.make('elsewhere');
    await cp(drawn, elsewhere, { recursive: true });
    const moved = await planText(elsewhere, stripeManifest(), { cacheDir: await folders.make('cache') });
    expect(moved.plan!.digest).toBe(digest);
  });

  it('does not change with the order in which files were written', async () => {
    const digest = await digestOfPlan();
    const again = await folders.make('reversed');
    await cp(join(drawn, 'weights'), join(again, 'weights'), { recursive: true });
    for (const set of ['data/target/upright', 'data/target/across', 'data/near', 'data/far'])
      await cp(join(drawn, set), join(again, set), { recursive: true });
    expect((await planText(again, stripeManifest(), { cacheDir })).plan!.digest).toBe(digest);
  });

  it('changes with a pixel of the target or of a sample', async () => {
    const digest = await digestOfPlan();
    await cp(join(folder, 'data/far/000.png'), join(folder, 'data/target/across/000.png'));
    const other = await digestOfPlan();
    expect(other).not.toBe(digest);
    await cp(join(folder, 'data/far/001.png'), join(folder, 'data/far/000.png'));
    expect(new Set([digest, other, await digestOfPlan()]).size).toBe(3);
  });

  it('changes with labels, even of the same images', async () => {
    const table = (flipped: boolean) =>
      ['path,label']
        .concat(
          ['across', 'upright'].flatMap((label) =>
            Array.from({ length: 10 }, (_, i) => {
              const shown = flipped && i === 0 ? (label === 'across' ? 'upright' : 'across') : label;
              return `target/${label}/00${i}.png,${shown}`;
            }),
          ),
        )
        .join('\n');
    const target = '{ format: csv, path: data/labels.csv, label: label }';
    await writeFiles(folder, { 'data/labels.csv': table(false) });
    const digest = await digestOfPlan({ target });
    await writeFiles(folder, { 'data/labels.csv': table(true) });
    expect(await digestOfPlan({ target })).not.toBe(digest);
  });

  it('changes with weights, preprocessing, feature tensor and encoders', async () => {
    const seen = new Set([await digestOfPlan()]);
    const candidate = (rest: string) => [
      `{ id: edges, weights: weights/edges.onnx, sample: data/near${rest} }`,
      '{ id: colour, weights: weights/colour.onnx, sample: data/far }',
    ];
    expect(seen.has(await digestOfPlan({ candidates: candidate('') }))).toBe(true);
    seen.add(await digestOfPlan({ candidates: candidate(', preprocessing: { channels: bgr }') }));
    seen.add(await digestOfPlan({ candidates: candidate(', preprocessing: { mean: [0.5, 0.5, 0.5] }') }));
    seen.add(
      await digestOfPlan({
        candidates: [
          '{ id: edges, weights: { ref: weights/edges.onnx, features: features }, sample: data/near }',
          '{ id: colour, weights: weights/colour.onnx, sample: data/far }',
        ],
      }),
    );
    const encoders = '{ encoders: [scattering, { id: own, ref: weights/colour.onnx }], images: 40, seeds: 3 }';
    seen.add(await digestOfPlan({ evidence: encoders }));
    await writeFiles(folder, { 'weights/edges.onnx': colourNetwork() });
    seen.add(await digestOfPlan());
    expect(seen.size).toBe(6);
  });

  it('changes with images, seeds, configurations and, where images are drawn, the seed', async () => {
    const evidences = [
      '{ images: 40, seeds: 3, configurations: 2 }',
      '{ images: 40, seeds: 4, configurations: 2 }',
      '{ images: 40, seeds: 3, configurations: 3 }',
      '{ images: 20, seeds: 3, configurations: 2 }',
    ];
    const digests = [];
    for (const evidence of evidences) digests.push(await digestOfPlan({ evidence }));
    digests.push(await digestOfPlan({}, 1));
    expect(new Set(digests).size).toBe(5);
  });

  it('changes with the probes and with how networks are trained, where any is', async () => {
    const digests = [];
    for (const evidence of [
      '{ probes: [linear] }',
      '{}',
      '{ probes: [finetune] }',
      '{ probes: [linear, last_block] }',
      '{ finetune: { budget: 5m } }',
      '{ finetune: { seeds: 4 } }',
      '{ finetune: { learning_rates: 2 } }',
      '{ finetune: { epochs: 4 } }',
      '{ finetune: { batch: 8 } }',
      '{ finetune: { optimiser: adamw } }',
      '{ finetune: { augment: { flip: false } } }',
      '{ finetune: { proxy: convnext } }',
    ])
      digests.push(await digestOfPlan({ evidence, claims: [] }));
    expect(new Set(digests).size).toBe(digests.length);
    // Neither the order of the list nor a default spelled out is another plan.
    expect(await digestOfPlan({ evidence: '{ probes: [finetune, linear] }', claims: [] })).toBe(digests[1]);
    expect(await digestOfPlan({ evidence: '{ finetune: { epochs: 10 } }', claims: [] })).toBe(digests[1]);
  });

  it('changes with whether the built-in reference is measured, not with which candidate stands in for it', async () => {
    const withReference = (reference: string) =>
      digestOfPlan({ evidence: `{ images: 40, seeds: 3, probes: [linear]${reference} }` });
    const off = await withReference(', reference: off');
    expect(await withReference('')).not.toBe(off);
    expect(await withReference(', reference: edges')).toBe(off);
    expect(await withReference(', reference: colour')).toBe(off);
  });

  it('changes with the metric, but not with the default one spelled out', async () => {
    const withTask = (task: string) =>
      planText(folder, stripeManifest().replace('  data: data/target', `  data: data/target\n  task: ${task}`), {
        cacheDir,
      });
    const digest = await digestOfPlan();
    expect((await withTask('{ metric: auc }')).plan!.digest).toBe(digest);
    expect((await withTask('{ metric: accuracy }')).plan!.digest).not.toBe(digest);
  });
});

describe('a plan', () => {
  it('knows the defaults and draws the same source images for one folder under two names', async () => {
    const { plan } = await planText(
      folder,
      stripeManifest({
        candidates: [
          '{ id: edges, weights: weights/edges.onnx, sample: data/near }',
          '{ id: colour, weights: none, sample: data/near }',
        ],
        evidence: '{ images: 20, budget: 90s }',
      }),
      { cacheDir },
    );
    expect(plan).toMatchObject({ task: 'binary', metric: 'auc', seeds: 5, configurations: 5, budgetSeconds: 90 });
    expect(plan!.encoders).toEqual([{ id: 'scattering', network: null }]);
    const [first, second] = plan!.candidates;
    expect(second!.network).toBeNull();
    expect(first!.sample!.sample).toHaveLength(20);
    expect(second!.sample!.digest).toBe(first!.sample!.digest);
  });

  it('knows how networks are trained, within the budget for everything', async () => {
    const planned = async (evidence: string) =>
      (await planText(folder, stripeManifest({ evidence, claims: [] }), { cacheDir })).plan!;
    expect(await planned('{}')).toMatchObject({
      probes: ['probe.finetune', 'probe.linear'],
      fineTuning: {
        budgetSeconds: 900,
        seeds: 5,
        learningRates: 3,
        epochs: 10,
        batch: 16,
        optimiser: 'sgd',
        augment: { flip: true, crop: true, brightness: true },
        proxy: 'residual',
      },
    });
    expect((await planned('{ budget: 10m }')).fineTuning!.budgetSeconds).toBe(600);
    expect((await planned('{ probes: [linear] }')).fineTuning).toBeNull();
    expect((await planned('{ finetune: { proxy: off } }')).fineTuning!.proxy).toBeNull();
  });

  it('tells whose sample is labelled, and for whom it therefore stands in', async () => {
    const candidates = [
      '{ id: own, weights: weights/edges.onnx, sample: data/near }',
      '{ id: classes, sample: data/near }',
      '{ id: flat, sample: data/far }',
      '{ id: table, sample: { format: csv, path: data/table.csv, label: kind } }',
      '{ id: one, sample: { format: csv, path: data/one.csv, label: kind } }',
    ];
    const rows = (kinds: string[]) => ['path,kind', ...kinds.map((kind, i) => `far/00${i}.png,${kind}`)].join('\n');
    await writeFiles(folder, { 'data/table.csv': rows(['x', 'y', 'x']), 'data/one.csv': rows(['x', 'x', '']) });
    const of = async (evidence: string) => {
      const { plan } = await planText(folder, stripeManifest({ candidates, chosen: 'own', claims: [], evidence }), {
        cacheDir,
      });
      return plan!;
    };
    const plan = await of('{}');
    expect(plan.candidates.map(({ id, labelled }) => [id, labelled])).toEqual([
      ['own', true],
      ['classes', true],
      ['flat', false],
      ['table', true],
      ['one', false],
    ]);
    const standIns = (one: Plan) => one.candidates.filter((c) => isProxied(one, c)).map(({ id }) => id);
    expect(standIns(plan)).toEqual(['classes', 'table']);
    expect(standIns(await of('{ probes: [linear] }'))).toEqual([]);
    expect(standIns(await of('{ finetune: { proxy: off } }'))).toEqual([]);

    const told = (one: Plan) => new Map(planFindings(one).map(({ code, about, text }) => [`${code} ${about}`, text]));
    expect([...told(plan).keys()]).toEqual(['proxy classes', 'no_weights flat', 'proxy table', 'no_weights one']);
    expect(told(plan).get('proxy classes')).toContain('(residual) pretrained here on its 30 images');
    expect(told(plan).get('no_weights flat')).toContain('one sub-folder per class');
    expect(told(await of('{ probes: [linear] }')).get('no_weights flat')).not.toContain('sub-folder');
  });

  it('never draws an image marked test', async () => {
    const rows = ['across', 'upright'].flatMap((label) =>
      Array.from(
        { length: 20 },
        (_, i) => `target/${label}/${String(i).padStart(3, '0')}.png,${label},${i % 2 ? 'train' : 'test'}`,
      ),
    );
    await writeFiles(folder, { 'data/split.csv': ['path,label,split', ...rows].join('\n') });
    const target = '{ format: csv, path: data/split.csv, label: label, split: split }';
    const { plan } = await planText(folder, stripeManifest({ target }), { cacheDir });
    expect(plan!.target.sample).toHaveLength(20);
    expect(plan!.target.sample.every(({ split }) => split === 'train')).toBe(true);
    expect(plan!.target.dataset.images).toHaveLength(20);
    expect(plan!.target.test!.images).toHaveLength(20);
    expect(plan!.target.test!.images.every(({ split }) => split === 'test')).toBe(true);
    expect(plan!.candidates.map(({ sample }) => sample!.test)).toEqual([null, null]);
    await writeFiles(folder, { 'data/target/across/000.png': 'another file' });
    const { plan: changed } = await planText(folder, stripeManifest({ target }), { cacheDir });
    expect(changed!.target.digest).toBe(plan!.target.digest);
    expect(changed!.digest).not.toBe(plan!.digest);
  });

  it('refuses a target of test images alone', async () => {
    const rows = Array.from(
      { length: 4 },
      (_, i) => `target/${i < 2 ? 'across' : 'upright'}/00${i}.png,${i < 2 ? 'a' : 'b'},test`,
    );
    await writeFiles(folder, { 'data/split.csv': ['path,label,split', ...rows].join('\n') });
    const text = stripeManifest({ target: '{ format: csv, path: data/split.csv, label: label, split: split }' });
    const { problems } = await planText(folder, text, { cacheDir });
    expect(problems).toMatchObject([{ code: 'dataset-invalid', path: 'target.data' }]);
    expect(problems[0]!.message).toContain('All 4 images are marked test');
  });

  it('resolves data of .github/transfer.yml against the repository', async () => {
    const { plan, problems } = await planText(folder, stripeManifest(), { cacheDir, file: '.github/transfer.yml' });
    expect(problems).toEqual([]);
    expect(plan!.target.sample).toHaveLength(40);
    expect(dataBase('/repo/.github')).toBe('/repo');
    expect(dataBase('/repo/my.github')).toBe('/repo/my.github');
    expect(dataBase('/repo/tasks')).toBe('/repo/tasks');
  });

  it('stops when it is told to', async () => {
    const reason = new Error('enough');
    await expect(
      import('../../src/evidence/plan.ts').then(async ({ planEvidence }) => {
        const { loaded } = await planText(folder, stripeManifest(), { cacheDir });
        return planEvidence(loaded, {
          roots: [folder],
          seed: 0,
          offline: true,
          cacheDir,
          signal: AbortSignal.abort(reason),
        });
      }),
    ).rejects.toBe(reason);
  });
});

describe('what stands in the way of a plan', () => {
  it('is told all at once, each at its line of the manifest', async () => {
    const text = stripeManifest({
      target: 'data/nothing',
      candidates: [
        '{ id: edges, weights: weights/egdes.onnx, sample: data/near }',
        '{ id: colour, weights: weights/colour.onnx, sample: data/fra }',
      ],
      evidence: '{ encoders: [scattering, { id: own, ref: weights/own.onnx }] }',
    });
    const { problems } = await planText(folder, text, { cacheDir });
    expect(problems.map(({ code, path, location, level }) => [code, path, location.line, level])).toEqual([
      ['dataset-missing', 'target.data', lineOf(text, 'data: data/nothing'), 'error'],
      ['weights-missing', 'candidates[0].weights', lineOf(text, 'id: edges'), 'error'],
      ['dataset-missing', 'candidates[1].sample', lineOf(text, 'id: colour'), 'error'],
      ['weights-missing', 'evidence.encoders[1]', lineOf(text, 'encoders:'), 'error'],
    ]);
    expect(problems.every(({ location }) => location.file === 'transfer.yml')).toBe(true);
    expect(problems[1]!.message).toContain('edges.onnx');
  });

  it('is a single class, a class of one image, or a sample without images', async () => {
    await rm(join(folder, 'data/target/upright'), { recursive: true });
    await writeFiles(folder, { 'data/far/notes.txt': 'no image' });
    for (let i = 0; i < 30; i++) await rm(join(folder, `data/far/${String(i).padStart(3, '0')}.png`));
    const text = stripeManifest();
    expect(await problemsOf(text)).toEqual([
      { code: 'dataset-invalid', path: 'target.data', line: lineOf(text, 'data: data/target'), level: 'error' },
      { code: 'dataset-invalid', path: 'candidates[1].sample', line: lineOf(text, 'id: colour'), level: 'error' },
    ]);
    await drawStripes(join(folder, 'data/target/upright'), 1, { along: 'y' });
    expect(await problemsOf(text)).toMatchObject([{ path: 'target.data' }, { path: 'candidates[1].sample' }]);
  });

  it('is a metric of another task than the labels are of', async () => {
    await drawStripes(join(folder, 'data/target/plain'), 5, { along: 'none' });
    const text = stripeManifest().replace('  data: data/target', '  data: data/target\n  task: { metric: auc }');
    const { problems } = await planText(folder, text, { cacheDir });
    expect(problems).toMatchObject([{ code: 'dataset-invalid', path: 'target.task.metric', location: { line: 5 } }]);
    expect(problems[0]!.message).toContain('balanced_accuracy');
  });

  it('is a path outside the repository, until its folder is named', async () => {
    const outside = await folders.make('outside');
    await cp(join(drawn, 'data/target'), join(outside, 'target'), { recursive: true });
    const text = stripeManifest({ target: join(outside, 'target') });
    const { problems } = await planText(folder, text, { cacheDir });
    expect(problems).toMatchObject([{ code: 'path-outside', path: 'target.data', location: { line: 4 } }]);
    expect(problems[0]!.message).toContain('data-roots');
    expect(await problemsOf(text, [outside])).toEqual([]);
    await symlink(join(outside, 'target'), join(folder, 'data/link'));
    expect(await problemsOf(stripeManifest({ target: 'data/link' }))).toMatchObject([{ code: 'path-outside' }]);
  });

  it('is weights with another digest than the manifest says', async () => {
    await writeFiles(folder, { 'weights/edges.onnx': edgeNetwork() });
    const candidates = [
      `{ id: edges, weights: { ref: weights/edges.onnx, sha256: ${'f'.repeat(64)} }, sample: data/near }`,
      '{ id: colour, weights: weights/colour.onnx, sample: data/far }',
    ];
    expect(await problemsOf(stripeManifest({ candidates }))).toMatchObject([
      { code: 'weights-mismatch', path: 'candidates[0].weights' },
    ]);
  });
});
