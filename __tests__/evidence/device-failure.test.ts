import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failingDevice } from '../helpers/failing-device.ts';
import { bytesOf, drawRepository, measureText, type Run, temporaryFolders } from '../helpers/stripes.ts';
import { filters, scoreOf, steady, tuned, weightsOnly, writeNetworks } from '../helpers/tuned.ts';

const folders = temporaryFolders();
const unknown = filters({
  after: (graph, features) => graph.node('Add', [features, graph.node('Hardmax', [features])]),
});
const text = tuned({ candidates: weightsOnly('filters', 'unknown'), chosen: 'filters' });
/** Three seeds of a network and of its random twin. */
const everyRun = 6;
let folder: string;
/** A device that takes no network beyond the self-check's, and one that runs out of memory in the middle of training. */
let refusing: string;
let exhausted: string;
let onProcessor: Run;

const measured = async (manifest: string, options: Parameters<typeof measureText>[3], store?: string) =>
  measureText(folder, manifest, store ?? (await folders.make('store')), { timing: steady, ...options });
const failures = ({ told }: Run) => told.lines.filter((line) => line.includes('failed'));
const codesOf = ({ evidence }: Run) => evidence!.findings.map(({ code, about }) => `${code} ${about}`);
const runsIn = async (store: string) =>
  (await readdir(join(store, 'training-run'), { recursive: true })).filter((name) => name.endsWith('.json')).length;

beforeAll(async () => {
  folder = await folders.make('repository');
  await drawRepository(folder);
  await writeNetworks(folder, { filters: filters(), unknown });
  refusing = await failingDevice(await folders.make('refusing'), 'opening');
  // In the third run of 60 steps.
  exhausted = await failingDevice(await folders.make('exhausted'), { steps: 150 });
  onProcessor = await measured(text, { device: 'cpu' });
}, 60_000);
afterAll(() => folders.clear());

describe('a device that fails while networks are trained', { timeout: 60_000 }, () => {
  it.each([
    ['takes no network', () => refusing, 'cannot be opened on cuda: ', 0],
    ['runs out of memory halfway', () => exhausted, 'cannot be trained on cuda: CUDA failure 2: out of memory', 2],
  ])('and was chosen by auto is left for the processor: one that %s', async (_, place, reason, runs) => {
    const store = await folders.make('store');
    const run = await measured(text, { device: 'auto', localCopy: place() }, store);
    expect(failures(run)).toEqual([
      expect.stringMatching(
        /^cuda failed while networks were trained, so all of them are trained on the processor: The network \S+ .*\.$/,
      ),
    ]);
    expect(failures(run)[0]).toContain(reason);
    // What the device did before is kept under its own name, and stands nowhere in the evidence.
    expect(await runsIn(store)).toBe(everyRun + runs);
    expect(scoreOf(run.evidence, 'filters').details).toMatchObject({ device: 'cpu' });
    expect(run.evidence!.environment.device).toBe('cpu');
    expect(bytesOf(run.evidence)).toBe(bytesOf(onProcessor.evidence));
  });

  it.each([
    ['takes no network', () => refusing, 'cannot be opened on cuda: '],
    ['runs out of memory halfway', () => exhausted, 'CUDA failure 2: out of memory'],
  ])(
    'and was asked for by name is one error, about the run and no candidate: one that %s',
    async (_, place, reason) => {
      const run = await measured(text, { device: 'cuda', localCopy: place() });
      const trouble = run.evidence!.findings.filter(({ code }) => code === 'infrastructure');
      expect(trouble).toMatchObject([{ about: 'run' }]);
      expect(trouble[0]!.text).toMatch(
        /^The device cuda was asked for and failed while networks were trained: .*\. Mend it, or ask for auto or cpu\.$/,
      );
      expect(trouble[0]!.text).toContain(reason);
      expect(codesOf(run).filter((code) => code.startsWith('measure_refused'))).toEqual([]);
      expect(run.evidence!.measurements.filter(({ measure }) => measure === 'probe.finetune')).toEqual([]);
      expect(failures(run)).toEqual([]);
    },
  );

  it.each(['auto', 'cuda'] as const)(
    'is not blamed for a network that has no gradient, asked for as %s',
    async (device) => {
      const alone = tuned({ candidates: weightsOnly('unknown'), chosen: 'unknown' });
      const run = await measured(alone, { device, localCopy: refusing });
      expect(failures(run)).toEqual([]);
      expect(codesOf(run)).toContain('measure_refused unknown');
      expect(codesOf(run)).not.toContain('infrastructure run');
      expect(scoreOf(run.evidence, 'unknown').refused).toContain('Hardmax');
    },
  );
});
