import type { Estimate } from '../evidence/schema.ts';
import { type MeasureInfo, type MeasureName, measures } from '../measures.ts';

/** More figures than this after the decimal point, and zeros have to be counted. */
const mostDecimals = 5;
/** Numbers that need more than {@link mostDecimals} and are all smaller than this are shown otherwise. */
const tiny = 1e-4;

/** Figures after the decimal point that show an uncertainty of `halfWidth` with two significant digits. */
function decimalsFor(halfWidth: number, value: number): number {
  const scale = halfWidth > 0 ? halfWidth : Math.abs(value) / 10;
  if (!(scale > 0) || !Number.isFinite(scale)) return 1;
  return Math.max(0, 1 - Math.floor(Math.log10(scale)));
}

/** How numbers that belong together are written: as decimal fractions, or as multiples of a power of ten where those would be rows of zeros. */
interface Notation {
  decimals: number;
  power: number | null;
}

function notationFor(values: readonly number[], decimals: number): Notation {
  const largest = values.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
  if (decimals <= mostDecimals || largest === 0 || largest >= tiny)
    return { decimals: Math.min(decimals, mostDecimals), power: null };
  const power = Math.floor(Math.log10(largest));
  return { decimals: Math.min(2, Math.max(0, decimals + power)), power };
}

function written(value: number, { decimals, power }: Notation, signed: boolean): string {
  return fixed(power === null ? value : value / 10 ** power, decimals, signed);
}

/** ` × 10⁻⁵`, to stand once behind all numbers of one notation; nothing for plain ones. */
function timesPower({ power }: Notation): string {
  if (power === null) return '';
  return ` × 10⁻${[...String(-power)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`;
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

/** One number of a measure with its unit: `67.3 points`, `+0.8 points`, `0.031`, `3.2 × 10⁻⁵`. */
export function formatValue(
  measure: MeasureName,
  value: number,
  options: { signed?: boolean; unit?: boolean; like?: Estimate } = {},
): string {
  const { factor, unit, decimals } = shown(measure);
  const half = options.like ? (factor * (options.like.high - options.like.low)) / 2 : 0;
  const notation = notationFor([value * factor], decimals ?? decimalsFor(half, value * factor));
  const text = `${written(value * factor, notation, options.signed ?? false)}${timesPower(notation)}`;
  return options.unit === false || unit === '' ? text : `${text} ${unit}`;
}

/**
 * A number with its interval, all at one precision: `+0.8 [−0.7, +2.4]`; with the unit `+0.8 points [−0.7, +2.4]`. The interval of
 * a number that is not a difference (`signed`) ends where the measure does. A tiny one is `<0.0001`, which beside others reads as
 * what it is; of a tiny difference, and wholly below 0, the signs are kept: `−3.1 [−5.1, −1.1] × 10⁻⁵`.
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
  const ends = [Math.max(least, low), Math.min(most, high)];
  const notation = notationFor([value, ...ends], places);
  if (notation.power !== null && !signed && (value >= 0 || ends[1]! > 0)) return `<${tiny}${suffix}`;
  const text = (number: number) => written(number, notation, signed);
  const [middle, interval] = [text(value), `[${ends.map(text).join(', ')}]`];
  return notation.power === null
    ? `${middle}${suffix} ${interval}`
    : `${middle} ${interval}${timesPower(notation)}${suffix}`;
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
