// Builds dist/ from the sources, and README.md's tables from action.yml and src/measure-notes.ts. `--check` changes nothing and
// says what differs.
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BundleModule, licencesOf, packagesOf } from './licences.ts';
import { updateReadme } from './readme.ts';

interface Asset {
  source: string | Buffer;
}
interface Bundle {
  code: string;
  assets: Record<string, Asset>;
  stats: { toJson(options: object): { modules: BundleModule[] } };
}
type Ncc = (entry: string, options: Record<string, unknown>) => Promise<Bundle>;

const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

const bundles = [
  { entry: 'src/action.ts', folder: '.' },
  { entry: 'src/cli.ts', folder: 'cli' },
  { entry: 'src/worker.ts', folder: 'worker' },
];
/** Packages with native code, loaded by path at run time. */
const externals = ['onnxruntime-node', 'sharp'];

const everyModule = {
  all: false,
  modules: true,
  nestedModules: true,
  modulesSpace: Infinity,
  nestedModulesSpace: Infinity,
};

async function build(target: string): Promise<void> {
  const ncc = createRequire(import.meta.url)('@vercel/ncc') as Ncc;
  const packages = new Set<string>();
  for (const { entry, folder } of bundles) {
    const { code, assets, stats } = await ncc(path.join(root, entry), {
      externals,
      cache: false,
      quiet: true,
      // Types are checked by `npm run check`, once, for everything.
      transpileOnly: true,
    });
    for (const used of packagesOf(stats.toJson(everyModule).modules)) packages.add(used);
    const files = new Map<string, string | Buffer>([['index.js', code]]);
    for (const [name, { source }] of Object.entries(assets)) files.set(name, source);
    for (const [name, content] of files) {
      refuse(`${folder}/${name}`, content);
      const file = path.join(target, folder, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    }
  }
  await writeFile(path.join(target, 'LICENSES.txt'), licencesOf(root, packages));
  await cp(path.join(root, 'src/runtime/pinned'), path.join(target, 'pinned'), { recursive: true });
}

/** What must never be shipped: native code, and paths of the machine that built it. */
function refuse(name: string, content: string | Buffer): void {
  if (/\.(node|so(\.\d+)*|dll|dylib)$/.test(name))
    throw new Error(`${name} is native code and must stay outside dist.`);
  if (content.includes(root)) throw new Error(`${name} holds the path of this checkout, ${root}.`);
}

async function filesOf(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name))] as const)),
  );
}

async function differences(one: string, other: string): Promise<string[]> {
  const [ours, theirs] = await Promise.all([filesOf(one), filesOf(other)]);
  const names = new Set([...ours.keys(), ...theirs.keys()]);
  return [...names].filter((name) => {
    const [our, their] = [ours.get(name), theirs.get(name)];
    return our === undefined || their === undefined || !our.equals(their);
  });
}

const temporary = await mkdtemp(path.join(tmpdir(), 'transfer-evidence-dist-'));
try {
  // A folder inside: the temporary one itself is for nobody else to read, and dist/ would inherit that.
  const built = path.join(temporary, 'dist');
  await build(built);
  const check = process.argv.includes('--check');
  if (!updateReadme(check) && check) {
    console.error('README.md does not say what action.yml and src/measure-notes.ts say; run `npm run build`.');
    process.exitCode = 1;
  }
  if (check) {
    const different = await differences(built, dist);
    if (different.length > 0) {
      console.error(
        `dist/ is not what the sources build; run \`npm run build\`. Different:\n  ${different.join('\n  ')}`,
      );
      process.exitCode = 1;
    }
  } else {
    // Only once everything is built: a failed build leaves the old dist/ alone.
    await rm(dist, { recursive: true, force: true });
    await cp(built, dist, { recursive: true });
  }
} finally {
  await rm(temporary, { recursive: true });
}
