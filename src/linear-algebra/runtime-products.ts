import type { InferenceSession } from 'onnxruntime-node';
import { type Matrix, matrix } from '../matrix.ts';
import { GraphBuilder } from '../onnx/build.ts';
import { writeModel } from '../onnx/write.ts';
import type { OnnxRuntime } from '../runtime/require-native.ts';
import { runInto, withholdOutputs } from '../runtime/run-into.ts';
import { mirrorLower } from './dot-products.ts';
import { inDoubles, outOf, type Products, plainProducts, requireEqual } from './products.ts';

/** Multiplications below which a call of the runtime costs more than loops do: about a tenth of a millisecond. */
const fewestForRuntime = 2 ** 18;

/** Multiplications below which waking a second thread costs what it saves. */
const fewestForThreads = 2 ** 22;

/** Bands of rows that a symmetric product is taken in, each up to the diagonal only: 9/16 of the work. */
const symmetricBands = 8;
/** Rows below which a band is too thin to run at full speed. */
const thinnestBand = 64;

/** Products on ONNX Runtime. */
export interface RuntimeProducts extends Products {
  close(): Promise<void>;
}

/**
 * Products on ONNX Runtime's processor kernels in float64; small ones in loops. The tiny networks that multiply are opened
 * when they are first needed.
 * @param threads inside one product; default the runtime's own choice, which is one a core
 */
export function runtimeProducts(onnxruntime: OnnxRuntime, threads = 0): RuntimeProducts {
  const sessions = new Map<string, Promise<InferenceSession>>();
  const sessionOf = (turned: boolean, multiplications: number): Promise<InferenceSession> => {
    const used = multiplications < fewestForThreads ? 1 : threads;
    const key = `${turned} ${used}`;
    const found = sessions.get(key) ?? open(onnxruntime, turned, used);
    sessions.set(key, found);
    return found;
  };
  /** `a` times `b`, or times `b` with rows and columns exchanged, written to `out`. */
  const multiply = async (a: Matrix<Float64Array>, b: Matrix<Float64Array>, turned: boolean, out: Float64Array) => {
    const tensor = ({ data, rows, columns }: Matrix<Float64Array>) =>
      new onnxruntime.Tensor('float64', data, [rows, columns]);
    const columns = turned ? b.rows : b.columns;
    const session = await sessionOf(turned, a.rows * a.columns * columns);
    await runInto(session, { a: tensor(a), b: tensor(b) }, { y: tensor(matrix(out, a.rows, columns)) });
  };

  return {
    compiled: true,
    rows: async (a, b, room) => {
      requireEqual('columns', a.columns, 'columns', b.columns);
      if (a.rows * b.rows * a.columns < fewestForRuntime) return plainProducts.rows(a, b, room);
      const left = inDoubles(a);
      const out = outOf(room, a.rows * b.rows);
      if (a !== b) await multiply(left, inDoubles(b), true, out);
      else await multiplyBySelf(left, out, multiply);
      return matrix(out, a.rows, b.rows);
    },
    product: async (a, b, room) => {
      requireEqual('columns', a.columns, 'rows', b.rows);
      if (a.rows * b.columns * a.columns < fewestForRuntime) return plainProducts.product(a, b, room);
      const out = outOf(room, a.rows * b.columns);
      await multiply(a, b, false, out);
      return matrix(out, a.rows, b.columns);
    },
    close: async () => {
      const open = [...sessions.values()];
      sessions.clear();
      for (const session of open) await (await session).release();
    },
  };
}

async function multiplyBySelf(
  set: Matrix<Float64Array>,
  out: Float64Array,
  multiply: (a: Matrix<Float64Array>, b: Matrix<Float64Array>, turned: true, out: Float64Array) => Promise<void>,
): Promise<void> {
  const { rows, columns } = set;
  const first = (to: number, from = 0) => matrix(set.data.subarray(from * columns, to * columns), to - from, columns);
  const height = Math.max(thinnestBand, Math.ceil(rows / symmetricBands));
  const band = new Float64Array(Math.min(height, rows) * rows);
  for (let from = 0; from < rows; from += height) {
    const to = Math.min(rows, from + height);
    const products = band.subarray(0, (to - from) * to);
    await multiply(first(to, from), first(to), true, products);
    for (let i = from; i < to; i++) out.set(products.subarray((i - from) * to, (i - from) * to + i + 1), i * rows);
  }
  mirrorLower(out, rows);
}

function open(onnxruntime: OnnxRuntime, turned: boolean, threads: number): Promise<InferenceSession> {
  const graph = new GraphBuilder('product');
  graph.input('a', ['rows', 'inner'], 'float64');
  graph.input('b', turned ? ['columns', 'inner'] : ['inner', 'columns'], 'float64');
  withholdOutputs(graph);
  graph.output(graph.node('Gemm', ['a', 'b'], { transB: turned ? 1 : 0 }, 'y'), ['rows', 'columns'], 'float64');
  return onnxruntime.InferenceSession.create(writeModel(graph.model()), {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    enableMemPattern: false,
    logSeverityLevel: 3,
    // Between products there is other work to do: threads that wait for the next one by spinning would be in its way.
    extra: { session: { 'intra_op.allow_spinning': '0' } },
  });
}
