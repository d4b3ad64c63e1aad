import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import addFormatsModule, { type FormatsPlugin } from 'ajv-formats';

const addFormats = ((addFormatsModule as { default?: unknown }).default ?? addFormatsModule) as FormatsPlugin;
const require = createRequire(import.meta.url);

type Payload = Record<string, unknown>;
interface Examples {
  name: string;
  examples: Payload[];
}

const examples = require('@octokit/webhooks-examples') as { default?: Examples[] } & Examples[];
const all: Examples[] = examples.default ?? examples;
const ajv = new Ajv({ strict: false, logger: false, validateSchema: false, inlineRefs: false });
addFormats(ajv);
ajv.addSchema(require('@octokit/webhooks-schemas') as Payload, 'webhooks');

/**
 * An event as GitHub sends it: one of the official examples, with what a test cares about put in, checked against the
 * official schema afterwards.
 *
 * @param definition name in the schemas, such as `pull_request$synchronize`
 * @param index which example; the first of each event fails its own schema
 */
function payload(event: string, index: number, definition: string, change: (example: never) => void): Payload {
  const example = structuredClone(all.find(({ name }) => name === event)!.examples[index]!);
  change(example as never);
  const validate = ajv.getSchema(`webhooks#/definitions/${definition}`)!;
  if (!validate(example)) throw new Error(`${definition}: ${ajv.errorsText(validate.errors)}`);
  return example;
}

interface PullRequestExample {
  number: number;
  pull_request: { number: number; head: Head; base: Head };
}
interface Head {
  sha: string;
  repo: { full_name: string };
}

/** A push to a pull request. */
export function pullRequestPayload(repository: string, number: number, sha: string, from = repository): Payload {
  return payload('pull_request', 22, 'pull_request$synchronize', (example: PullRequestExample) => {
    example.number = number;
    example.pull_request.number = number;
    example.pull_request.head.sha = sha;
    example.pull_request.head.repo.full_name = from;
    example.pull_request.base.repo.full_name = repository;
  });
}

/** A push to a branch. */
export function pushPayload(sha: string): Payload {
  return payload('push', 4, 'push$event', (example: { after: string; deleted: boolean }) => {
    example.after = sha;
    example.deleted = false;
  });
}

/** A merge queue that asks for its checks. */
export function mergeGroupPayload(sha: string): Payload {
  return payload('merge_group', 1, 'merge_group$checks_requested', (example: { merge_group: { head_sha: string } }) => {
    example.merge_group.head_sha = sha;
  });
}

/** A workflow that ran for a fork: GitHub then names no pull request. */
export function workflowRunPayload(repository: string, from: string, sha: string): Payload {
  interface Example {
    workflow_run: { head_sha: string; head_repository: { full_name: string }; pull_requests: unknown[] };
    repository: { full_name: string };
  }
  return payload('workflow_run', 2, 'workflow_run$completed', (example: Example) => {
    example.workflow_run.head_sha = sha;
    example.workflow_run.head_repository.full_name = from;
    example.workflow_run.pull_requests = [];
    example.repository.full_name = repository;
  });
}
