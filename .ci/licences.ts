import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The part of webpack's statistics that names the files of a bundle. */
export interface BundleModule {
  name?: string;
  modules?: BundleModule[];
}

/** Folders of the packages that a bundle holds code of, relative to the checkout. */
export function packagesOf(modules: readonly BundleModule[]): Set<string> {
  const folders = new Set<string>();
  for (const { name = '', modules: inner = [] } of modules) {
    const found = /^\.\/(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1];
    if (found !== undefined) folders.add(found);
    for (const folder of packagesOf(inner)) folders.add(folder);
  }
  return folders;
}

/**
 * The licences under which the bundled packages are passed on. Many packages share one text, which stands here once,
 * under the names of all of them.
 */
export function licencesOf(root: string, packages: Iterable<string>): string {
  const namesByText = new Map<string, string[]>();
  for (const folder of packages) {
    const place = path.join(root, folder);
    if (!existsSync(path.join(place, 'package.json'))) continue;
    const about = JSON.parse(readFileSync(path.join(place, 'package.json'), 'utf8')) as Record<string, string>;
    const files = readdirSync(place).filter(
      (name) => /^(licen[cs]e|notice|copying)/i.test(name) && !/\.[jt]s$/.test(name),
    );
    const texts = files.sort().map((name) => readFileSync(path.join(place, name), 'utf8').trim());
    const text = [about.license ?? 'licence not stated', ...texts].join('\n\n');
    const name = `${about.name} ${about.version}`;
    namesByText.set(text, [...new Set([...(namesByText.get(text) ?? []), name])]);
  }
  const entries = [...namesByText].map(([text, names]) => `${names.sort().join('\n')}\n\n${text}\n`);
  return entries.sort().join(`\n${'-'.repeat(80)}\n\n`);
}
