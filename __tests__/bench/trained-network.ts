import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-node';
import { readModel } from '../../src/onnx/read.ts';
import { blockOfThisProcessor } from '../../src/training/blocked-support.ts';
import type { Lowering } from '../../src/training/lowering.ts';
import { trainableWeights } from '../../src/training/prepare.ts';

export type Path = 'fast' | 'standard';

/** An exported network with all but its classifier trained, which makes way for the head that a trainer puts on it: the same layer. */
export function trainedNetwork(file: string, batch: number, size: number) {
  const model = readModel(readFileSync(file));
  const classifier = model.graph.nodes.at(-1)!;
  const trained = new Set([...trainableWeights(model)].filter((name) => !classifier.inputs.includes(name)));
  const image = { layout: 'NCHW', channels: 3, height: size, width: size } as const;
  return { model, input: 'input', features: classifier.inputs[0]!, image, batch, trained };
}

export async function loweringOf(path: Path): Promise<Lowering> {
  return path === 'fast' ? { block: await blockOfThisProcessor(ort) } : {};
}
