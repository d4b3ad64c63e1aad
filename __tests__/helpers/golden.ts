import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'vitest';
import { type Matrix, matrix } from '../../src/matrix.ts';

/** Golden vectors by default come from the fixtures; GOLDEN_DIR points the same tests at another folder. */
const folder = process.env.GOLDEN_DIR ?? resolve(import.meta.dirname, '../fixtures/golden');

/** One golden case: inputs, and the values that independent implementations gave for them. */
export interface Golden<Inputs, Expected> {
  name: string;
  tolerance: { rel: number; abs: number };
  inputs: Inputs;
  expected: Expected;
}

export function readGolden<Inputs, Expected>(name: string): Golden<Inputs, Expected> {
  return JSON.parse(readFileSync(resolve(folder, `${name}.json`), 'utf8'));
}

/** Within the case's own tolerance, absolute or relative. */
export function expectGolden(actual: number, expected: number, { tolerance }: Golden<unknown, unknown>): void {
  const allowed = tolerance.abs + tolerance.rel * Math.abs(expected);
  expect(Math.abs(actual - expected), `${actual} for ${expected}`).toBeLessThanOrEqual(allowed);
}

export function matrixOf(rows: readonly (readonly number[])[]): Matrix<Float64Array> {
  return matrix(Float64Array.from(rows.flat()), rows.length, rows[0]?.length ?? 0);
}
