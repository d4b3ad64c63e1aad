import type { Measurement } from './schema.ts';

/** The built-in network that stands in for a candidate's weights in this measurement; `null` where the weights are its own. */
export function proxyOf({ details }: Pick<Measurement, 'details'>): string | null {
  return typeof details.proxy === 'string' ? details.proxy : null;
}
