import { equalFiles, groupCopies } from '../dataset/duplicates.ts';
import { counted, someNames } from '../dataset/names.ts';
import type { ImageRecord } from '../dataset/types.ts';
import { digestOf } from '../digest.ts';
import type { Encoder } from '../encoder/encoder.ts';
import {
  checkPreprocessing,
  type PreprocessingCheck,
  preprocessingCheckVersion,
} from '../integrity/check-preprocessing.ts';
import { sharedGroups } from '../integrity/group-leaks.ts';
import { type Copy, copiesBetween, copiesWithin } from '../integrity/near-duplicates.ts';
import { leastImages } from '../integrity/preprocessing-fit.ts';
import { sawTarget } from '../integrity/weights-saw-target.ts';
import type { Matrix } from '../matrix.ts';
import type { Progress } from '../progress.ts';
import type { Natives } from '../runtime/natives.ts';
import { copiesInSource, copiesInTarget, copiesInTest } from './copy-findings.ts';
import type { ReadSet } from './describe-sets.ts';
import type { Networks } from './networks.ts';
import type { Plan, PlannedCandidate } from './plan.ts';
import type { Finding } from './schema.ts';
import { type SignatureOptions, signaturesOf, signaturesOfReadable } from './signatures.ts';
import type { Store } from './store.ts';

export interface IntegrityOptions {
  store: Store;
  natives: Natives;
  log: Progress;
  signal?: AbortSignal | undefined;
}

export interface Integrity {
  findings: Finding[];
  /** The target with copies of one image in one group, so that no split parts them; as it was where there are none. */
  target: ReadSet | null;
  /** By candidate, one sentence on how its preprocessing was checked. */
  notes: Map<string, string>;
}

interface IntegrityRequest {
  plan: Plan;
  networks: Pick<Networks, 'own'>;
  target: ReadSet | null;
  sources: ReadonlyMap<string, ReadSet>;
}

/** Progress is told once a pass has taken so many milliseconds. */
const patience = 2000;

/**
 * Looks for what would make measurements worthless although they look right: copies of target images, groups on both sides of a declared
 * split or in both datasets, weights whose training data holds the target, and a preprocessing that the network was not trained with.
 */
export async function checkIntegrity(
  { plan, networks, target, sources }: IntegrityRequest,
  options: IntegrityOptions,
): Promise<Integrity> {
  const copies = target === null ? null : await findCopies(plan, target, sources, options);
  const { findings: preprocessing, notes } = await checkAllPreprocessing({ plan, networks, target, sources }, options);
  return {
    findings: [
      ...plan.candidates.flatMap((candidate, index) => seenFinding(plan, candidate, index)),
      ...(copies?.findings ?? []),
      ...splitFinding(plan),
      ...plan.candidates.flatMap((candidate) => sharedFinding(plan, candidate)),
      ...preprocessing,
    ],
    target: target && copies ? withCopiesGrouped(target, copies.within) : target,
    notes,
  };
}

/** Among the target's own images, between each source and them, and among the target's test images of both. */
async function findCopies(
  plan: Plan,
  target: ReadSet,
  sources: ReadonlyMap<string, ReadSet>,
  { store, natives, log, signal }: IntegrityOptions,
): Promise<{ findings: Finding[]; within: Copy[] }> {
  const means = (name: string): SignatureOptions => {
    const started = performance.now();
    return {
      natives,
      signal,
      onProgress: (done, total) => {
        if (performance.now() - started > patience) log.step(`Looking for copies in ${name}`, done, total);
      },
    };
  };
  const { contents, test } = plan.target;
  const own: Signed = {
    what: 'target image',
    images: target.images,
    contents,
    signatures: await signaturesOf(target, store, means('the target')),
  };
  const tested = test && (await signaturesOfReadable(test, store, means('the test images')));
  const marked: Signed | null = test && { what: 'test image', ...test, signatures: tested!.signatures };
  const findings: Finding[] = [];
  for (const { id, sample } of plan.candidates) {
    const source = sources.get(id);
    if (!source || !sample) continue;
    const theirs: Signed = {
      what: 'image',
      images: source.images,
      contents: sample.contents,
      signatures: await signaturesOf(source, store, means(id)),
    };
    for (const set of [own, ...(marked ? [marked] : [])])
      findings.push(...copiesInSource(id, copiesAmong(theirs, set), { source: theirs.images, set }));
    signal?.throwIfAborted();
  }
  const within = copiesWithin(own.signatures, equalFiles(own.images, contents));
  findings.push(...copiesInTarget(within, target.images));
  if (marked) findings.push(...copiesInTest(copiesAmong(own, marked), { test: marked.images, others: own.images }));
  return { findings: [...findings, ...unreadableTests(tested?.unreadable ?? [])], within };
}

/** Images that copies are looked for among. */
interface Signed {
  what: string;
  images: readonly ImageRecord[];
  contents: ReadonlyMap<string, string>;
  /** One a row. */
  signatures: Matrix;
}

/** Images of one set that have a copy in another. */
function copiesAmong(others: Signed, set: Signed): Copy[] {
  const equal = equalFiles(set.images, set.contents, others.images, others.contents);
  return copiesBetween(others.signatures, set.signatures, equal);
}

function unreadableTests(ids: readonly string[]): Finding[] {
  if (ids.length === 0) return [];
  return [
    {
      code: 'images_unreadable',
      about: 'target',
      text: `No copies could be looked for among ${counted(ids.length, 'test image')} that cannot be read: ${someNames(ids)}.`,
    },
  ];
}

