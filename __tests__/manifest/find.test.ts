import { describe, expect, it } from 'vitest';
import { findManifests } from '../../src/manifest/find.ts';
import { makeTree } from '../helpers/tree.ts';

describe('manifests of a workspace', () => {
  it('are looked for at the root first, then in .github, and one is enough', async () => {
    const both = await makeTree({ 'transfer.yml': '', '.github/transfer.yml': '', 'sub/transfer.yml': '' });
    expect(await findManifests(both)).toEqual(['transfer.yml']);
    expect(await findManifests(await makeTree({ '.github/transfer.yaml': '' }))).toEqual(['.github/transfer.yaml']);
    expect(await findManifests(both, ' \n , ')).toEqual(['transfer.yml']);
    expect(await findManifests(await makeTree({ 'sub/transfer.yml': '' }))).toEqual([]);
  });

  it('are matched by globs, sorted and once each, but not among dependencies', async () => {
    const root = await makeTree({
      'tasks/lung/transfer.yml': '',
      'tasks/skin/transfer.yml': '',
      'tasks/skin/node_modules/x/transfer.yml': '',
      'node_modules/x/transfer.yml': '',
      '.git/transfer.yml': '',
    });
    const all = ['tasks/lung/transfer.yml', 'tasks/skin/transfer.yml'];
    expect(await findManifests(root, '**/transfer.yml')).toEqual(all);
    expect(await findManifests(root, 'tasks/*/transfer.yml, tasks/skin/transfer.yml\n**/skin/*.yml')).toEqual(all);
    expect(await findManifests(root, 'tasks/{lung,bone}/*.yml')).toEqual(['tasks/lung/transfer.yml']);
    expect(await findManifests(root, 'films/*.yml')).toEqual([]);
  });

  it('that are named are returned even when they do not exist, so that they can be missed by name', async () => {
    const root = await makeTree({ 'transfer.yml': '' });
    expect(await findManifests(root, 'b.yml\na.yml')).toEqual(['a.yml', 'b.yml']);
  });
});
