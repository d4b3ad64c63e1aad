import { type Luma, lumaScale } from './luma.ts';
import { scalarMeasure } from './measure.ts';

/** Side of the blocks that JPEG compresses one by one. */
const block = 8;

/** Mean difference of two neighbours that rounding to whole grey levels alone makes. */
const rounding = 1 / 3;

/**
 * W1 between the sets' distributions of ln blocking, on native pixels; lower is closer. 0 is as many steps on the edges
 * of 8 × 8 blocks as within them; a set further up shows the blocks of strong JPEG compression. Only for images that were
 * neither scaled nor cropped nor turned since they were compressed, which moves the blocks off the grid; see
 * `visual.jpeg_quality` for what the file itself says.
 */
export const blocking = scalarMeasure('visual.blocking', '1', ({ luma }) => logBlocking(luma));

/**
 * ln(B / A): B the mean step between neighbours on two sides of a block's edge, A between neighbours within a block, along
 * rows and columns together; both raised by what rounding makes. B and A are the blockiness and the activity of Wang,
 * Sheikh & Bovik 2002 (ICIP 1:477), A counted from the steps themselves rather than as 8/7 of all less 1/7 of B, which is
 * the same for whole blocks. Their ratio stands for their quality score, whose constants were fitted to people's ratings
 * of photographs. 0 for an image with no block edge, up to 8 px.
 */
function logBlocking({ data, width, height }: Luma): number {
  const edges = Math.floor((width - 1) / block) * height + Math.floor((height - 1) / block) * width;
  if (edges === 0) return 0;
  const inners = (width - 1) * height + (height - 1) * width - edges;
  let edge = 0;
  let all = 0;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const end = row + width;
    for (let at = row + 1; at < end; at++) all += Math.abs((data[at]! - data[at - 1]!) | 0);
    for (let at = row + block; at < end; at += block) edge += Math.abs(data[at]! - data[at - 1]!);
    if (y === 0) continue;
    let steps = 0;
    for (let at = row; at < end; at++) steps += Math.abs((data[at]! - data[at - width]!) | 0);
    all += steps;
    if (y % block === 0) edge += steps;
  }
  const inner = all - edge;
  return Math.log((edge / (edges * lumaScale) + rounding) / (inner / (inners * lumaScale) + rounding));
}
