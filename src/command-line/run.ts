import { execFileSync } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { access, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, parse, relative, resolve, sep } from 'node:path';
import { exitCodeOf, TransferEvidenceError } from '../errors.ts';
import { openStore } from '../evidence/store.ts';
import { findManifests } from '../manifest/find.ts';
import { smallestManifest } from '../manifest/smallest.ts';
import { type Review, review } from '../review.ts';
import { version } from '../version.ts';
import { type CommandLine, help, readArguments } from './arguments.ts';
import { commandOf } from './command.ts';
import { runMeasure } from './measure.ts';
import { describeMeasure, describeMeasures } from './measure-help.ts';
import { terminalProgress } from './progress.ts';

interface Host {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown; isTTY?: boolean; columns?: number };
  cwd(): string;
  env: NodeJS.ProcessEnv;
  once(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

/** The command line. @returns the exit code: 0 pass, 1 the gate says no, 2 the manifest or the call is wrong, 3 infrastructure */
export async function runCommandLine(args: string[], host: Host): Promise<0 | 1 | 2 | 3> {
  try {
    const call = readArguments(args);
    if (call === 'help') return print(host, help);
    if (call === 'version') return print(host, `transfer-evidence ${version}\n`);
    if (call.command === 'describe')
      return print(host, call.measure === undefined ? describeMeasures() : describeMeasure(call.measure));
    if (call.command === 'measure') return print(host, await runMeasure(call, (path) => resolve(host.cwd(), path)));
    const done = await run(call, host);
    host.stdout.write(call.format === 'json' ? done.json : done.text);
    host.stderr.write(`Report: ${join(call.out, 'comment.md')}\n`);
    return exitCode(done);
  } catch (error) {
    if (error instanceof TransferEvidenceError) {
      const { location: at } = error;
      const where = at ? `${at.file}${at.line ? `:${at.line}${at.column ? `:${at.column}` : ''}` : ''}: ` : '';
      host.stderr.write(`Error (${error.code}): ${where}${error.message}\n`);
    } else host.stderr.write(`Unexpected: ${error instanceof Error ? error.stack : String(error)}\n`);
    return exitCodeOf(error);
  }
}

function print(host: Host, text: string): 0 {
  host.stdout.write(text);
  return 0;
}

async function run(call: CommandLine, host: Host): Promise<Review> {
  const cancel = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    host.once(signal, () =>
      cancel.abort(
        new TransferEvidenceError(
          'cancelled',
          `Stopped by ${signal}. What was measured is kept; the same command goes on from there.`,
        ),
      ),
    );
  const here = host.cwd();
  const manifest = call.manifest ?? (await findManifests(here))[0];
  if (manifest === undefined)
    throw new TransferEvidenceError(
      'manifest-missing',
      `There is no transfer.yml in this folder. Write one, for instance:\n\n${smallestManifest}`,
    );
  // Before anything is measured, not after.
  await makeFolder(resolve(here, call.out));
  const workspace = workspaceOf(resolve(here, manifest), here);
  const path = relative(workspace, resolve(here, manifest));
  const store = resolve(
    here,
    call.store ?? join(host.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'transfer-evidence'),
  );
  const dataRoots = call.dataRoots.map((root) => resolve(here, root));
  const result = await review({
    mode: call.command,
    manifest: path,
    workspace,
    roots: dataRoots,
    device: call.device,
    seed: call.seed,
    offline: call.offline,
    ...(call.natives === undefined ? {} : { natives: resolve(here, call.natives) }),
    store,
    context: {
      commit: commitOf(workspace),
      runUrl: null,
      today: new Date().toISOString().slice(0, 10),
      reproduce: commandOf(call.command, path, { ...call, workspace, dataRoots }),
    },
    log: terminalProgress(host.stderr),
    signal: cancel.signal,
  });
  await writeReport(resolve(here, call.out), result);
  if (call.command === 'review') await openStore(store).prune(new Date());
  return result;
}

/** @throws input-invalid when the report has no place to go */
async function makeFolder(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
  } catch (cause) {
    const found = (await stat(directory).catch(() => undefined))?.isFile() ? 'a file' : (cause as Error).message;
    throw new TransferEvidenceError(
      'input-invalid',
      `--out is a folder that can be written to; found ${directory}: ${found}. Name another with --out.`,
      { cause },
    );
  }
}

/** Writes comment.md, report.html, report.json and, where something was measured, evidence.json. */
async function writeReport(directory: string, result: Review): Promise<void> {
  await writeFile(join(directory, 'comment.md'), result.comment);
  await writeFile(join(directory, 'report.html'), result.html);
  await writeFile(join(directory, 'report.json'), result.json);
  const evidence = join(directory, 'evidence.json');
  if (result.evidence) await writeFile(evidence, `${JSON.stringify(result.evidence, null, 2)}\n`);
  // An earlier run's would pass for this one's.
  else await rm(evidence, { force: true });
}

function exitCode({ problems, decision, evidence }: Review): 0 | 1 | 2 | 3 {
  if (problems.some(({ level, waived }) => level === 'error' && !waived)) return 2;
  if (decision.gate === 'fail') return 1;
  return evidence?.findings.some(({ code }) => code === 'infrastructure') ? 3 : 0;
}

/** The repository that holds the manifest; outside of one this folder, or the manifest's own where it lies elsewhere. */
function workspaceOf(manifest: string, here: string): string {
  for (let folder = dirname(manifest); folder !== parse(folder).root; folder = dirname(folder))
    if (existsSync(join(folder, '.git'))) return folder;
  return manifest.startsWith(here.endsWith(sep) ? here : here + sep) ? here : dirname(manifest);
}

function commitOf(workspace: string): string | null {
  try {
    return execFileSync('git', ['-C', workspace, 'rev-parse', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
