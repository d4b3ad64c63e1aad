/** What is told of a dataset beside its likeness to another, in the order of the report. */
export const propertyNames = [
  'images',
  'classes',
  'class_balance',
  'groups',
  'bytes',
  'exact_duplicates',
  'diversity',
  'short_side',
  'missing_metadata',
  'label_issues',
  'learning_curve',
] as const;

export type PropertyName = (typeof propertyNames)[number];

/** One property of one dataset. */
export interface Property {
  property: PropertyName;
  /** In {@link unit}; `null` when it could not be had, and `refused` then says why and what would do. */
  value: number | null;
  unit: string;
  /** Images, or what else `details` names, that it was read off. */
  n: number;
  /** Interval of 95 %, where one can be had. */
  low?: number;
  high?: number;
  refused?: string;
  details: Record<string, number | string | boolean | null>;
}
