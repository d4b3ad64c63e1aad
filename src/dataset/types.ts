import type { Task } from '../evidence/schema.ts';

/** One image of a dataset. Opening a dataset lists these; nothing is decoded. */
export interface ImageRecord {
  /** Path relative to the dataset's root, with forward slashes: stable across machines. */
  id: string;
  /** Where the bytes are on this machine (real path, checked to lie inside an allowed root). */
  file: string;
  /** Indices into `classes`: one for binary and multi-class, any number for multi-label, none when unlabelled. */
  labels: number[];
  /** What must stay on one side of a split: patient, slide, site. Without groups every image is its own. */
  group: string;
  split?: 'train' | 'validation' | 'test';
}

/** An opened dataset: a list, in an order that depends on nothing but its content. */
export interface Dataset {
  root: string;
  images: ImageRecord[];
  classes: string[];
  task: Task;
  /** False when every image is its own group because none were declared. */
  grouped: boolean;
}
