import { parseArgs } from 'node:util';
import { distance } from 'fastest-levenshtein';
import { TransferEvidenceError } from '../errors.ts';
import { type Device, devices } from '../runtime/device.ts';

export interface CommandLine {
  command: 'check' | 'review';
  manifest: string | undefined;
  out: string;
  format: 'text' | 'json';
  seed: number;
  device: Device;
  offline: boolean;
  dataRoots: string[];
  store: string | undefined;
  natives: string | undefined;
}

const commands = ['check', 'review'] as const;

export const help = `transfer-evidence: sets the stated reasons for a pretraining source against measured evidence.

  transfer-evidence check  [MANIFEST]   reads and judges the words alone: no data, no network, no GPU, about a second
  transfer-evidence review [MANIFEST]   measures as well: similarity, probes, verdicts on every claim

MANIFEST defaults to transfer.yml, then .github/transfer.yml, in this folder.

Options
  --out DIR            where comment.md, report.html, report.json and evidence.json go   [transfer-evidence-report]
  --format text|json   what is printed: a summary for people, or report.json             [text]
  --seed N             seed of every random draw; same seed, same numbers                [0]
  --device NAME        auto, cuda, webgpu or cpu; auto takes the first that works        [auto]
  --offline            fetch nothing: no weights, no native packages
  --data-root DIR      a folder beside the manifest's own that data may lie in; may be repeated
  --store DIR          where evidence is kept between runs   [~/.cache/transfer-evidence]
  --runtime-path DIR   a folder whose node_modules hold onnxruntime-node and sharp
  --help, --version

Exit codes
  0  the gate passes (also with warnings)     2  the manifest, its data or this call is wrong
  1  the gate says no                         3  infrastructure: a download, a device, the runtime

Start with the smallest manifest: transfer-evidence check in an empty folder prints one.
`;

/** Reads the arguments. @throws input-invalid naming the argument, what was found and what is allowed */
export function readArguments(args: string[]): CommandLine | 'help' | 'version' {
  const { values, positionals } = parse(args);
  if (values.help || (positionals.length === 0 && args.length === 0)) return 'help';
  if (values.version) return 'version';
  const [command, manifest, ...rest] = positionals;
  return {
    command: oneOf('command', command ?? '', commands),
    manifest,
    out: values.out ?? 'transfer-evidence-report',
    format: oneOf('--format', values.format ?? 'text', ['text', 'json'] as const),
    seed: wholeNumber('--seed', values.seed ?? '0'),
    device: oneOf('--device', values.device ?? 'auto', devices),
    offline: values.offline ?? false,
    dataRoots: values['data-root'] ?? [],
    store: values.store,
    natives: values['runtime-path'],
    ...nothingLeft(rest),
  };
}

function parse(args: string[]) {
  const options = {
    out: { type: 'string' },
    format: { type: 'string' },
    seed: { type: 'string' },
    device: { type: 'string' },
    offline: { type: 'boolean' },
    'data-root': { type: 'string', multiple: true },
    store: { type: 'string' },
    'runtime-path': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    const unknown = /'(--?[^'\s]+)/.exec(String(error))?.[1];
    const nearest =
      unknown &&
      closest(
        unknown,
        Object.keys(options).map((name) => `--${name}`),
      );
    const known = unknown && nearest === unknown;
    throw new TransferEvidenceError(
      'input-invalid',
      known || !unknown
        ? `${(error as Error).message}`
        : `There is no option ${unknown}; did you mean ${nearest}? See transfer-evidence --help.`,
    );
  }
}

function nothingLeft(rest: string[]): Record<string, never> {
  if (rest.length > 0)
    throw new TransferEvidenceError('input-invalid', `One manifest at a time; found also: ${rest.join(', ')}.`);
  return {};
}

function oneOf<const T extends readonly string[]>(name: string, value: string, allowed: T): T[number] {
  if (allowed.includes(value)) return value as T[number];
  throw new TransferEvidenceError(
    'input-invalid',
    `${name} is one of ${allowed.join(', ')}; found “${value}”${value ? `; did you mean ${closest(value, allowed)}?` : '.'}`,
  );
}

function wholeNumber(name: string, value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number)) return number;
  throw new TransferEvidenceError('input-invalid', `${name} is a whole number from 0; found “${value}”.`);
}

function closest(value: string, known: readonly string[]): string {
  return [...known].sort((a, b) => distance(value, a) - distance(value, b))[0]!;
}
