import { TransferEvidenceError } from '../../errors.ts';
import { describe } from '../../onnx/check.ts';
import type { Node } from '../../onnx/model.ts';
import { type BackwardStep, stringAttribute } from '../operator.ts';
import type { Ops } from '../ops.ts';
import type { Value } from '../value.ts';

/** One letter an axis. */
type Letters = readonly string[];

const alphabet = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/**
 * The gradient of Σ Πₖ Xₖ by one operand is an Einsum itself: dY in place of that operand, the operand in place of the result.
 * @throws model-unsupported when a letter comes twice in an operand (a diagonal)
 */
export function einsum({ node, inputs, grads, wants, ops }: BackwardStep): readonly (Value | undefined)[] {
  const operands = inputs.map((value) => value!);
  const { terms, output, spare } = parsed(node, operands);
  const sizes = sizesOf(terms, operands);
  return operands.map((operand, i) => {
    if (!wants[i]) return undefined;
    const own = terms[i]!;
    const others = [
      { letters: output, value: grads[0]! },
      ...terms.flatMap((letters, j) => (j === i ? [] : [{ letters, value: operands[j]! }])),
    ];
    const known = sizesOf(
      others.map(({ letters }) => letters),
      others.map(({ value }) => value),
    );
    // Along an axis of size 1 that was broadcast the gradient is summed; along one that was summed alone it is the same everywhere.
    const kept = own.filter(
      (letter, axis) => known.has(letter) && (operand.shape[axis] !== 1 || sizes.get(letter) === 1),
    );
    const product = emitted(
      ops,
      others,
      kept,
      kept.map((letter) => known.get(letter)!),
      spare,
    );
    const aligned = own.map((letter) => (kept.includes(letter) ? known.get(letter)! : 1));
    return ops.expand(ops.reshape(product, aligned), operand.shape);
  });
}

function emitted(
  ops: Ops,
  operands: readonly { letters: Letters; value: Value }[],
  kept: Letters,
  shape: readonly number[],
  spare: string,
): Value {
  // A scalar has no letters to write; as a vector of one it has.
  const given = operands.map(({ letters, value }) =>
    letters.length === 0 ? { letters: [spare], value: ops.reshape(value, [1]) } : { letters, value },
  );
  const equation = `${given.map(({ letters }) => letters.join('')).join()}->${kept.join('')}`;
  return ops.node(
    'Einsum',
    given.map(({ value }) => value),
    { shape },
    { equation },
  );
}

/** Each letter's size: the largest, as one of size 1 is broadcast. */
function sizesOf(terms: readonly Letters[], operands: readonly Value[]): Map<string, number> {
  const sizes = new Map<string, number>();
  terms.forEach((letters, i) => {
    letters.forEach((letter, axis) => {
      sizes.set(letter, Math.max(sizes.get(letter) ?? 1, operands[i]!.shape[axis]!));
    });
  });
  return sizes;
}

/** The equation with letters for the axes of an ellipsis and, where it names none, the result that numpy.einsum would give. */
function parsed(node: Node, operands: readonly Value[]): { terms: Letters[]; output: Letters; spare: string } {
  const equation = stringAttribute(node, 'equation', '').replaceAll(' ', '');
  const [left = '', right] = equation.split('->');
  const [spare, ...free] = alphabet.filter((letter) => !equation.includes(letter));
  const written = left.split(',');
  const hidden = written.map((term, i) => (term.includes('...') ? operands[i]!.shape.length - (term.length - 3) : 0));
  const most = Math.max(0, ...hidden);
  if (spare === undefined || free.length < most) refuse(node, equation, 'uses too many letters');
  const ellipsis = free.slice(0, most);
  const terms = written.map((term, i) => lettersOf(term, ellipsis.slice(most - hidden[i]!)));
  if (terms.some((letters) => new Set(letters).size < letters.length)) refuse(node, equation, 'takes a diagonal');
  if (right !== undefined) return { terms, output: lettersOf(right, ellipsis), spare };
  const all = terms.flat();
  const once = all.filter((letter) => !ellipsis.includes(letter) && all.indexOf(letter) === all.lastIndexOf(letter));
  return { terms, output: [...ellipsis, ...once.sort()], spare };
}

function lettersOf(term: string, ellipsis: Letters): Letters {
  const [before = '', after = ''] = term.split('...');
  return term.includes('...') ? [...before, ...ellipsis, ...after] : [...term];
}

function refuse(node: Node, equation: string, why: string): never {
  throw new TransferEvidenceError(
    'model-unsupported',
    `Node ${describe(node)} ${why} in the Einsum “${equation}”, for which there is no gradient rule. Export the network with other operators.`,
  );
}
