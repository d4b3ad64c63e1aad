import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/command-line/run.ts';
import { openStore } from '../../src/evidence/store.ts';
import { smallestManifest } from '../../src/manifest/smallest.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'places '));

describe('places that cannot be written to', () => {
  it('refuses --out that is a file in one line with 2, before anything is read or measured', async () => {
    const here = folder();
    writeFileSync(join(here, 'transfer.yml'), smallestManifest);
    writeFileSync(join(here, 'report'), '');
    const written = { out: '', err: '' };
    const code = await runCommandLine(['review', '--out', 'report'], {
      stdout: { write: (text) => (written.out += text) },
      stderr: { write: (text) => (written.err += text) },
      cwd: () => here,
      env: {},
      once: () => undefined,
    });
    expect(code).toBe(2);
    expect(written.out).toBe('');
    expect(written.err).toMatch(/^Error \(input-invalid\): --out is a folder .* a file\. Name another .*\n$/);
  });

  it('loses no run to a store that keeps nothing, and says so once', async () => {
    const file = join(folder(), 'store');
    writeFileSync(file, '');
    const told: string[] = [];
    const store = openStore(file, (text) => told.push(text));
    await store.writeJson('evidence', 'aabb', 1);
    await store.writeJson('evidence', 'ccdd', 2);
    expect(await store.readJson('evidence', 'aabb')).toBeUndefined();
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`Nothing can be kept in ${file}`);
  });
});
