import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/command-line/run.ts';
import { loadManifest } from '../../src/manifest/load.ts';
import { documented, undocumented } from '../helpers/manifests.ts';
import { drawRepository, seesStripes, stripeManifest, temporaryFolders, writeFiles } from '../helpers/stripes.ts';

const folders = temporaryFolders();
const escapeCode = String.fromCharCode(27);
let drawn: string;
let folder: string;
let store: string;

beforeAll(async () => {
  drawn = await folders.make('drawn');
  store = await folders.make('store');
  await drawRepository(drawn);
});
beforeEach(async () => {
  folder = await folders.make('repository');
});
afterAll(() => folders.clear());

/** The program in this process, with a terminal, folder and signals of its own. */
async function call(...args: string[]) {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const signals = new Map<string, () => void>();
  const code = await runCommandLine(args, {
    stdout: { write: (text) => stdout.push(text) },
    stderr: { write: (text) => stderr.push(text) },
    cwd: () => folder,
    env: { XDG_CACHE_HOME: join(store, 'cache') },
    once: (event, listener) => signals.set(event, listener),
  });
  return { code, out: stdout.join(''), err: stderr.join(''), signals };
}

const withData = () => cp(drawn, folder, { recursive: true });
const writeManifest = (text: string, file = 'transfer.yml') => writeFiles(folder, { [file]: text });
const report = (name: string, out = 'transfer-evidence-report') => readFile(join(folder, out, name), 'utf8');
const beats = (subject: string, object: string) =>
  `{ id: C1, factor: performance, text: It does., test: { measure: probe.linear, subject: ${subject}, relation: greater_than, object: ${object} } }`;
const quick =
  '{ encoders: [{ id: small, ref: weights/edges.onnx }], images: 40, seeds: 3, configurations: 1, reference: off, probes: [linear] }';

describe('the command line', { timeout: 60_000 }, () => {
  it('answers 0 to a documented manifest, from its words alone', async () => {
    await writeManifest(documented);
    const { code, out, err } = await call('check');
    expect(code).toBe(0);
    expect(out.length).toBeGreaterThan(0);
    expect(err).toBe(`Report: ${join('transfer-evidence-report', 'comment.md')}\n`);
    expect(JSON.parse(await report('report.json'))).toMatchObject({ mode: 'check', manifest: 'transfer.yml' });
  });

  it('answers 1 when the gate says no', async () => {
    await writeManifest(undocumented);
    expect((await call('check')).code).toBe(1);
  });

  it('answers 2 to a manifest that is wrong, and still writes the report', async () => {
    await writeManifest(`${documented}colour: blue\n`);
    const { code, out } = await call('check');
    expect(code).toBe(2);
    expect(out).toContain('transfer.yml line 13');
    expect(await report('comment.md')).toContain('colour');
  });

  it('answers 2 when the data is not there, and 3 when a download cannot be had', async () => {
    await writeManifest(documented);
    const missing = await call('review', '--offline');
    expect(missing.code).toBe(2);
    expect(missing.out).toContain('data/target');

    await withData();
    const remote = `{ id: far, weights: { ref: 'https://models.invalid/far.onnx', sha256: ${'f'.repeat(64)} } }`;
    await writeManifest(stripeManifest({ candidates: [seesStripes, remote], claims: [] }));
    const offline = await call('review', '--offline');
    expect(offline.code).toBe(3);
    expect(offline.out).toContain('--offline');
    expect(JSON.parse(await report('report.json')).decision).toMatchObject({ state: 'no_evidence' });
  });

  it('shows a manifest to start with where there is none, one that it would accept', async () => {
    const { code, out, err } = await call('review');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('Error (manifest-missing)');
    await writeManifest(err.slice(err.indexOf('version: 1')));
    expect((await loadManifest('transfer.yml', { base: folder })).problems).toEqual([]);
    const named = await call('check', 'tasks/transfer.yml');
    expect(named.code).toBe(2);
    expect(named.err).toContain('tasks/transfer.yml');
  });

  it('answers 2 to an option that it does not have, naming the nearest', async () => {
    const { code, out, err } = await call('check', '--sead', '3');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('did you mean --seed?');
  });

  it('prints help and version', async () => {
    expect(await call()).toMatchObject({ code: 0, out: expect.stringContaining('Exit codes') });
    expect(await call('--help')).toMatchObject({ code: 0, err: '' });
    expect((await call('--version')).out).toMatch(/^transfer-evidence \d+\.\d+\.\d+\n$/);
  });

  it('finds the manifest in .github, and the repository above a manifest that is named', async () => {
    await writeManifest(documented, '.github/transfer.yml');
    expect((await call('check')).code).toBe(0);
    expect(JSON.parse(await report('report.json')).manifest).toBe('.github/transfer.yml');
    await writeManifest(documented, 'tasks/films/transfer.yml');
    execFileSync('git', ['init', '--quiet', folder]);
    await call('check', 'tasks/films/transfer.yml');
    expect(JSON.parse(await report('report.json')).manifest).toBe('tasks/films/transfer.yml');
  });

  it('writes every file into --out, and takes away evidence that is not of this run', async () => {
    await withData();
    await writeManifest(stripeManifest({ claims: [], evidence: quick }));
    expect((await call('review', '--out', 'deep/report', '--device', 'cpu')).code).toBe(0);
    expect((await readdir(join(folder, 'deep/report'))).sort()).toEqual(
      ['comment.md', 'evidence.json', 'report.html', 'report.json'].sort(),
    );
    const evidence = JSON.parse(await report('evidence.json', 'deep/report'));
    expect(evidence).toMatchObject({ schema: 'transfer-evidence/evidence', seed: 0, environment: { device: 'cpu' } });
    await call('check', '--out', 'deep/report');
    expect(await readdir(join(folder, 'deep/report'))).not.toContain('evidence.json');
  });

  it('tells a log what it does in plain lines, and standard output holds JSON alone', async () => {
    await withData();
    await writeManifest(stripeManifest({ claims: [beats('colour', 'edges')], evidence: quick }));
    const { code, out, err } = await call('review', '--format', 'json', '--store', 'kept', '--device', 'cpu');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ claims: [{ id: 'C1', verdict: 'contradicted' }] });
    expect(out).toBe(await report('report.json'));
    expect(err).not.toContain(escapeCode);
    expect(err).not.toContain('\r');
    expect(err).toMatch(/^Reading the target: 40 done in \d/m);
    expect(err).toMatch(/^Training linear probes: 105 done in \d/m);

    const old = new Date(Date.now() - 100 * 86_400_000);
    const unread = join(folder, 'kept/probe/ab/abc.json');
    await writeFiles(folder, { 'kept/probe/ab/abc.json': '' });
    await utimes(unread, old, old);
    const again = await call('review', '--format', 'json', '--store', 'kept', '--device', 'cpu');
    expect(await readdir(dirname(unread))).not.toContain('abc.json');
    expect(again.err).toBe(
      `Unchanged: all that is asked for was measured before.\nReport: ${join('transfer-evidence-report', 'comment.md')}\n`,
    );
    expect(again.out).toBe(out);
  });

  it('keeps evidence in the user’s cache folder unless told otherwise', async () => {
    await withData();
    await writeManifest(stripeManifest({ claims: [], evidence: quick }));
    await call('review', '--device', 'cpu');
    expect(await readdir(join(store, 'cache/transfer-evidence'))).toContain('evidence');
  });

  it('draws other numbers from another seed, and the same from the same', async () => {
    await withData();
    await writeManifest(stripeManifest({ claims: [], evidence: quick }));
    const scores = async (...args: string[]) => {
      expect((await call('review', '--device', 'cpu', ...args)).code).toBe(0);
      const { measurements } = JSON.parse(await report('evidence.json'));
      return JSON.stringify(measurements.map(({ estimate }: { estimate: unknown }) => estimate));
    };
    const zero = await scores();
    expect(await scores('--seed', '0')).toBe(zero);
    expect(await scores('--seed', '1')).not.toBe(zero);
    expect(JSON.parse(await report('report.json')).reproduce).toContain('--seed 1');
  });

  it('reads data beside the repository only where --data-root names it', async () => {
    await writeManifest(
      stripeManifest({
        target: join(drawn, 'data/target'),
        candidates: [`{ id: edges, sample: ${join(drawn, 'data/near')} }`],
        claims: [],
        evidence: '{ images: 40, reference: off, probes: [linear] }',
      }),
    );
    expect((await call('review', '--device', 'cpu')).code).toBe(2);
    expect(await report('comment.md')).toContain('data-roots');
    expect((await call('review', '--device', 'cpu', '--data-root', drawn)).code).toBe(0);
    expect((await call('review', '--device', 'cpu', '--data-root', 'nowhere', '--data-root', drawn)).code).toBe(0);
  });
});