/** @returns the same set where there are no copies */
function withCopiesGrouped(target: ReadSet, copies: readonly Copy[]): ReadSet {
  if (copies.length === 0) return target;
  const contents = new Map(
    copies.flatMap(({ row, of }) => [row, of].map((at) => [target.images[at]!.id, `copies of ${of}`])),
  );
  const images = groupCopies(target.images, contents);
  const groups = images.map(({ group }) => group);
  return { ...target, images, groups, digest: digestOf([target.digest, groups]) };
}

function seenFinding(plan: Plan, { id, network, sample }: PlannedCandidate, index: number): Finding[] {
  if (network === null) return [];
  const advice = 'A score on seen images is no evidence: measure on other images, or take other weights.';
  const files = new Set(plan.target.dataset.images.map(({ file }) => file));
  const common = sample?.dataset.images.filter(({ file }) => files.has(file)).length ?? 0;
  if (common > 0)
    return [
      {
        code: 'weights_saw_target',
        about: id,
        text: `The weights of ${id} saw the target: ${counted(common, 'file')} of its sample ${common === 1 ? 'is' : 'are'} among the target’s ${files.size}. ${advice}`,
      },
    ];
  const found = sawTarget(plan.provenance.candidates[index]!, plan.provenance.target);
  return found === undefined
    ? []
    : [
        {
          code: 'weights_saw_target',
          about: id,
          text: `The weights of ${id} saw the target, by what is declared: they were trained on ${found.source}, and the target is ${found.target}. ${advice}`,
        },
      ];
}

function splitFinding({ target: { acrossSplits } }: Plan): Finding[] {
  if (acrossSplits.length === 0) return [];
  return [
    {
      code: 'group_leak',
      about: 'target',
      text: `${counted(acrossSplits.length, 'group')} of the target ${acrossSplits.length === 1 ? 'lies' : 'lie'} in more than one declared split: ${someNames(acrossSplits)}. Splits made here keep groups whole; a later test score would be too high. Move each group to one split.`,
    },
  ];
}

function sharedFinding({ target }: Plan, { id, sample }: PlannedCandidate): Finding[] {
  const shared = sample === null ? [] : sharedGroups(sample.dataset, target.dataset);
  if (shared.length === 0) return [];
  return [
    {
      code: 'group_leak',
      about: id,
      text: `${counted(shared.length, 'group')} (patients, slides) ${shared.length === 1 ? 'is' : 'are'} in both ${id} and the target: ${someNames(shared)}. A network that has seen the patients is favoured. Remove them from one side; if two numberings only happen to agree, make the group names differ.`,
    },
  ];
}

async function checkAllPreprocessing(
  { plan, networks, target, sources }: IntegrityRequest,
  { store, natives, log, signal }: IntegrityOptions,
): Promise<Pick<Integrity, 'findings' | 'notes'>> {
  const findings: Finding[] = [];
  const notes = new Map<string, string>();
  const started = performance.now();
  /** From the store, else made now. */
  const known = async (encoder: Encoder, set: ReadSet): Promise<PreprocessingCheck> => {
    const ids = set.images.map(({ id }) => id);
    const [version, { digest, preprocessing }, { seed }] = [preprocessingCheckVersion, encoder, plan];
    const key = digestOf({ version, network: digest, preprocessing, set: set.digest, ids, seed });
    const stored = (await store.readJson('preprocessing', key)) as PreprocessingCheck | undefined;
    if (stored) return stored;
    const check = await checkPreprocessing(encoder, set.images, { natives, seed, signal });
    await store.writeJson('preprocessing', key, check);
    return check;
  };
  for (const [done, [id, encoder]] of [...networks.own].entries()) {
    const images = sources.get(id) ?? target;
    if (images === null) continue;
    const whose = sources.has(id) ? 'its own images' : 'target images';
    const check = await known(encoder, images);
    if (performance.now() - started > patience) log.step('Checking preprocessing', done + 1, networks.own.size);
    notes.set(id, noteOf(check, whose));
    if (check.outcome === 'mismatch') findings.push(mismatchFinding(id, check, whose));
  }
  return { findings, notes };
}

type Judged = Extract<PreprocessingCheck, { declared: number }>;

function mismatchFinding(id: string, { declared, best, images }: Judged, whose: string): Finding {
  const { channels, range, mean, std } = best.scaling;
  return {
    code: 'preprocessing_mismatch',
    about: id,
    text: `${id} is declared with a preprocessing that it was not trained with: ${divergences(declared, best, images, whose)}. Set preprocessing to {channels: ${channels}, range: [${range.join(', ')}], mean: [${mean.join(', ')}], std: [${std.join(', ')}]}, or check where the weights come from.`,
  };
}

function noteOf(check: PreprocessingCheck, whose: string): string {
  switch (check.outcome) {
    case 'unchecked':
      return {
        'no running statistics':
          'Its preprocessing cannot be checked: there are no running statistics in the file (no batch normalisation, or one that was folded into the convolutions at export).',
        'few images': `Its preprocessing was not checked: that takes ${leastImages} images of different groups; there are ${check.images}.`,
        'cannot be run': 'Its preprocessing was not checked: its first layers cannot be run by themselves.',
      }[check.why];
    case 'unlike':
      return `Its preprocessing cannot be checked on ${whose}: they are too unlike those of its training (${divergences(check.declared, check.best, check.images, whose)}).`;
    case 'fits':
      return `Its preprocessing was checked, and no other fits clearly better: ${divergences(check.declared, check.best, check.images, whose)}.`;
    case 'mismatch':
      return `Its preprocessing does not fit: ${divergences(check.declared, check.best, check.images, whose)}.`;
  }
}

function divergences(declared: number, best: Judged['best'], images: number, whose: string): string {
  return `on ${images} of ${whose}, what its first batch normalisation sees lies ${declared.toPrecision(2)} from its running statistics as declared and ${best.divergence.toPrecision(2)} with ${best.words}`;
}
