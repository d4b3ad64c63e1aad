import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes node_modules/NAME with a version and one script as its content. */
export async function writePackage(folder: string, name: string, version: string, script: string): Promise<void> {
  const home = join(folder, 'node_modules', name);
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), JSON.stringify({ name, version, main: 'index.js' }));
  await writeFile(join(home, 'index.js'), script);
}
