import { isControl } from '../controls.ts';
import type { Estimate, Evidence } from '../evidence/schema.ts';
import type { ProbeMeasure } from '../measures.ts';
import { decidingProbe, type Field, scoresOf } from '../verdict/probes.ts';
import { clip, visible } from './escape.ts';

interface QuadrantPoint {
  label: string;
  /** 0 farthest from the target, 1 closest. */
  similarity: number;
  /** 0 lowest score, 1 highest. */
  performance: number;
}

/** Similarity against performance, one point a candidate, both scaled to 0–1. */
export interface QuadrantChart {
  /** What `performance` was measured by. */
  measure: ProbeMeasure;
  /** Candidates with weights, or proxies: never both in one chart. */
  field: Field;
  title: string;
  xAxis: [string, string];
  yAxis: [string, string];
  points: QuadrantPoint[];
}

/** Share of an axis that the data may take, so that no label is cut at the edge. */
const room = 0.8;

/**
 * The candidates that have both a distance and a probe score; `null` when fewer than two do.
 * An axis spans at least twice the widest interval, so that candidates within the noise stand close together.
 */
export function quadrantChart(evidence: Evidence, field: Field = 'weights'): QuadrantChart | null {
  const measure = decidingProbe(evidence, field);
  if (measure === null) return null;
  const encoder = evidence.encoders[0]?.id;
  const distances = new Map(
    evidence.measurements.flatMap((m): [string, Estimate][] =>
      m.measure === 'embedding.mmd' && m.estimate && m.encoder === encoder ? [[m.candidate, m.estimate]] : [],
    ),
  );
  const scores = new Map(
    scoresOf(evidence, measure, field).flatMap(({ candidate, estimate }): [string, Estimate][] =>
      isControl(candidate) ? [] : [[candidate, estimate]],
    ),
  );
  const ids = [...distances.keys()].filter((id) => scores.has(id));
  if (ids.length < 2) return null;
  const x = scale(ids.map((id) => distances.get(id)!));
  const y = scale(ids.map((id) => scores.get(id)!));
  return {
    measure,
    field,
    title: 'Similar is not the same as better',
    xAxis: ['farther from the target', 'closer'],
    yAxis: ['lower probe score', 'higher'],
    points: ids.map((label, index) => ({ label, similarity: round(1 - x[index]!), performance: round(y[index]!) })),
  };
}

function scale(estimates: readonly { value: number; low: number; high: number }[]): number[] {
  const values = estimates.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const widest = Math.max(...estimates.map((estimate) => estimate.high - estimate.low));
  const span = Math.max(high - low, 2 * widest);
  const centre = (low + high) / 2;
  return values.map((value) => (span > 0 ? 0.5 + (room * (value - centre)) / span : 0.5));
}

const round = (value: number): number => Math.min(1, Math.max(0, Number(value.toFixed(3))));

/** The chart in Mermaid's language; every label is quoted and holds nothing that could end the quotes. */
export function mermaid({ title, xAxis, yAxis, points }: Omit<QuadrantChart, 'measure' | 'field'>): string {
  const quoted = (text: string): string => `"${clip(visible(text), 40).replace(/["\\`;#%<>{}]/g, '·')}"`;
  return [
    '%%{init: {"quadrantChart": {"chartWidth": 520, "chartHeight": 340}}}%%',
    'quadrantChart',
    `  title ${title}`,
    `  x-axis ${quoted(xAxis[0])} --> ${quoted(xAxis[1])}`,
    `  y-axis ${quoted(yAxis[0])} --> ${quoted(yAxis[1])}`,
    ...points.map(({ label, similarity, performance }) => `  ${quoted(label)}: [${similarity}, ${performance}]`),
  ].join('\n');
}
