import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nativeNames, readPinned } from '../../src/runtime/pinned.ts';

const repository = new URL('../../', import.meta.url);
const lock = JSON.parse(readFileSync(new URL('src/runtime/pinned/package-lock.json', repository), 'utf8')) as {
  packages: Record<string, { version: string; integrity?: string; resolved?: string; hasInstallScript?: boolean }>;
};

describe('the pinned native packages', () => {
  it('are the versions that the program is developed with', () => {
    const { dependencies } = JSON.parse(readFileSync(new URL('package.json', repository), 'utf8'));
    const { versions } = readPinned();
    for (const name of nativeNames) {
      expect(versions[name]).toBe(dependencies[name]);
      expect(lock.packages[`node_modules/${name}`]?.version).toBe(dependencies[name]);
    }
  });

  it('are locked by hash, all of them, and to no particular registry', () => {
    const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
    expect(packages.length).toBeGreaterThan(20);
    for (const [path, { integrity, resolved }] of packages) {
      expect(integrity, path).toMatch(/^sha512-/);
      expect(resolved, path).toBeUndefined();
    }
  });

  it.each(['linux-x64', 'linux-arm64', 'linuxmusl-x64', 'darwin-arm64', 'win32-x64'])('cover %s', (platform) => {
    expect(lock.packages).toHaveProperty([`node_modules/@img/sharp-${platform}`]);
  });
});
