import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong with the next request to one of the two servers. */
export interface Fault {
  on: 'hub' | 'storage';
  /** Answer this status instead of the file. */
  status?: number;
  headers?: Record<string, string>;
  /** Flip one byte of the file. */
  corrupt?: boolean;
  /** Break the connection after this many bytes. */
  cutAfter?: number;
  /** Send the whole file whatever range was asked for. */
  ignoreRange?: boolean;
  /** Redirect here instead of to the storage. */
  redirect?: string;
}

export interface SeenRequest {
  server: 'hub' | 'storage';
  path: string;
  range: string | undefined;
  authorization: string | undefined;
}

/**
 * A model hub on the loopback: `/owner/name/resolve/revision/path` answers with a redirect to a storage server of
 * another origin, which serves files and ranges of them.
 */
export class ModelHub {
  readonly requests: SeenRequest[] = [];
  readonly faults: Fault[] = [];
  readonly #files: ReadonlyMap<string, Uint8Array>;
  readonly #hub: Server;
  readonly #storage: Server;

  /** @param files by `owner/name/revision/path` */
  static async start(files: Record<string, Uint8Array>): Promise<ModelHub> {
    const hub = new ModelHub(new Map(Object.entries(files)));
    for (const server of [hub.#hub, hub.#storage]) await once(server.listen(0, '127.0.0.1'), 'listening');
    return hub;
  }

  private constructor(files: ReadonlyMap<string, Uint8Array>) {
    this.#files = files;
    this.#hub = createServer((request, response) => this.#resolve(request, response));
    this.#storage = createServer((request, response) => this.#serve(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#hub.address() as AddressInfo).port}`;
  }

  get storageUrl(): string {
    return `http://localhost:${(this.#storage.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.#hub, this.#storage]) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  }

  #fault(on: Fault['on'], request: IncomingMessage): Fault | undefined {
    this.requests.push({
      server: on,
      path: request.url!,
      range: request.headers.range,
      authorization: request.headers.authorization,
    });
    const next = this.faults.findIndex((fault) => fault.on === on);
    return next < 0 ? undefined : this.faults.splice(next, 1)[0];
  }

  #resolve(request: IncomingMessage, response: ServerResponse): void {
    const fault = this.#fault('hub', request);
    const path = decodeURIComponent(request.url!.slice(1)).replace('/resolve/', '/');
    if (fault?.status !== undefined) response.writeHead(fault.status, fault.headers).end();
    else if (fault?.redirect !== undefined) response.writeHead(302, { location: fault.redirect }).end();
    else if (!this.#files.has(path)) response.writeHead(404).end('Entry not found');
    else response.writeHead(302, { location: `${this.storageUrl}/${encodeURIComponent(path)}` }).end();
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const fault = this.#fault('storage', request);
    if (fault?.status !== undefined) {
      response.writeHead(fault.status, fault.headers).end();
      return;
    }
    const file = Buffer.from(this.#files.get(decodeURIComponent(request.url!.slice(1)))!);
    if (fault?.corrupt) file[file.length >> 1]! ^= 0xff;
    const range = fault?.ignoreRange ? null : /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const from = range ? Number(range[1]) : 0;
    if (from > file.length) {
      response.writeHead(416).end();
      return;
    }
    response.writeHead(range ? 206 : 200, {
      'content-length': file.length - from,
      ...(range ? { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` } : {}),
    });
    if (fault?.cutAfter === undefined) response.end(file.subarray(from));
    else response.write(file.subarray(from, from + fault.cutAfter), () => setTimeout(() => response.destroy(), 20));
  }
}
