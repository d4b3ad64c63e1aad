import type { Matrix } from '../matrix.ts';
import { type CropCandidate, type CropSearch, searchCrops } from './crop-candidates.ts';
import { detailOf, isFlat } from './details.ts';
import { signatureSide } from './image-signature.ts';
import { localLikeness } from './local-contrast.ts';
import { windowFrequencies } from './picture-window.ts';
import { register, registeredSide } from './registration.ts';
import { changeOf, symmetries, undone } from './symmetries.ts';

/** Frequencies 4 to 9 of a part and of the window that shows it correlate at least so much: see copiesBetween. */
const cropCorrelation = 0.98;

/** So do the two with every place given the same weight. Of two skulls in CT the outlines fit, and what lies within does not: 0.973. */
const localCropCorrelation = 0.98;

/** What has contrast in less of the picture than this can be made of many pictures by moving four edges, as an oval of another oval: 0.285. */
const leastSpread = 1 / 3;

/** A picture that correlates so much with itself turned by half, once four edges are moved, is no more telling than an oval or a pattern. */
const mostSymmetric = 0.9;
const halfTurn = symmetries.indexOf('turned by 180°');
const everything = { left: 0, width: 1, top: 0, height: 1 };

/** Shares of a side: what is cut off at one end, and by how much an edge may be misjudged. */
const mostCut = 0.23;
const unsure = 0.02;

/** Changes that lay a part as it lies in the picture that contains it. */
const laid = symmetries.map((_, symmetry) => changeOf(undone(symmetry), registeredSide, signatureSide));

/** A picture that is a part of another. */
export interface CroppedCopy {
  /** Row of the part. */
  part: number;
  /** What was done to the window of the other picture to make the part: an index into symmetries. */
  symmetry: number;
  /** Of frequencies 4 to 9 of the part and the window: 0.98 to 1. */
  correlation: number;
  /** Whether the window is smaller than the picture: what only the fit of edges brings to light may be the whole of it. */
  cropped: boolean;
}

/** Finds parts of pictures in a set. */
export interface CropFinder {
  /**
   * The pictures of the set that are parts of this one, with up to a fifth of each side cut off at each end.
   * @param isKnown tells of a row that it need not be looked at
   */
  partsOf(signature: ArrayLike<number>, isKnown?: (row: number) => boolean): CroppedCopy[];
}

/** @param set image signatures, one a row */
export function findCrops(set: Matrix): CropFinder {
  const search: CropSearch = searchCrops(set);
  const signatureAt = (row: number) => set.data.subarray(row * set.columns, (row + 1) * set.columns);
  const telling = new Map<number, boolean>();
  const tells = (row: number): boolean => {
    const known = telling.get(row);
    if (known !== undefined) return known;
    const signature = signatureAt(row);
    const found = !isFlat(detailOf(signature, signatureSide)) && !isSymmetric(signature);
    telling.set(row, found);
    return found;
  };
  return {
    partsOf(signature, isKnown = () => false) {
      if (isFlat(detailOf(signature, signatureSide))) return [];
      const crops = new Map<number, CroppedCopy>();
      for (const candidate of search.within(signature)) {
        const { part } = candidate;
        if (crops.has(part) || isKnown(part) || !tells(part)) continue;
        const found = cropOf(candidate, signatureAt(part), signature);
        if (found) crops.set(part, found);
      }
      return [...crops.values()];
    },
  };
}

function cropOf(
  { part, symmetry, window: start }: CropCandidate,
  own: ArrayLike<number>,
  signature: ArrayLike<number>,
): CroppedCopy | undefined {
  const frequencies = laidBack(own, symmetry);
  const registration = register(frequencies, signature, start);
  if (registration === undefined || registration.correlation < cropCorrelation) return undefined;
  const { window, correlation } = registration;
  const cuts = [window.left, 1 - window.left - window.width, window.top, 1 - window.top - window.height];
  if (cuts.some((cut) => cut < -unsure || cut > mostCut)) return undefined;
  const shown = windowFrequencies(signature, window, registeredSide, signatureSide);
  const local = localLikeness(frequencies, shown);
  if (local.correlation < localCropCorrelation || local.spread < leastSpread) return undefined;
  return { part, symmetry, correlation, cropped: cuts.some((cut) => cut > unsure) };
}

function isSymmetric(signature: ArrayLike<number>): boolean {
  const turned = register(laidBack(signature, halfTurn), signature, everything);
  return turned !== undefined && turned.correlation > mostSymmetric;
}

/** The 16 × 16 lowest frequencies of a part, as it lies in the picture that contains it. */
function laidBack(signature: ArrayLike<number>, symmetry: number): Float64Array {
  const { from, sign } = laid[symmetry]!;
  return sign.map((value, k) => value * signature[from[k]!]!);
}
