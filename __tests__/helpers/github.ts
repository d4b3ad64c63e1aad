import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Emulator, startEmulator } from './github-emulator.ts';
import { type Answer, answerGap, deniedAnswer, type Permissions } from './github-gaps.ts';
import { OfficialInterface, type Operation } from './openapi.ts';

/** A request that the stand-in saw. */
export interface Seen {
  method: string;
  path: string;
  operation: string | undefined;
  body: Record<string, unknown> | undefined;
  status: number | undefined;
}

/** Trouble to make: the next `times` requests of this operation get this answer, or a connection that breaks. */
export interface Fault {
  operation: string;
  times: number;
  status: number | 'reset';
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Violation {
  where: 'request' | 'response' | 'stand-in';
  operation: string | undefined;
  errors: string[];
}

/** GitHub on this machine: the emulator's state behind a gate that knows GitHub's official description. */
export interface GitHubStandIn extends Emulator {
  url: string;
  seen: Seen[];
  faults: Fault[];
  violations: Violation[];
  /** Requests that change something. */
  writes(): Seen[];
  /** A token as a job gets it, with what its `permissions:` say. */
  workflowToken(permissions: Permissions): Promise<string>;
  close(): Promise<void>;
}

const documentation = 'https://docs.github.com/rest';
const description = fileURLToPath(new URL('../fixtures/github-rest-subset.json', import.meta.url));
const hopHeaders = new Set(['transfer-encoding', 'connection', 'keep-alive', 'content-length', 'content-encoding']);

/** Starts a GitHub with one repository `owner/name` that has a first commit. Nothing leaves the machine. */
export async function startGitHub(repository: string): Promise<GitHubStandIn> {
  const official = new OfficialInterface(description);
  const emulator = await startEmulator(repository);
  const tokens = new Map<string, Permissions>();
  const seen: Seen[] = [];
  const faults: Fault[] = [];
  const violations: Violation[] = [];
  let url = '';

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams, search } = new URL(request.url!, url);
    const raw = await bytesOf(request);
    const body = raw.length > 0 ? (JSON.parse(raw.toString()) as Record<string, unknown>) : undefined;
    const operation = official.match(request.method!, pathname);
    const entry: Seen = { method: request.method!, path: pathname, operation: operation?.id, body, status: undefined };
    seen.push(entry);
    const send = ({ status, body: answer, headers }: Answer): void => {
      entry.status = status;
      const errors = operation === undefined ? [] : official.responseErrors(operation, status, answer);
      if (errors.length > 0) violations.push({ where: 'response', operation: operation?.id, errors });
      response.writeHead(status, {
        'content-type': 'application/json; charset=utf-8',
        'x-github-request-id': randomUUID(),
        ...headers,
      });
      response.end(answer === undefined ? '' : JSON.stringify(answer).replaceAll(emulator.base, url));
    };

    const fault = takeFault(faults, operation);
    if (fault?.status === 'reset') {
      request.socket.destroy();
      return;
    }
    if (fault !== undefined) return send({ ...fault, status: fault.status as number, body: fault.body });
    const token = /^(?:bearer|token) (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (!tokens.has(token) && token !== emulator.userToken) {
      return send({
        status: 401,
        body: { message: 'Bad credentials', documentation_url: documentation, status: '401' },
      });
    }
    if (operation === undefined) {
      violations.push({ where: 'request', operation: undefined, errors: [`${request.method} ${pathname} is unknown`] });
      return send({ status: 404, body: { message: 'Not Found', documentation_url: documentation, status: '404' } });
    }
    const errors = official.requestErrors(operation, searchParams, body);
    if (errors.length > 0) {
      violations.push({ where: 'request', operation: operation.id, errors });
      return send({
        status: 422,
        body: { message: 'Validation Failed', documentation_url: documentation, errors: [] },
      });
    }
    const gap = await answerGap(operation, body, (path) => emulator.get(path, token));
    if (gap !== undefined) return send(gap);

    const upstream = await fetch(emulator.base + pathname + search, {
      method: request.method!,
      headers: {
        authorization: request.headers.authorization!,
        'user-agent': 'stand-in',
        'content-type': 'application/json',
      },
      ...(raw.length > 0 ? { body: raw } : {}),
    });
    const text = await upstream.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    if (upstream.status === 403 && tokens.has(token)) return send(deniedAnswer);
    const headers = Object.fromEntries([...upstream.headers].filter(([name]) => !hopHeaders.has(name)));
    if (headers.link) headers.link = headers.link.replaceAll(emulator.base, url);
    send({ status: upstream.status, body: answer, headers });
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      violations.push({ where: 'stand-in', operation: undefined, errors: [String((error as Error).stack)] });
      response.writeHead(500).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    ...emulator,
    url,
    seen,
    faults,
    violations,
    writes: () => seen.filter(({ method }) => method !== 'GET'),
    workflowToken: async (permissions) => {
      const token = await emulator.mintToken(permissions);
      tokens.set(token, permissions);
      return token;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await emulator.stop();
    },
  };
}

async function bytesOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function takeFault(faults: Fault[], operation: Operation | undefined): Fault | undefined {
  const index = faults.findIndex((fault) => fault.operation === operation?.id);
  const fault = faults[index];
  if (fault === undefined) return undefined;
  fault.times--;
  if (fault.times === 0) faults.splice(index, 1);
  return fault;
}
