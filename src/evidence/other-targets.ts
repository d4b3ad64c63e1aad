import { digestOf, sha256 } from '../digest.ts';
import type { Plan } from './plan.ts';
import type { Evidence, FindingCode, Metric } from './schema.ts';
import type { Store } from './store.ts';

/** Raised when what is kept of a target changes its meaning. */
const recordVersion = 1;

/** The probes whose outcome is kept, the stronger first. */
const rankingProbes = ['probe.finetune', 'probe.linear'] as const;

/** By what a target is told from another. */
export interface TargetIdentity {
  /** Digest of its name, but for case, spaces and dashes: the store of several projects gives no name away. */
  name: string;
  /** Digest of the images that were drawn. */
  fingerprint: string;
  /** The smallest digests of those images' contents: sets that have many images in common have some of these in common. */
  sketch: string[];
}

/** What the store keeps of a target for reviews of other targets: how its candidates did by one probe. */
export interface TargetRecord extends TargetIdentity {
  version: typeof recordVersion;
  images: number;
  measure: (typeof rankingProbes)[number];
  metric: Metric;
  /** By digest of a network's features: weights, preprocessing, tensor. */
  scores: [network: string, value: number][];
}

export type OtherTargets = NonNullable<Evidence['otherTargets']>;

/** Digests that a sketch keeps (a bottom-k sketch: Broder 1997): a twentieth in common is seen 19 times in 20. */
const sketched = 64;

export function identityOf({ targetName, target }: Pick<Plan, 'targetName' | 'target'>): TargetIdentity {
  const plain = targetName.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');
  const contents = [...new Set(target.contents.values())].sort();
  return {
    name: sha256(plain),
    fingerprint: target.digest,
    sketch: contents.slice(0, sketched).map((digest) => digest.slice(0, 16)),
  };
}

/**
 * Keeps how the candidates did on this target, one record for each probe and set of candidates, under each of its networks,
 * by which it is looked for. A later outcome under the same name takes the place of the earlier one: it is the same target,
 * grown or mended.
 */
export async function rememberTarget(target: TargetIdentity, evidence: Evidence, store: Store): Promise<void> {
  const { metric, set } = evidence.target;
  if (metric === null || set === null) return;
  for (const measure of rankingProbes) {
    const scores = soundScores(evidence, measure);
    if (scores.length < 2) continue;
    const networks = scores.map(([network]) => network);
    const record: TargetRecord = {
      version: recordVersion,
      ...target,
      images: set.sampled.length,
      measure,
      metric,
      scores,
    };
    const key = digestOf({ recordVersion, name: target.name, measure, networks });
    for (const network of networks) await store.writeJson('target', `${network}-${key}`, record);
  }
}

/** Findings after which the scores of a target order nothing. */
const spoilsTarget: ReadonlySet<FindingCode> = new Set(['target_at_chance', 'solved_by_mean_colour']);

/** Findings after which a candidate's score says little of its network. */
const spoilsCandidate: ReadonlySet<FindingCode> = new Set([
  ...spoilsTarget,
  'collapsed',
  'weights_saw_target',
  'near_duplicates',
  'group_leak',
  'preprocessing_mismatch',
]);