describe('node src/cli.ts', { timeout: 60_000 }, () => {
  const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
  const start = (...args: string[]): ChildProcess & { err: () => string } => {
    const child = spawn(process.execPath, [cli, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let err = '';
    child.stderr.on('data', (text) => {
      err += text;
    });
    return Object.assign(child, { err: () => err });
  };

  it('ends with the exit code and nothing but the report on standard output', async () => {
    await writeManifest(undocumented);
    const child = start('check', '--format', 'json');
    let out = '';
    child.stdout!.on('data', (text) => {
      out += text;
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(JSON.parse(out).decision.state).toBe('undocumented');
  });

  it('stops at Ctrl-C with 3 and goes on from what it kept', async () => {
    await withData();
    // Long enough that it is still at it, whatever the machine.
    const long = stripeManifest({
      claims: [],
      evidence: '{ images: 40, seeds: 20, configurations: 9, reference: off, probes: [linear] }',
    });
    await writeManifest(long);
    const child = start('review', '--device', 'cpu', '--store', 'kept');
    child.stderr!.on('data', () => {
      // A second one would end it on the spot.
      if (!child.killed && child.err().includes('Reading edges: 30 done')) child.kill('SIGINT');
    });
    const [code, signal] = await once(child, 'close');
    expect([code, signal]).toEqual([3, null]);
    expect(child.err()).toContain('Error (cancelled): Stopped by SIGINT');
    expect(child.err()).not.toContain('Training linear probes: ');

    await writeFile(
      join(folder, 'transfer.yml'),
      long.replace('seeds: 20, configurations: 9', 'seeds: 3, configurations: 1'),
    );
    const next = await call('review', '--device', 'cpu', '--store', 'kept');
    expect(next.code).toBe(0);
    expect(next.err).not.toContain('Reading the target');
    expect(next.err).not.toContain('Reading edges');
    expect(next.err).toContain('Training linear probes: ');
  });
});
