import type { Dataset, ImageRecord } from '../types.ts';
import { classBalance } from './class-balance.ts';
import { classCount } from './classes.ts';
import { groupCount } from './groups.ts';
import { imageCount } from './images.ts';
import type { Property } from './property.ts';
import { sizeOnDisk } from './size-on-disk.ts';

/** What the list of a dataset's images tells, before one is decoded. @param drawn those that will be looked at */
export async function listedProperties(dataset: Dataset, drawn: readonly ImageRecord[]): Promise<Property[]> {
  return [
    imageCount(dataset.images, drawn),
    classCount(dataset),
    classBalance(dataset),
    groupCount(dataset),
    await sizeOnDisk(dataset.images),
  ];
}