function soundScores(
  { measurements, findings, candidates }: Evidence,
  measure: TargetRecord['measure'],
): TargetRecord['scores'] {
  const own = findings.filter((one) => (one.measure ?? measure) === measure);
  if (own.some(({ code, about }) => about === 'target' && spoilsTarget.has(code))) return [];
  const doubted = new Set(own.filter(({ code }) => spoilsCandidate.has(code)).map(({ about }) => about));
  const networks = new Map(networksOf({ candidates }).map(({ id, network }) => [id, network]));
  const scores = new Map<string, number>();
  for (const { measure: by, candidate, estimate } of measurements) {
    const network = networks.get(candidate);
    if (by === measure && estimate !== null && network !== undefined && !doubted.has(candidate))
      scores.set(network, estimate.value);
  }
  return [...scores].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The candidates with weights of their own. */
function networksOf({ candidates }: Pick<Evidence, 'candidates'>): { id: string; network: string }[] {
  return candidates.flatMap(({ id, role, weights }) =>
    role === 'candidate' && weights !== null ? [{ id, network: weights.digest }] : [],
  );
}

/**
 * The candidates' mean rank on the other targets that the store holds: a baseline that looks at nothing of this target.
 * Only targets on which all of them were measured that were measured on any, so that ranks are out of the same number.
 * A target counts once; fine-tuning comes before the linear probe, and more images before fewer.
 */
export async function readOtherTargets(
  target: TargetIdentity,
  evidence: Pick<Evidence, 'candidates'>,
  store: Store,
): Promise<OtherTargets | undefined> {
  const keys = new Map<string, string>();
  for (const { network } of networksOf(evidence))
    for (const key of await store.keysOf('target', `${network}-`)) keys.set(key.slice(network.length), key);
  const records = await Promise.all([...keys.values()].map((key) => store.readJson('target', key)));
  return meanRanks(target, evidence, (records as (TargetRecord | undefined)[]).filter(isCurrent));
}

/** Not of an earlier program, and not damaged. */
function isCurrent(record: TargetRecord | undefined): record is TargetRecord {
  return record?.version === recordVersion;
}

export function meanRanks(
  target: TargetIdentity,
  evidence: Pick<Evidence, 'candidates'>,
  records: readonly TargetRecord[],
): OtherTargets | undefined {
  const others = records.filter((record) => isAnother(target, record));
  const seen = new Set(others.flatMap(({ scores }) => scores.map(([network]) => network)));
  const known = networksOf(evidence).filter(({ network }) => seen.has(network));
  const networks = [...new Set(known.map(({ network }) => network))];
  if (networks.length < 2) return undefined;
  const counted: TargetRecord[] = [];
  for (const record of others.toSorted(byStrength)) {
    const own = new Set(record.scores.map(([network]) => network));
    if (networks.every((network) => own.has(network)) && counted.every((other) => isAnother(other, record)))
      counted.push(record);
  }
  if (counted.length === 0) return undefined;
  const ranks = counted.map((record) => ranksOf(networks, new Map(record.scores)));
  return {
    targets: counted.length,
    fineTuned: counted.filter(({ measure }) => measure === 'probe.finetune').length,
    ranks: known.map(({ id, network }) => ({
      candidate: id,
      meanRank: ranks.reduce((sum, rank) => sum + rank.get(network)!, 0) / counted.length,
    })),
  };
}

/**
 * Another name, another draw and no image in common. A name alone would make a renamed copy another target, and images
 * alone one that has grown or was drawn with another seed: ranks on either are this target's own answer.
 */
function isAnother(one: TargetIdentity, other: TargetIdentity): boolean {
  const sketch = new Set(one.sketch);
  return (
    one.name !== other.name && one.fingerprint !== other.fingerprint && !other.sketch.some((image) => sketch.has(image))
  );
}

function byStrength(a: TargetRecord, b: TargetRecord): number {
  return (
    rankingProbes.indexOf(a.measure) - rankingProbes.indexOf(b.measure) ||
    b.images - a.images ||
    b.scores.length - a.scores.length ||
    (a.fingerprint < b.fingerprint ? -1 : 1)
  );
}

/** Places from 1 at the highest score; equal scores share the mean of theirs. */
function ranksOf(networks: readonly string[], scores: ReadonlyMap<string, number>): Map<string, number> {
  return new Map(
    networks.map((network) => {
      const own = scores.get(network)!;
      const [above, equal] = networks.reduce(
        ([more, same], other) => [more + Number(scores.get(other)! > own), same + Number(scores.get(other)! === own)],
        [0, 0],
      );
      return [network, above + (equal + 1) / 2];
    }),
  );
}
