import type { Estimate } from '../evidence/schema.ts';
import { type MeasureInfo, type MeasureName, measures } from '../measures.ts';

/** Figures after the decimal point that show an uncertainty of `halfWidth` with two significant digits. */
function decimalsFor(halfWidth: number, value: number): number {
  const scale = halfWidth > 0 ? halfWidth : Math.abs(value) / 10;
  if (!(scale > 0) || !Number.isFinite(scale)) return 1;
  return Math.min(8, Math.max(0, 1 - Math.floor(Math.log10(scale))));
}

function fixed(value: number, decimals: number, signed: boolean): string {
  const digits = Math.abs(value).toFixed(decimals);
  const [whole = '', fraction] = digits.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const body = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  // A row of zeros says no more than one, and looks like a measurement.
  if (Number(digits) === 0) return decimals > 4 ? '0' : body;
  if (value < 0) return `−${body}`;
  return signed ? `+${body}` : body;
}

/** How the numbers of one measure are shown: probe scores in points (hundredths), distances in their own unit. */
function shown(measure: MeasureName): { factor: number; unit: string; decimals?: number } {
  const { unit } = measures[measure];
  return unit === 'points' ? { factor: 100, unit, decimals: 1 } : { factor: 1, unit };
}

/** One number of a measure with its unit: `67.3 points`, `+0.8 points`, `0.031`. */
export function formatValue(
  measure: MeasureName,
  value: number,
  options: { signed?: boolean; unit?: boolean; like?: Estimate } = {},
): string {
  const { factor, unit, decimals } = shown(measure);
  const half = options.like ? (factor * (options.like.high - options.like.low)) / 2 : 0;
  const text = fixed(value * factor, decimals ?? decimalsFor(half, value * factor), options.signed ?? false);
  return options.unit === false || unit === '' ? text : `${text} ${unit}`;
}

/**
 * A number with its interval, all at one precision: `+0.8 [−0.7, +2.4]`; with the unit `+0.8 points [−0.7, +2.4]`. The interval of
 * a number that is not a difference (`signed`) ends where the measure does.
 */
export function formatEstimate(
  measure: MeasureName,
  estimate: Pick<Estimate, 'value' | 'low' | 'high'>,
  options: { signed?: boolean; unit?: boolean } = {},
): string {
  const { factor, unit, decimals } = shown(measure);
  const signed = options.signed ?? false;
  const [value, low, high] = [estimate.value * factor, estimate.low * factor, estimate.high * factor];
  const places = decimals ?? decimalsFor((high - low) / 2, value);
  const { range }: MeasureInfo = measures[measure];
  const [least, most] = range && !signed ? range : [-Infinity, Infinity];
  const suffix = options.unit === false || unit === '' ? '' : ` ${unit}`;
  return `${fixed(value, places, signed)}${suffix} [${fixed(Math.max(least, low), places, signed)}, ${fixed(Math.min(most, high), places, signed)}]`;
}

/** A level such as 0.95 as `95 %`; corrected levels keep up to two decimals. */
export function formatLevel(level: number): string {
  return `${Number((level * 100).toFixed(2))} %`;
}

/** A count with thousands set apart. */
export function formatCount(count: number): string {
  return fixed(Math.round(count), 0, false);
}

/** A factor by which something must grow: two figures below ten, whole numbers above. */
export function formatFactor(factor: number): string {
  return factor < 10 ? factor.toFixed(1) : formatCount(Number(factor.toPrecision(2)));
}
