import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Entry {
  key: string;
  version: string;
  blob: string;
  complete: boolean;
}

/** The service behind @actions/cache (Twirp over JSON, version 2), with its storage. */
export interface ResultsStandIn {
  /** What a runner puts into a job's environment. */
  env: Record<string, string>;
  /** Complete entries. */
  keys(): string[];
  /** Names of the calls made, such as `CreateCacheEntry`. */
  calls: string[];
  /** Set to refuse every call, as GitHub does to a token without the right to the cache. */
  denied: boolean;
  close(): Promise<void>;
}

interface CacheRequest {
  key: string;
  version: string;
  restore_keys?: string[];
}

type Reply = { status: number; body: unknown };

export async function startResults(): Promise<ResultsStandIn> {
  const entries: Entry[] = [];
  const blobs = new Map<string, Buffer>();
  const blocks = new Map<string, Buffer>();
  const calls: string[] = [];
  let url = '';
  const addressOf = (blob: string): string => `${url}/blob/${blob}?sig=${randomUUID()}`;

  const cacheService = (method: string, request: CacheRequest): Reply => {
    const { key, version, restore_keys: starts = [] } = request;
    const found = entries.find((entry) => entry.key === key && entry.version === version);
    switch (method) {
      case 'CreateCacheEntry': {
        if (found) return { status: 409, body: { code: 'already_exists', msg: 'cache entry already exists' } };
        const entry = { key, version, blob: randomUUID(), complete: false };
        entries.push(entry);
        return { status: 200, body: { ok: true, signed_upload_url: addressOf(entry.blob) } };
      }
      case 'FinalizeCacheEntryUpload': {
        if (!found) return { status: 404, body: { code: 'not_found', msg: 'no such reservation' } };
        found.complete = true;
        return { status: 200, body: { ok: true, entry_id: '1' } };
      }
      case 'GetCacheEntryDownloadURL': {
        const matched = [found, ...starts.map((start) => newest(start, version))].find((entry) => entry?.complete);
        if (!matched) return { status: 200, body: { ok: false } };
        return {
          status: 200,
          body: { ok: true, signed_download_url: addressOf(matched.blob), matched_key: matched.key },
        };
      }
    }
    return { status: 404, body: { code: 'bad_route', msg: method } };
  };

  /** The newest complete entry whose key starts so. */
  const newest = (start: string, version: string): Entry | undefined =>
    entries.findLast((entry) => entry.complete && entry.version === version && entry.key.startsWith(start));

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url!, url);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const content = Buffer.concat(chunks);

    const call = /^\/twirp\/github\.actions\.results\.api\.v1\.CacheService\/(\w+)$/.exec(pathname)?.[1];
    if (call !== undefined) {
      calls.push(call);
      const { status, body } = standIn.denied
        ? { status: 403, body: { code: 'permission_denied', msg: 'cache read denied: no scope' } }
        : cacheService(call, JSON.parse(content.toString()) as CacheRequest);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      return;
    }
    const blob = /^\/blob\/([^/]+)$/.exec(pathname)?.[1];
    if (blob === undefined) {
      response.writeHead(404).end();
      return;
    }
    if (request.method === 'PUT') {
      upload(blob, searchParams, content);
      response.writeHead(201, { etag: '"1"', 'last-modified': new Date().toUTCString() }).end();
      return;
    }
    download(request, response, blobs.get(blob));
  };

  /** Large blobs come in blocks, and then a list of them. */
  const upload = (blob: string, query: URLSearchParams, content: Buffer): void => {
    switch (query.get('comp')) {
      case 'block':
        blocks.set(`${blob}/${query.get('blockid')}`, content);
        break;
      case 'blocklist': {
        const ids = [...content.toString().matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]+)</g)];
        blobs.set(blob, Buffer.concat(ids.map(([, id]) => blocks.get(`${blob}/${id}`)!)));
        break;
      }
      default:
        blobs.set(blob, content);
    }
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const standIn: ResultsStandIn = {
    env: {
      ACTIONS_RESULTS_URL: `${url}/`,
      ACTIONS_RUNTIME_TOKEN: runtimeToken(),
      ACTIONS_CACHE_SERVICE_V2: 'True',
    },
    keys: () => entries.filter(({ complete }) => complete).map(({ key }) => key),
    calls,
    denied: false,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return standIn;
}

function download(request: IncomingMessage, response: ServerResponse, content: Buffer | undefined): void {
  if (content === undefined) {
    response.writeHead(404).end();
    return;
  }
  const range = /bytes=(\d+)-(\d*)/.exec(String(request.headers.range ?? request.headers['x-ms-range'] ?? ''));
  const start = range ? Number(range[1]) : 0;
  const end = range?.[2] ? Math.min(Number(range[2]), content.length - 1) : content.length - 1;
  response.writeHead(range ? 206 : 200, {
    'content-type': 'application/octet-stream',
    'content-length': end - start + 1,
    'accept-ranges': 'bytes',
    etag: '"1"',
    ...(range ? { 'content-range': `bytes ${start}-${end}/${content.length}` } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : content.subarray(start, end + 1));
}

/** An unsigned token with the scope that the client reads the run's ids from. */
function runtimeToken(): string {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const scp = `Actions.Results:${randomUUID()}:${randomUUID()}`;
  return `${encode({ alg: 'none' })}.${encode({ scp, exp: Math.floor(Date.now() / 1000) + 3600 })}.none`;
}
