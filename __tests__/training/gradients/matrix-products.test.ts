import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/random.ts';
import { matrixProducts } from '../../../src/training/gradients/matrix-products.ts';
import { computed, expectGradients, operatorModel, randomTensor } from '../../helpers/operator-model.ts';

const float = (value: number) => ({ float: value });

describe('gradients of matrix products', () => {
  it('have a case for every operator of the family', () => {
    expect(Object.keys(matrixProducts).sort()).toEqual(['Einsum', 'Gemm', 'MatMul']);
  });

  for (const transA of [0, 1])
    for (const transB of [0, 1])
      it(`agree for Gemm with transA ${transA}, transB ${transB} and any bias`, async () => {
        for (const [seed, bias] of [undefined, [], [1], [4], [1, 4], [3, 1], [3, 4]].entries()) {
          const random = seededRandom(seed, 'gemm');
          const inputs = [
            randomTensor('a', transA ? [5, 3] : [3, 5], random),
            randomTensor('b', transB ? [4, 5] : [5, 4], random),
            ...(bias ? [randomTensor('c', bias, random)] : []),
          ];
          await expectGradients(operatorModel({ op: 'Gemm', inputs, attributes: { transA, transB } }), { seed });
          const attributes = { transA, transB, alpha: float(0.7), beta: float(-1.3) };
          await expectGradients(operatorModel({ op: 'Gemm', inputs, attributes }), { seed });
        }
      });

  it.each([
    [
      [3, 4],
      [4, 2],
    ],
    [
      [2, 3, 4],
      [4, 2],
    ],
    [
      [2, 5, 3, 4],
      [4, 2],
    ],
    [
      [2, 3, 4],
      [1, 4, 2],
    ],
    [
      [3, 4],
      [1, 1, 4, 2],
    ],
    [
      [2, 3, 4],
      [2, 4, 5],
    ],
    [
      [3, 4],
      [2, 4, 5],
    ],
    [
      [1, 3, 4],
      [2, 4, 5],
    ],
    [
      [2, 1, 3, 4],
      [5, 4, 2],
    ],
    [
      [2, 5, 3, 4],
      [2, 5, 4, 3],
    ],
    [[4], [4]],
    [[4], [4, 3]],
    [[3, 4], [4]],
    [[2, 3, 4], [4]],
    [[4], [2, 4, 3]],
    [
      [1, 1],
      [1, 1],
    ],
  ])('agree for MatMul of [%s] and [%s]', async (a, b) => {
    for (const names of [
      ['a', 'b'],
      ['fixed a', 'b'],
      ['a', 'fixed b'],
    ]) {
      const random = seededRandom(a.length + 10 * b.length, 'matmul');
      const inputs = [randomTensor(names[0]!, a, random), randomTensor(names[1]!, b, random)];
      await expectGradients(operatorModel({ op: 'MatMul', inputs }));
    }
  });

  it.each<[string, ...number[][]]>([
    ['ij,jk->ik', [2, 3], [3, 4]],
    ['ij,kj->ki', [2, 3], [4, 3]],
    ['bhid,bhjd->bhij', [2, 2, 3, 4], [2, 2, 5, 4]],
    ['bhij,bhjd->bihd', [2, 2, 3, 5], [2, 2, 5, 4]],
    ['nchw,cd->ndhw', [2, 3, 2, 2], [3, 4]],
    ['i,j->ij', [3], [4]],
    ['i,i->', [3], [3]],
    ['ij,i->i', [3, 4], [3]],
    ['ij,k->k', [3, 4], [2]],
    ['ij->ji', [3, 4]],
    ['ijk->j', [2, 3, 4]],
    ['ij->', [2, 3]],
    ['...ij,...jk->...ik', [2, 5, 3, 4], [2, 5, 4, 2]],
    ['...ij,jk->...ik', [2, 5, 3, 4], [4, 2]],
    ['b...d,de->b...e', [2, 3, 2, 4], [4, 5]],
    ['...ij,...jk->...ik', [1, 3, 4], [5, 4, 2]],
    ['ij,jk', [2, 3], [3, 4]],
    ['ba,b', [2, 3], [2]],
    ['ij,jk,kl->il', [2, 3], [3, 4], [4, 2]],
    ['a b , b c -> a c', [2, 3], [3, 4]],
    ['iJ,Jk->ik', [2, 3], [3, 4]],
  ])('agree for Einsum %s', async (equation, ...shapes) => {
    const random = seededRandom(1, equation);
    const inputs = shapes.map((shape, i) => randomTensor(`x${i}`, shape, random));
    await expectGradients(operatorModel({ op: 'Einsum', inputs, attributes: { equation } }));
  });

  it('refuse the diagonal of an Einsum, naming the equation', async () => {
    const inputs = [randomTensor('x', [3, 3], seededRandom(1, 'diagonal'))];
    const model = operatorModel({ op: 'Einsum', inputs, attributes: { equation: 'ii->i' } });
    await expect(computed(model)).rejects.toMatchObject({ code: 'model-unsupported', message: /ii->i/ });
  });
});
