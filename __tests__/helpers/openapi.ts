import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormatsModule, { type FormatsPlugin } from 'ajv-formats';

// The package's types describe a CommonJS default; at run time the function is the default itself or inside it.
const addFormats = ((addFormatsModule as { default?: unknown }).default ?? addFormatsModule) as FormatsPlugin;

type Json = Record<string, unknown>;

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema?: Json;
}

interface OperationObject {
  operationId: string;
  parameters?: Json[];
  requestBody?: Json;
  responses?: Record<string, Json>;
}

/** One operation of the description, matched to a request. */
export interface Operation {
  id: string;
  parameters: Record<string, string>;
  object: OperationObject;
}

interface Route {
  id: string;
  method: string;
  pattern: RegExp;
  names: string[];
  literals: number;
  object: OperationObject;
}

const methods = ['get', 'put', 'post', 'patch', 'delete'] as const;
/** Path parameters that may hold slashes. */
const greedy = new Set(['path', 'ref', 'basehead']);

/**
 * Part of GitHub's official description of its REST interface as a judge of requests and responses. Stricter than the
 * description in one point: fields that it does not name are refused, in the query and in the body.
 */
export class OfficialInterface {
  readonly #document: Json;
  readonly #ajv: Ajv;
  readonly #routes: Route[];
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(file: string) {
    this.#document = withoutNullable(JSON.parse(readFileSync(file, 'utf8'))) as Json;
    this.#ajv = new Ajv({ strict: false, allErrors: true, logger: false });
    addFormats(this.#ajv);
    // Addresses of bots have brackets, which RFC 3986 does not allow; the others are GitHub's own.
    for (const format of ['uri', 'int64', 'timestamp', 'repo.nwo']) this.#ajv.addFormat(format, true);
    this.#ajv.addSchema({ $id: 'github', components: this.#document.components });
    this.#routes = routesOf(this.#document.paths as Record<string, Record<string, OperationObject>>);
  }

  match(method: string, pathname: string): Operation | undefined {
    for (const route of this.#routes) {
      if (route.method !== method) continue;
      const found = route.pattern.exec(pathname);
      if (found === null) continue;
      const values = found.slice(1).map(decodeURIComponent);
      const parameters = Object.fromEntries(route.names.map((name, index) => [name, values[index]!]));
      return { id: route.id, parameters, object: route.object };
    }
    return undefined;
  }

  /** What is wrong with a request; empty when nothing is. */
  requestErrors(operation: Operation, query: URLSearchParams, body: unknown): string[] {
    return [...this.#parameterErrors(operation, query), ...this.#bodyErrors(operation, body)];
  }

  /** What is wrong with a response; empty when nothing is. */
  responseErrors(operation: Operation, status: number, body: unknown): string[] {
    const response = operation.object.responses?.[status];
    if (response === undefined) return [`status ${status} is not documented for ${operation.id}`];
    const schema = jsonSchemaOf(this.#resolve(response));
    if (schema === undefined || body === undefined) return [];
    return this.#errors(`${operation.id} response ${status}`, schema, body);
  }

  #parameterErrors(operation: Operation, query: URLSearchParams): string[] {
    const parameters = (operation.object.parameters ?? []).map((raw) => this.#resolve(raw) as unknown as Parameter);
    const errors: string[] = [];
    for (const { name, in: place, required, schema } of parameters) {
      if (place === 'header' || schema === undefined) continue;
      const text = place === 'path' ? operation.parameters[name] : (query.get(name) ?? undefined);
      if (text === undefined) {
        if (required) errors.push(`${place} parameter ${name} is missing`);
        continue;
      }
      const value = this.#parse(text, schema);
      errors.push(...this.#errors(`${operation.id} ${place} ${name}`, schema, value));
    }
    const known = new Set(parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name));
    for (const name of query.keys()) if (!known.has(name)) errors.push(`query parameter ${name} is not documented`);
    return errors;
  }

  #bodyErrors(operation: Operation, body: unknown): string[] {
    const requestBody = operation.object.requestBody && this.#resolve(operation.object.requestBody);
    const schema = requestBody && jsonSchemaOf(requestBody);
    if (schema === undefined) return body === undefined ? [] : [`${operation.id} takes no body`];
    if (body === undefined) return requestBody?.required ? ['the body is missing'] : [];
    const errors = this.#errors(`${operation.id} body`, schema, body);
    const resolved = this.#resolve(schema);
    const alternatives = [resolved, ...((resolved.oneOf ?? resolved.anyOf ?? []) as Json[])];
    const known = new Set(alternatives.flatMap((one) => Object.keys((this.#resolve(one).properties ?? {}) as Json)));
    for (const name of Object.keys(body as Json))
      if (!known.has(name)) errors.push(`body field ${name} is not documented`);
    return errors;
  }

  #parse(text: string, schema: Json): unknown {
    const resolved = this.#resolve(schema);
    const first = (resolved.oneOf as Json[] | undefined)?.[0];
    const types = [resolved.type ?? first?.type].flat();
    if (types.includes('integer') && /^-?\d+$/.test(text)) return Number(text);
    if (types.includes('boolean') && /^(true|false)$/.test(text)) return text === 'true';
    return text;
  }

  #errors(name: string, schema: Json, value: unknown): string[] {
    let validate = this.#compiled.get(name);
    if (validate === undefined) {
      const absolute = JSON.stringify(schema).replaceAll('"#/components/', '"github#/components/');
      validate = this.#ajv.compile(JSON.parse(absolute) as Json);
      this.#compiled.set(name, validate);
    }
    return validate(value) ? [] : [`${name}: ${this.#ajv.errorsText(validate.errors)}`];
  }

  #resolve(node: Json): Json {
    let current = node;
    while (typeof current.$ref === 'string') {
      const keys = current.$ref.slice(2).split('/');
      current = keys.reduce<Json>((inner, key) => inner[key] as Json, this.#document);
    }
    return current;
  }
}

function jsonSchemaOf(body: Json): Json | undefined {
  const content = body.content as Record<string, { schema?: Json }> | undefined;
  return content?.['application/json']?.schema;
}

function routesOf(paths: Record<string, Record<string, OperationObject>>): Route[] {
  const routes: Route[] = [];
  for (const [path, item] of Object.entries(paths)) {
    for (const method of methods) {
      const object = item[method];
      if (object === undefined) continue;
      const names = [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]!);
      const pattern = path.replace(/\{(\w+)\}/g, (_, name: string) => (greedy.has(name) ? '(.+)' : '([^/]+)'));
      const literals = path.split('/').filter((part) => part !== '' && !part.startsWith('{')).length;
      routes.push({
        id: object.operationId,
        method: method.toUpperCase(),
        pattern: new RegExp(`^${pattern}$`),
        names,
        literals,
        object,
      });
    }
  }
  // The most literal path wins: /issues/comments/1 is no issue called “comments”.
  return routes.sort((a, b) => b.literals - a.literals);
}

/** OpenAPI 3.0 says `nullable`, JSON Schema lists the type `null`. */
function withoutNullable(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutNullable);
  if (node === null || typeof node !== 'object') return node;
  const converted: Json = {};
  for (const [key, value] of Object.entries(node)) {
    converted[key] =
      key === 'properties'
        ? Object.fromEntries(Object.entries(value as Json).map(([name, inner]) => [name, withoutNullable(inner)]))
        : withoutNullable(value);
  }
  if (converted.nullable !== true) return converted;
  delete converted.nullable;
  if (typeof converted.type !== 'string') return { anyOf: [{ type: 'null' }, converted] };
  converted.type = [converted.type, 'null'];
  if (Array.isArray(converted.enum) && !converted.enum.includes(null)) converted.enum = [...converted.enum, null];
  return converted;
}
