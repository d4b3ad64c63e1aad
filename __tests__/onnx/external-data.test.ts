import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withExternalData } from '../../src/onnx/external-data.ts';
import type { ExternalData, Model } from '../../src/onnx/model.ts';
import { readModel } from '../../src/onnx/read.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { smallNetwork } from '../helpers/networks.ts';

let folder: string;
const inline = readModel(smallNetwork());
const kernel = inline.graph.initializers.find(({ name }) => name === 'conv1.weight')!;

/** The small network with its first kernel elsewhere, as a file would have it. */
function referring(external: ExternalData): Model {
  const initializers = inline.graph.initializers.map((tensor) =>
    tensor === kernel ? { ...tensor, data: new Uint8Array(), external } : tensor,
  );
  return readModel(writeModel({ ...inline, graph: { ...inline.graph, initializers } }));
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'external-data-'));
  await writeFile(join(folder, 'weights.bin'), Buffer.concat([Buffer.alloc(8), kernel.data]));
});
afterEach(() => rm(folder, { recursive: true }));

describe('constants in files beside the model', () => {
  it('are read in from where they lie', async () => {
    for (const external of [
      { location: 'weights.bin', offset: 8, length: kernel.data.length },
      { location: './weights.bin', offset: 8 },
    ])
      expect(writeModel(await withExternalData(referring(external), folder))).toEqual(smallNetwork());
  });

  it.each(['../weights.bin', '/etc/hostname', 'a/../../weights.bin', '.', 'link.bin'])(
    'are refused at %s, outside the folder',
    async (location) => {
      await symlink('/etc/hostname', join(folder, 'link.bin'));
      await expect(withExternalData(referring({ location, offset: 0 }), folder)).rejects.toMatchObject({
        code: 'path-outside',
      });
    },
  );

  it('are asked for by name when their file is missing', async () => {
    await expect(withExternalData(referring({ location: 'gone.bin', offset: 0 }), folder)).rejects.toMatchObject({
      code: 'weights-missing',
      message: expect.stringContaining('gone.bin'),
    });
  });

  it.each([
    { location: 'weights.bin', offset: 9 },
    { location: 'weights.bin', offset: 0, length: 5 },
    { location: 'weights.bin', offset: 1e14 },
  ])('are refused when the file does not hold them: %j', async (external) => {
    await expect(withExternalData(referring(external), folder)).rejects.toMatchObject({ code: 'model-invalid' });
  });
});
