import { builtInEncoder, type Encoder, loadEncoder, randomTwin } from '../encoder/encoder.ts';
import type { Plan, PlannedNetwork } from './plan.ts';

/** The networks of a plan, read but not yet running. */
export interface Networks {
  /** Common encoders that every image set is described with. */
  encoders: Encoder[];
  /** By candidate id: its own pretrained network. */
  own: Map<string, Encoder>;
  /** By candidate id: the same network with random weights. Candidates of one architecture share it. */
  random: Map<string, Encoder>;
}

/** Who is to blame when a network cannot be read. */
export type OnNetworkError = (path: string, work: () => Promise<Encoder>) => Promise<Encoder | null>;

export async function readNetworks(plan: Plan, attempt: OnNetworkError): Promise<Networks> {
  const encoders: Encoder[] = [];
  for (const [index, { id, network }] of plan.encoders.entries()) {
    const encoder = await attempt(`evidence.encoders[${index}]`, async () =>
      network === null ? builtInEncoder() : loadEncoder(request(id, network)),
    );
    if (encoder) encoders.push(encoder);
  }
  const own = new Map<string, Encoder>();
  const random = new Map<string, Encoder>();
  const twins = new Map<string, Encoder>();
  for (const [index, { id, network }] of plan.candidates.entries()) {
    if (network === null) continue;
    const path = `candidates[${index}].weights`;
    const encoder = await attempt(path, () => loadEncoder(request(id, network)));
    const twin = encoder && (await attempt(path, async () => randomTwin(encoder, plan.seed)));
    if (encoder === null || twin === null) continue;
    own.set(id, encoder);
    if (!twins.has(twin.digest)) twins.set(twin.digest, twin);
    random.set(id, twins.get(twin.digest)!);
  }
  return { encoders, own, random };
}

function request(id: string, network: PlannedNetwork) {
  const { located, input, features, preprocessing } = network;
  return { id, file: located.file, input, features, preprocessing };
}
