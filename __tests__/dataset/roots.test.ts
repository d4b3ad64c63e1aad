import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveInside } from '../../src/dataset/roots.ts';
import { makeTree } from '../helpers/tree.ts';

describe('resolveInside', () => {
  it('resolves relative paths from the base, links followed', async () => {
    const root = await makeTree({ 'task/manifest.yml': '', 'weights/net.onnx': '' });
    await symlink('../weights', join(root, 'task/w'));
    const boundaries = { base: join(root, 'task'), roots: [root] };
    expect(await resolveInside('../weights/net.onnx', boundaries)).toBe(join(root, 'weights/net.onnx'));
    expect(await resolveInside('w/net.onnx', boundaries)).toBe(join(root, 'weights/net.onnx'));
    expect(await resolveInside(join(root, 'weights'), boundaries)).toBe(join(root, 'weights'));
  });

  it('gives a missing path its place, so that the caller can say what is missing', async () => {
    const root = await makeTree({ 'file.txt': '' });
    const boundaries = { base: root, roots: [root] };
    expect(await resolveInside('a/b.onnx', boundaries)).toBe(join(root, 'a/b.onnx'));
    expect(await resolveInside('file.txt/b', boundaries)).toBe(join(root, 'file.txt/b'));
  });

  it.each(['..', '../other', '/etc/passwd', '/nonexistent/x', 'out/x', 'out', 'a/../../b', '../root-with-same-prefix'])(
    'refuses %s in the words it was written in',
    async (path) => {
      const parent = await makeTree({ 'root/a/': '', 'other/x': '', 'root-with-same-prefix/x': '' });
      const root = join(parent, 'root');
      await symlink('../other', join(root, 'out'));
      const result = resolveInside(path, { base: root, roots: [root] });
      await expect(result).rejects.toMatchObject({
        code: 'path-outside',
        message: expect.stringMatching(/^\S+ leads outside .*`data-roots`/),
      });
      await expect(result).rejects.toMatchObject({ message: expect.stringContaining(`${path} `) });
    },
  );

  it('allows what a second root allows', async () => {
    const first = await makeTree({ 'x/': '' });
    const second = await makeTree({ 'data/1.png': '' });
    const boundaries = { base: first, roots: [first, second, '/does/not/exist'] };
    expect(await resolveInside(join(second, 'data'), boundaries)).toBe(join(second, 'data'));
  });

  it('allows nothing without roots', async () => {
    const root = await makeTree({ 'x/': '' });
    await expect(resolveInside('x', { base: root, roots: [] })).rejects.toMatchObject({ code: 'path-outside' });
  });

  it('says so when links go round in a circle', async () => {
    const root = await makeTree({});
    await symlink('b', join(root, 'a'));
    await symlink('a', join(root, 'b'));
    await expect(resolveInside('a/x', { base: root, roots: [root] })).rejects.toMatchObject({
      code: 'dataset-unreadable',
      message: 'The path a/x cannot be followed (ELOOP).',
    });
  });

  it('refuses a NUL character', async () => {
    await expect(resolveInside('a\0b', { base: '/', roots: ['/'] })).rejects.toMatchObject({ code: 'path-outside' });
  });

  it('never leaves the root, whatever is put together from dots, links and names', async () => {
    const parent = await makeTree({ 'root/in/deep/': '', 'outside/x': '' });
    const root = join(parent, 'root');
    await symlink('../outside', join(root, 'link'));
    await symlink('../..', join(root, 'in/up'));
    const part = fc.constantFrom('..', '.', 'in', 'deep', 'link', 'up', 'x', 'outside', 'root', '');
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 7 }), async (parts) => {
        const found = await resolveInside(parts.join('/'), { base: root, roots: [root] }).catch((error) => error);
        if (typeof found === 'string') expect(`${found}/`.startsWith(`${root}/`)).toBe(true);
        else expect(found.code).toBe('path-outside');
      }),
      { numRuns: 200 },
    );
  });
});
