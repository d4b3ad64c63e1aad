import { learningCurve } from '../dataset/properties/learning-curve.ts';
import type { Property } from '../dataset/properties/property.ts';
import { digestOf } from '../digest.ts';
import { withFewerImages } from '../probe/fewer-images.ts';
import { type ProbeProtocol, type ProbeResult, probeVersion, runProbes } from '../probe/run.ts';
import { type ProbeRequest, type ProbeSubject, protocolOf } from './probes.ts';
import type { Store } from './store.ts';

/** Raised whenever the same features would give another curve. */
const curveVersion = 1;

const shares = [0.25, 0.5] as const;

interface CurveOptions {
  threads: number;
  /** See RunOptions. */
  natives?: string | undefined;
  signal: AbortSignal;
}

/**
 * The linear probe again with a quarter and half of each training fold, on the same test images; its scores on all of them
 * are known already. One run for both, as further repeats of the cross-validation.
 * @param whole what the probe found with all training images
 */
export async function drawLearningCurve(
  request: ProbeRequest,
  { id, digest, features }: ProbeSubject,
  whole: Pick<ProbeResult, 'scores'>,
  store: Store,
  options: CurveOptions,
): Promise<Property> {
  const protocol = protocolOf(request);
  const fewer = shares.map((share) => withFewerImages(protocol, share));
  const { target, repeats, configurations, seed, task, metric } = request;
  const asked = { shares, digest, target, repeats, configurations, seed, task, metric };
  const key = digestOf({ probeVersion, curveVersion, ...asked });
  const known = (await store.readJson('learning-curve', key)) as { scores: number[] } | undefined;
  const scores = known?.scores ?? (await scoresOf(protocol, fewer.flat(), features, repeats, options));
  if (!known) await store.writeJson('learning-curve', key, { scores });
  const count = protocol.splits.length;
  const images = [...fewer, protocol.splits].map(
    (splits) => splits.reduce((sum, { train }) => sum + train.length, 0) / splits.length,
  );
  return learningCurve({
    protocol,
    scores: [scores.slice(0, count), scores.slice(count), whole.scores],
    trainImages: images,
    model: id,
  });
}

async function scoresOf(
  protocol: ProbeProtocol,
  splits: ProbeProtocol['splits'],
  features: ProbeSubject['features'],
  repeats: number,
  options: CurveOptions,
): Promise<number[]> {
  const perShare = splits.length / shares.length;
  // Every image is tested once a repeat, so each share has repeats of its own.
  const apart = splits.map((split, at) => ({ ...split, repeat: split.repeat + repeats * Math.floor(at / perShare) }));
  const results = await runProbes([{ id: 'curve', features }], { ...protocol, splits: apart }, options);
  return results.get('curve')!.scores;
}
