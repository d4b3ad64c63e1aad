import { builtInEncoder, type Encoder, loadEncoder, randomTwin } from '../encoder/encoder.ts';
import { randomHead } from '../encoder/source-head.ts';
import type { Plan, PlannedNetwork } from './plan.ts';
import { scratchDraws } from './scratch-draws.ts';

/** The networks of a plan, read but not yet running. */
export interface Networks {
  /** Common encoders that every image set is described with. */
  encoders: Encoder[];
  /** By candidate id: its own pretrained network. */
  own: Map<string, Encoder>;
  /** By candidate id: draws of the same network with random weights. Candidates of one architecture share them. */
  random: Map<string, Encoder[]>;
}

/** Who is to blame when a network cannot be read. */
export type OnNetworkError = (path: string, work: () => Promise<Encoder>) => Promise<Encoder | null>;

export async function readNetworks(plan: Plan, attempt: OnNetworkError): Promise<Networks> {
  const encoders: Encoder[] = [];
  for (const [index, { id, network }] of plan.encoders.entries()) {
    const encoder = await attempt(`evidence.encoders[${index}]`, async () =>
      network === null ? builtInEncoder() : loadEncoder(request(id, network)),
    );
    // A common encoder tells sets apart; what it was pretrained to say of them is not asked.
    if (encoder) encoders.push({ ...encoder, heads: [] });
  }
  const own = new Map<string, Encoder>();
  const random = new Map<string, Encoder[]>();
  const known = new Map<string, Encoder[]>();
  for (const [index, { id, network }] of plan.candidates.entries()) {
    if (network === null) continue;
    const path = `candidates[${index}].weights`;
    const encoder = await attempt(path, () => loadEncoder(request(id, network)));
    const first = encoder && (await attempt(path, async () => randomTwin(encoder, drawSeed(plan.seed, 0))));
    if (encoder === null || first === null) continue;
    own.set(id, encoder);
    const draws = known.get(first.digest) ?? [first];
    known.set(first.digest, draws);
    while (draws.length < scratchDraws) draws.push(randomTwin(encoder, drawSeed(plan.seed, draws.length)));
    for (const [draw, twin] of draws.entries()) draws[draw] = withRandomHead(twin, encoder, drawSeed(plan.seed, draw));
    random.set(id, draws);
  }
  return { encoders, own, random };
}

/** Candidates that share a twin share its heads, one for each number of source classes. */
function withRandomHead(twin: Encoder, { heads: [own] = [] }: Encoder, seed: number): Encoder {
  const { digest, heads = [] } = twin;
  if (own === undefined || heads.some(({ classes }) => classes === own.classes)) return twin;
  return { ...twin, heads: [...heads, randomHead(own, digest, seed)] };
}

/** Far apart, so that neighbouring seeds share no draw. */
export function drawSeed(seed: number, draw: number): number {
  return seed + draw * 1_000_003;
}

function request(id: string, network: PlannedNetwork) {
  const { located, input, features, preprocessing } = network;
  return { id, file: located.file, input, features, preprocessing };
}
