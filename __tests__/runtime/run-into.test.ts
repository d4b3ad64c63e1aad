import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../src/onnx/build.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { runInto, withholdOutputs } from '../../src/runtime/run-into.ts';

/** y = 2x, and picks x's element at an index; given numbers of their own for both. */
async function doubling(): Promise<ort.InferenceSession> {
  const graph = new GraphBuilder('doubling');
  const x = graph.input('x', ['n']);
  const y = graph.node('Add', [x, x], {}, 'y');
  const picked = graph.node('Gather', [x, graph.input('at', [], 'int64')], {}, 'picked');
  withholdOutputs(graph);
  graph.output(y, ['n']);
  graph.output(picked, []);
  return ort.InferenceSession.create(writeModel(graph.model()), { logSeverityLevel: 4 });
}

const feeds = (numbers: readonly number[], at: bigint) => ({
  x: new ort.Tensor('float32', Float32Array.from(numbers), [numbers.length]),
  at: new ort.Tensor('int64', BigInt64Array.of(at), []),
});

describe('runInto', () => {
  it('leaves every output in the memory that was named for it', async () => {
    const session = await doubling();
    const y = new Float32Array(3);
    const picked = new Float32Array(1);
    await runInto(session, feeds([1, 2, 3], 1n), {
      y: new ort.Tensor('float32', y, [3]),
      picked: new ort.Tensor('float32', picked, []),
    });
    expect([...y]).toEqual([2, 4, 6]);
    expect([...picked]).toEqual([2]);
    await session.release();
  });

  it('throws what the runtime throws when something cannot be computed', async () => {
    const session = await doubling();
    const into = { y: new ort.Tensor('float32', new Float32Array(3), [3]) };
    await expect(runInto(session, feeds([1, 2, 3], 7n), into)).rejects.toThrow(/Gather/);
    await session.release();
  });

  it('refuses an output that the graph does not have, which the runtime would pass over', async () => {
    const session = await doubling();
    const z = new ort.Tensor('float32', new Float32Array(3), [3]);
    await expect(runInto(session, feeds([1, 2, 3], 1n), { z })).rejects.toThrow('no output z');
    await session.release();
  });

  it('throws an error that only contains the words by which a binding gives up', async () => {
    const graph = new GraphBuilder('misleading');
    const at = graph.input('at', [], 'int64');
    const y = graph.node('Gather', [graph.input('x', ['n']), at], {}, 'Non tensor type is temporarily not supported.');
    withholdOutputs(graph);
    graph.output(y, []);
    const session = await ort.InferenceSession.create(writeModel(graph.model()), { logSeverityLevel: 4 });
    const into = { [y]: new ort.Tensor('float32', new Float32Array(1), []) };
    await expect(runInto(session, feeds([1, 2, 3], 7n), into)).rejects.toThrow(/out of.* bounds/);
    await session.release();
  });

  it('copies nothing: memory does not grow with what is written', { timeout: 60_000 }, async () => {
    const session = await doubling();
    const count = 2 ** 22;
    const x = new ort.Tensor('float32', new Float32Array(count), [count]);
    const at = new ort.Tensor('int64', BigInt64Array.of(0n), []);
    const y = new ort.Tensor('float32', new Float32Array(count), [count]);
    const external = async (run: () => Promise<unknown>) => {
      const before = process.memoryUsage().arrayBuffers;
      const result = await run();
      const grown = process.memoryUsage().arrayBuffers - before;
      return { grown, result };
    };
    const into = await external(() => runInto(session, { x, at }, { y }));
    const usual = await external(() => session.run({ x, at }, { y }));
    expect(into.grown).toBeLessThan(4 * count);
    // Were this to fail, the runtime would copy no more and runInto could be a plain run.
    expect(usual.grown).toBeGreaterThanOrEqual(4 * count);
    await session.release();
  });
});
