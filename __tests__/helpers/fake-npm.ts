import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Npm } from '../../src/runtime/npm.ts';

/** An npm that lays out, in its working folder, what `npm ci` of the pinned packages leaves; `extra` runs first. */
export async function fakeNpm(folder: string, extra = ''): Promise<Npm> {
  const script = join(await mkdtemp(join(folder, 'npm-')), 'npm.cjs');
  await writeFile(
    script,
    `
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
${extra}
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const put = (file, text) => { mkdirSync(dirname(file), { recursive: true }); writeFileSync(file, text); };
for (const name of ['onnxruntime-node', 'sharp']) {
  const { version } = packages['node_modules/' + name];
  put('node_modules/' + name + '/package.json', JSON.stringify({ name, version, main: 'index.js' }));
  put('node_modules/' + name + '/index.js', 'module.exports = { name: ' + JSON.stringify(name) + ' };');
}
put('node_modules/sharp/lib/sharp.node', 'binary');
for (const place of [process.platform + '/' + process.arch, process.platform + '/other', 'other/x64'])
  put('node_modules/onnxruntime-node/bin/napi-v6/' + place + '/libonnxruntime.so.1', 'library');
`,
  );
  return { command: process.execPath, leading: [script] };
}
