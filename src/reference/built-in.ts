import { digestOf } from '../digest.ts';
import { deadLeavesVersion } from './dead-leaves.ts';

/** A fixed image set that distances are read against where the manifest names no candidate for it. */
export interface ReferenceSet {
  /** No candidate can have it: their ids hold no space. */
  id: string;
  images: number;
  /** Digest of all that determines the images, which need not be drawn to be known. */
  digest: string;
}

/** What the manifest says in place of a candidate where no reference is wanted. */
export const noReference = 'off';

/** As many as an interval takes 20 blocks from; more would cost time and hardly narrow an interval that the sources' own images rule. */
const images = 200;

export const deadLeaves: ReferenceSet = {
  id: 'dead leaves',
  images,
  digest: digestOf({ reference: 'dead leaves', version: deadLeavesVersion, images }),
};
