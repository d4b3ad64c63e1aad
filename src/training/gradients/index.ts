import type { Node } from '../../onnx/model.ts';
import type { Family, Operator } from '../operator.ts';
import { activations } from './activations.ts';
import { arithmetic } from './arithmetic.ts';
import { convolutions } from './convolution.ts';
import { indexing } from './indexing.ts';
import { matrixProducts } from './matrix-products.ts';
import { normalisations } from './normalisations.ts';
import { pooling } from './pooling.ts';
import { reductions } from './reductions.ts';
import { reshaping } from './reshaping.ts';
import { resizing } from './resizing.ts';
import { softmax } from './softmax.ts';

const families: readonly Family[] = [
  activations,
  arithmetic,
  convolutions,
  indexing,
  matrixProducts,
  normalisations,
  pooling,
  reductions,
  reshaping,
  resizing,
  softmax,
];

const operators = new Map(families.flatMap((family) => Object.entries(family)));

/** What is known of a node's operator; undefined where nobody has taught it. */
export function operatorOf({ domain, op }: Node): Operator | undefined {
  return operators.get(domain === '' ? op : `${domain}:${op}`);
}

/** The names of all operators that can be differentiated. */
export const differentiable: readonly string[] = [...operators.keys()].sort();
