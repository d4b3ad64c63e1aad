import type { Attribute, Node } from '../model.ts';
import { changed, type Rewriting, type Rule, stringAttribute } from './rewriting.ts';

const text = (value: string): Attribute => ({ kind: 'string', value });

/**
 * Resize 10 and its predecessor Upsample know one rule for coordinates, x / scale. “nearest” rounds down when it enlarges; when it shrinks,
 * the runtime rounds up (the standard is silent).
 */
export const resize10: Rule = (node, to) => {
  if (to.opset > 10) return [node];
  const mode = stringAttribute(node, 'mode', 'nearest');
  const [x = '', scales = ''] = node.inputs;
  const attributes = {
    mode: text(mode),
    coordinate_transformation_mode: text('asymmetric'),
    nearest_mode: text('floor'),
  };
  const factors = to.floats(node, 1) ?? to.refuse(node, 'its scales are no constant');
  if (mode !== 'nearest' || factors.every((factor) => factor >= 1))
    return [changed(node, [x, '', scales], attributes, 'Resize')];
  const shrinking = { ...attributes, nearest_mode: text('ceil') };
  if (factors.every((factor) => factor <= 1)) return [changed(node, [x, '', scales], shrinking, 'Resize')];
  // Axes do not depend on each other: first those that shrink, then those that grow.
  const shrunk = to.node(node, 'Resize', [x, '', scalesOf(node, to, factors, Math.min)], shrinking);
  const grown = [shrunk.outputs[0]!, '', scalesOf(node, to, factors, Math.max)];
  return [shrunk, changed(node, grown, attributes, 'Resize')];
};

function scalesOf(node: Node, to: Rewriting, factors: Float32Array, pick: (a: number, b: number) => number): string {
  return to.floatVector(
    node,
    'scales',
    factors.map((factor) => pick(factor, 1)),
  );
}

/** 19 brought half_pixel_symmetric, which is half_pixel wherever the sizes come out whole before rounding. */
export const resize19: Rule = (node, to) => {
  if (stringAttribute(node, 'coordinate_transformation_mode', 'half_pixel') !== 'half_pixel_symmetric') return [node];
  if (!comesOutWhole(node, to))
    to.refuse(node, 'it resizes with half_pixel_symmetric to sizes that are rounded', 'Export it with half_pixel.');
  return [{ ...node, attributes: { ...node.attributes, coordinate_transformation_mode: text('half_pixel') } }];
};

function comesOutWhole(node: Node, to: Rewriting): boolean {
  if (stringAttribute(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch') return false;
  if ((node.inputs[3] ?? '') !== '') return true;
  const shape = to.shape(node);
  const factors = to.floats(node, 2);
  const axes = node.attributes.axes?.kind === 'ints' ? node.attributes.axes.value : shape.map((_, i) => i);
  return factors?.every((factor, i) => Number.isInteger(factor * (shape.at(axes[i] ?? i) ?? 1))) ?? false;
}
