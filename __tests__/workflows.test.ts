import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readInputs } from '../src/github/inputs.ts';
import { outputsOf } from '../src/github/outputs.ts';
import { lint } from './helpers/lint-workflow.ts';
import { actionFolder } from './helpers/run-action.ts';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<string, { permissions: Record<string, string>; steps: Step[]; 'timeout-minutes': number }>;
}

const read = (file: string): string => readFileSync(path.join(actionFolder, file), 'utf8');
const workflows = globSync('examples/workflow*.yml', { cwd: actionFolder });

describe('action.yml', () => {
  const action = parse(read('action.yml')) as {
    inputs: Record<string, { description: string; default?: string }>;
    outputs: Record<string, { description: string }>;
    runs: { using: string; main: string };
  };

  it('is valid', async () => {
    expect(await lint('action.yml', read('action.yml'))).toEqual([]);
  });

  it('runs the built bundle on Node 24', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js', post: 'dist/index.js' });
  });

  it('declares exactly the inputs that are read', () => {
    const asked: string[] = [];
    readInputs((name) => {
      asked.push(name);
      return '';
    }, '/w');
    expect(Object.keys(action.inputs).sort()).toEqual(asked.sort());
  });

  it('declares exactly the outputs that are set', () => {
    expect(Object.keys(action.outputs).sort()).toEqual(Object.keys(outputsOf([], '/out')).sort());
  });

  it('leaves every default to the code, the token excepted, and describes everything', () => {
    const withDefault = Object.keys(action.inputs).filter((name) => action.inputs[name]?.default !== undefined);
    expect(withDefault).toEqual(['token']);
    for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)]) {
      expect(description).toMatch(/\.$/);
    }
  });
});

describe.each(workflows)('%s', (file) => {
  const workflow = parse(read(file)) as Workflow;
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps);

  it('is valid, with inputs that the Action has', async () => {
    expect(await lint('workflow.yml', read(file))).toEqual([]);
  });

  it('grants nothing by default and each job no more than it needs', () => {
    expect(workflow.permissions).toEqual({});
    for (const job of jobs) expect(job.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
  });

  it('never runs a stranger’s code with a token that can write', () => {
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
    expect(Object.keys(workflow.on)).not.toContain('workflow_run');
  });

  it('pins other people’s actions to a commit, with the version beside it', () => {
    for (const line of read(file)
      .split('\n')
      .filter((text) => /uses:/.test(text) && !/transfer-evidence@/.test(text))) {
      expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it('leaves no credentials in the checkout', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(0);
    for (const { with: inputs } of checkouts) expect(inputs?.['persist-credentials']).toBe(false);
  });

  it('puts no words of an event into a shell', () => {
    for (const { run } of steps) expect(run ?? '').not.toMatch(/\$\{\{/);
  });

  it('ends', () => {
    for (const job of jobs) expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
  });
});

it('finds mistakes: the lint itself works', async () => {
  const text = read('examples/workflow.yml');
  expect(await lint('workflow.yml', text.replace('mode: check', 'modus: check'))).not.toEqual([]);
  expect(await lint('workflow.yml', text.replace('runs-on:', 'run-on:'))).not.toEqual([]);
  expect(await lint('action.yml', read('action.yml').replace('node24', 'node42'))).not.toEqual([]);
});
