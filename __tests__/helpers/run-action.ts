import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { parse } from 'yaml';
import { readCommandFile, readStepLog, type ShownAnnotation } from './workflow-commands.ts';

/** The folder that holds action.yml and dist/. */
export const actionFolder = fileURLToPath(new URL('../..', import.meta.url));

export interface Job {
  /** Folder of the runner: two runs that share it share its temporary folder and tool cache. */
  runner: string;
  workspace: string;
  repository: string;
  eventName: string;
  payload: object;
  /** GITHUB_SHA */
  sha: string;
  apiUrl: string;
  token: string;
  inputs?: Record<string, string>;
  environment?: 'github-hosted' | 'self-hosted';
  env?: Record<string, string>;
  /** The step is cancelled as soon as this is so; the action's post step follows, as always on GitHub. */
  cancelWhen?: () => boolean;
}

export interface StepResult {
  code: number;
  log: string;
  outputs: Record<string, string>;
  summary: string;
  annotations: ShownAnnotation[];
  /** What GitHub would drop or complain about; empty for a well-behaved step. */
  problems: string[];
}

interface ActionFile {
  inputs: Record<string, { default?: string }>;
  runs: { using: string; main: string; post: string };
}

/** Runs the shipped action in a process of its own, in the environment that a runner would give it. */
export async function runAction(job: Job): Promise<StepResult> {
  const action = parse(readFileSync(path.join(actionFolder, 'action.yml'), 'utf8')) as ActionFile;
  const temp = path.join(job.runner, '_temp');
  const tools = path.join(job.runner, '_tool');
  const commands = path.join(temp, '_runner_file_commands');
  for (const folder of [commands, tools, job.workspace]) mkdirSync(folder, { recursive: true });
  const file = (name: string, content = ''): string => {
    const place = path.join(commands, name);
    writeFileSync(place, content);
    return place;
  };
  const files = { output: file('output'), summary: file('summary'), state: file('state'), env: file('env') };
  const problems: string[] = [];
  for (const name of Object.keys(job.inputs ?? {})) {
    if (!(name in action.inputs)) problems.push(`unexpected input ${name}`);
  }

  const environment = {
    // Only what runners set: nothing of the machine that tests leaks in.
    PATH: `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: os.homedir(),
    CI: 'true',
    ...inputVariables(action, job),
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION_PATH: actionFolder,
    GITHUB_API_URL: job.apiUrl,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_EVENT_NAME: job.eventName,
    GITHUB_EVENT_PATH: file('event.json', JSON.stringify(job.payload)),
    GITHUB_REPOSITORY: job.repository,
    GITHUB_RUN_ID: '4242',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_SHA: job.sha,
    GITHUB_WORKFLOW: 'transfer evidence',
    GITHUB_WORKSPACE: job.workspace,
    GITHUB_OUTPUT: files.output,
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_STATE: files.state,
    GITHUB_ENV: files.env,
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: 'X64',
    RUNNER_ENVIRONMENT: job.environment ?? 'github-hosted',
    RUNNER_TEMP: temp,
    RUNNER_TOOL_CACHE: tools,
    ...job.env,
  };
  const step = (program: string, env: Record<string, string>, cancelWhen?: () => boolean) =>
    start([path.join(actionFolder, program)], job.workspace, env, cancelWhen);
  let { code, output } = await step(action.runs.main, environment, job.cancelWhen);
  if (job.cancelWhen) {
    const state = Object.entries(readCommandFile(readFileSync(files.state, 'utf8')));
    const left = Object.fromEntries(state.map(([name, value]) => [`STATE_${name}`, value]));
    const after = await step(action.runs.post, { ...environment, ...left });
    if (after.code !== 0) problems.push(`the post step ended with ${after.code}`);
    output += after.output;
  }

  const { text, annotations, retired } = readStepLog(output);
  const written = readFileSync(files.output, 'utf8');
  const summary = readFileSync(files.summary, 'utf8');
  problems.push(...retired.map((command) => `retired command ${command}`));
  if (Buffer.byteLength(summary) > 1024 * 1024) problems.push('the summary is longer than 1 MiB');
  for (const level of ['error', 'warning', 'notice']) {
    const count = annotations.filter((annotation) => annotation.level === level).length;
    if (count > 10) problems.push(`${count} annotations of level ${level}`);
  }
  if ([text, written, summary].some((place) => place.includes(job.token))) problems.push('the token can be read');
  return { code, log: text, outputs: readCommandFile(written), summary, annotations, problems };
}

function inputVariables(action: ActionFile, job: Job): Record<string, string> {
  const context = toData({ github: { token: job.token } });
  const evaluate = (text: string): string =>
    text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => {
      const tree = new Parser(new Lexer(expression.trim()).lex().tokens, ['github'], []).parse();
      return new Evaluator(tree, context).evaluate().coerceString();
    });
  return Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      evaluate(job.inputs?.[name] ?? input.default ?? ''),
    ]),
  );
}

type Value = string | { [key: string]: Value };

function toData(value: { [key: string]: Value }): data.Dictionary {
  return new data.Dictionary(
    ...Object.entries(value).map(([key, inner]) => ({
      key,
      value: typeof inner === 'string' ? new data.StringData(inner) : toData(inner),
    })),
  );
}

function start(
  args: string[],
  cwd: string,
  env: Record<string, string>,
  cancelWhen?: () => boolean,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        output += text;
      });
    }
    const watch = cancelWhen && setInterval(() => cancelWhen() && child.kill('SIGINT'), 10);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      resolve({ code: code ?? -1, output });
    });
  });
}
