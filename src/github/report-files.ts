import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Outcome } from './outcome.ts';

/**
 * Writes the report files of one manifest.
 *
 * @param alone the only manifest's files lie in `folder` itself; several have a sub-folder each
 * @returns the folder they lie in
 */
export async function writeReportFiles(folder: string, outcome: Outcome, alone: boolean): Promise<string> {
  const place = alone ? folder : path.join(folder, slug(outcome.manifest));
  await mkdir(place, { recursive: true });
  for (const [name, content] of Object.entries(outcome.files)) await writeFile(path.join(place, name), content);
  return place;
}

/** A file name for a path; reversible enough that two manifests never share one. */
function slug(manifest: string): string {
  return encodeURIComponent(manifest).replaceAll('%', '~').replaceAll('.', '~2E');
}
