import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judge } from '../../src/verdict/judge.ts';
import { drawRepository, measureText, type Run, temporaryFolders } from '../helpers/stripes.ts';
import {
  comparisonsOf,
  filters,
  pairsOf,
  scoreOf,
  steady,
  tuned,
  type Variant,
  weightsOnly,
  writeNetworks,
} from '../helpers/tuned.ts';

const vector = (value: number) => new Float32Array(8).fill(value);
const variants: Record<string, Variant> = {
  plain: {},
  grey: { dims: ['N', 1, 16, 16] },
  channels_last: {
    dims: ['N', 16, 16, 3],
    before: (graph, input) => graph.node('Transpose', [input], { perm: [0, 3, 1, 2] }),
  },
  one_at_a_time: { dims: [1, 3, 16, 16] },
  normalised: {
    between: (graph, maps) =>
      graph.node('BatchNormalization', [
        maps,
        graph.constant('scale', vector(1)),
        graph.constant('shift', vector(0)),
        graph.constant('mean', vector(0.1)),
        graph.constant('variance', vector(1)),
      ]),
  },
  // No rule says what this is the gradient of.
  unknown: { after: (graph, features) => graph.node('Add', [features, graph.node('Hardmax', [features])]) },
  // The same look as plain: what is wrong is the weights alone.
  overflowing: { sizes: [1e30, 1e30] },
  // What is scaled so far up again has gradients whose squares are no numbers.
  diverging: { sizes: [1e-22, 1] },
  // It can be declared to take any number of images, and yet takes one.
  really_one: {
    dims: [1, 3, 16, 16],
    after: (graph, features) => {
      const row = graph.constant('row', new Float32Array(8), [1, 8]);
      return graph.node('Reshape', [features, graph.node('Shape', [row])]);
    },
  },
};

const folders = temporaryFolders();
let run: Run;

beforeAll(async () => {
  const folder = await folders.make('repository');
  await drawRepository(folder);
  await writeNetworks(
    folder,
    Object.fromEntries(Object.entries(variants).map(([id, variant]) => [id, filters(variant)])),
  );
  const text = tuned({
    candidates: weightsOnly(...Object.keys(variants)),
    chosen: 'plain',
    claims: ['diverging', 'unknown', 'overflowing'].map(
      (object) =>
        `{ id: ${object}, factor: performance, text: Plain., test: { measure: probe.finetune, subject: plain, relation: greater_than, object: ${object} } }`,
    ),
  });
  run = await measureText(folder, text, await folders.make('store'), { timing: steady });
}, 90_000);
afterAll(() => folders.clear());

const verdictOf = (id: string) => judge(run.loaded.manifest, run.evidence).claims.find(({ claim }) => claim.id === id)!;
const findingsOn = (id: string) => run.evidence!.findings.filter(({ about, measure }) => about === id && measure);

describe('fine-tuning of networks of every kind', () => {
  it.each(['plain', 'grey', 'channels_last', 'one_at_a_time', 'normalised'])('trains one that is %s', (id) => {
    expect(run.problems).toEqual([]);
    const { estimate, refused, details } = scoreOf(run.evidence, id);
    expect(refused).toBeUndefined();
    expect(estimate!.value).toBeGreaterThan(0.5);
    expect(details).toMatchObject({ batch: 16, steps: 60, collapsed: null });
    expect(scoreOf(run.evidence, id).readAgainst.map(({ name }) => name)).toContain('scratch');
    expect(findingsOn(id).map(({ code }) => code)).not.toContain('measure_refused');
  });

  it('takes networks that want one image at a time for what they compute, and trains them as the others', () => {
    // All weights are drawn by name, so that these compute the same.
    const same = comparisonsOf(run.evidence).find(
      ({ subject, object }) => subject === 'plain' && object === 'one_at_a_time',
    )!;
    expect(same.estimate).toMatchObject({ value: 0, standardError: 0 });
    const { refused } = scoreOf(run.evidence, 'really_one');
    expect(refused).toContain('exported for one image at a time');
  });

  it('says of an operator that has no gradient rule its name, and measures the others', () => {
    const { refused, estimate } = scoreOf(run.evidence, 'unknown');
    expect(estimate).toBeNull();
    expect(refused).toContain('Hardmax');
    expect(findingsOn('unknown')).toMatchObject([{ code: 'measure_refused', measure: 'probe.finetune' }]);
    expect(findingsOn('unknown')[0]!.text).toContain('unknown: The operator Hardmax');
    expect(verdictOf('unknown').verdict).toBe('no_evidence');
    expect(pairsOf(run.evidence).filter((pair) => pair.includes('unknown'))).toEqual([]);
  });

  it('trains no random twin for networks that cannot be trained', () => {
    const controls = run.evidence!.candidates.filter(({ role }) => role === 'control').map(({ id }) => id);
    expect(controls).not.toContain('scratch of unknown');
    expect(controls).not.toContain('scratch of really_one');
    expect(run.evidence!.measurements.map(({ candidate }) => candidate)).not.toContain('scratch of unknown');
  });

  it('refuses weights that give no numbers, and not another network of the same look', () => {
    expect(scoreOf(run.evidence, 'overflowing').refused).toContain('not finite numbers before any training');
    expect(verdictOf('overflowing').verdict).toBe('no_evidence');
    expect(scoreOf(run.evidence, 'plain').estimate).not.toBeNull();
    expect(pairsOf(run.evidence)).toContain('plain − scratch');
  });

  it('counts training that broke down as guessing, says so, and draws no verdict from it', () => {
    const { details, estimate } = scoreOf(run.evidence, 'diverging');
    expect(details).toMatchObject({ collapsed: 'diverged', collapsedSeeds: 3 });
    expect(estimate!.value).toBe(0.5);
    expect(findingsOn('diverging')).toMatchObject([{ code: 'collapsed' }]);
    expect(verdictOf('diverging').verdict).toBe('inconclusive');
  });

  it('is complete for the rest', () => {
    const able = Object.keys(variants).filter((id) => scoreOf(run.evidence, id).estimate !== null);
    expect(able).toEqual(['plain', 'grey', 'channels_last', 'one_at_a_time', 'normalised', 'diverging']);
    const of = (id: string) => run.evidence!.comparisons.filter((c) => [c.subject, c.object].includes(id)).length;
    for (const id of able) expect(of(id)).toBeGreaterThanOrEqual(able.length);
    expect(run.evidence!.probes[0]!.run).not.toBeNull();
  });
});
