import { type LoadedManifest, parseManifest } from '../../src/manifest/load.ts';
import type { Manifest } from '../../src/manifest/schema.ts';

const head = `version: 1
target:
  name: chest-xray
  data: data/target
candidates:
  - id: imagenet
    weights: weights/imagenet.onnx
    license: BSD-3-Clause
    sample: data/imagenet
  - id: radimagenet
    weights: weights/radimagenet.onnx
    license: LicenseRef-RadImageNet
chosen: radimagenet
`;

export const sampleReason = 'Radiology images resemble our films more than photographs do.';

/** A valid manifest of two candidates, with `rest` below it (a justification unless told otherwise). */
export function sample(rest = `justification: ${sampleReason}\n`): string {
  return head + rest;
}

/** The valid manifest with one place changed. */
export function changed(from: string | RegExp, to: string, source = sample()): string {
  const result = source.replace(from, to);
  if (result === source) throw new Error(`nothing to change: ${from}`);
  return result;
}

export function load(source: string | Uint8Array): LoadedManifest {
  return parseManifest(source, 'transfer.yml');
}

/** The problems of a manifest in short: `code path line:column`. */
export function told(source: string | Uint8Array): string[] {
  return load(source).problems.map(({ code, path, location }) =>
    `${code} ${path} ${location.line}:${location.column}`.replace('  ', ' '),
  );
}

export function messageOf(source: string | Uint8Array, code: string): string {
  const { problems } = load(source);
  const problem = problems.find((candidate) => candidate.code === code);
  if (!problem) throw new Error(`no ${code} among ${problems.map((candidate) => candidate.code).join(', ') || 'none'}`);
  return problem.message;
}

/** A manifest that must be valid. */
export function valid(source: string): { manifest: Manifest; locate: LoadedManifest['locate'] } {
  const { manifest, problems, locate } = load(source);
  if (!manifest) throw new Error(problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return { manifest, locate };
}
