import { describe, expect, it } from 'vitest';
import { readInputs } from '../../src/github/inputs.ts';

const read = (inputs: Record<string, string> = {}) => readInputs((name) => inputs[name] ?? '', '/w');

describe('readInputs', () => {
  it('has a default for everything but the token', () => {
    expect(read()).toEqual({
      manifests: [],
      mode: 'review',
      token: '',
      device: 'auto',
      seed: 0,
      offline: false,
      dataRoots: [],
      runtimePath: null,
      out: null,
      comment: 'always',
      commentId: '',
      commentAuthor: 'github-actions[bot]',
      missingManifest: 'fail',
      warnOnly: false,
      allowForks: false,
      cache: { kind: 'auto' },
      timeLimitMs: null,
    });
  });

  it('reads lists line by line and resolves folders from the workspace', () => {
    expect(
      read({ manifest: 'a.yml\n  tasks/*.yml \n\n', 'data-roots': '/mnt/films\nshared', out: 'report' }),
    ).toMatchObject({
      manifests: ['a.yml', 'tasks/*.yml'],
      dataRoots: ['/mnt/films', '/w/shared'],
      out: '/w/report',
    });
  });

  it.each([
    ['20s', 20_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
  ])('reads the time limit %s', (text, milliseconds) => {
    expect(read({ 'time-limit': text }).timeLimitMs).toBe(milliseconds);
  });

  it('reads a folder for the cache, written with a slash', () => {
    expect(read({ cache: './evidence' }).cache).toEqual({ kind: 'folder', folder: '/w/evidence' });
    expect(read({ cache: 'off' }).cache).toEqual({ kind: 'off' });
  });

  it.each([
    ['mode', 'measure', 'check, review'],
    ['device', 'gpu', 'auto, cuda, webgpu, cpu'],
    ['comment', 'on-failure', 'always, on-problem, never'],
    ['missing-manifest', 'warn', 'fail, pass'],
    ['warn-only', 'yes', 'true, false'],
    ['seed', '-1', 'a whole number'],
    ['seed', '1.5', 'a whole number'],
    ['seed', '4294967296', 'a whole number'],
    ['cache', 'of', 'auto, off, or a folder'],
    ['time-limit', '20', 'a whole number and s, m or h'],
    ['time-limit', '0m', 'a whole number and s, m or h'],
  ])('refuses %s “%s” and says what is allowed', (name, value, allowed) => {
    expect(() => read({ [name]: value })).toThrow(
      expect.objectContaining({ code: 'input-invalid', message: expect.stringContaining(allowed) }),
    );
    expect(() => read({ [name]: value })).toThrow(`Input ${name} is “${value}”`);
  });
});
