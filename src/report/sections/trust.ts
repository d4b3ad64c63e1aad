import type { Evidence } from '../../evidence/schema.ts';
import { formatCount } from '../../verdict/numbers.ts';
import { decidingProbe } from '../../verdict/probes.ts';
import type { Inline, Section } from '../document.ts';
import type { ReportInput } from '../input.ts';
import { counted } from '../words.ts';
import { joined, section } from './section.ts';

/** One line on how far to trust the numbers: images, groups, seeds, device, seconds, cache, commit. */
export function trustSection({ evidence, context }: ReportInput): Section[] {
  const facts: Inline[] = [];
  if (evidence !== null) {
    const { target, candidates, timings, environment } = evidence;
    if (target.set) {
      const { sampled, images } = target.set;
      facts.push(
        sampled.length < images
          ? `${formatCount(sampled.length)} of ${formatCount(images)} target images`
          : counted(images, 'target image'),
      );
      if (target.set.groups < target.set.sampled.length) facts.push(counted(target.set.groups, 'group'));
    }
    const sourceImages = candidates.reduce((sum, { sample }) => sum + (sample?.sampled.length ?? 0), 0);
    if (sourceImages > 0) facts.push(counted(sourceImages, 'source image'));
    const seeds = seedsOf(evidence);
    if (seeds !== null) facts.push(counted(seeds, 'seed'));
    const trained = evidence.probes.reduce((sum, probe) => sum + probe.runs, 0);
    if (trained > 0) facts.push(counted(trained, 'training run'));
    facts.push(
      environment.device,
      `${timings.seconds < 10 ? timings.seconds.toFixed(1) : formatCount(timings.seconds)} s`,
    );
    facts.push(`${timings.cached} of ${timings.cached + timings.measured} from cache`, 'no image left the runner');
  }
  if (context.commit !== null) facts.push(['commit ', { code: context.commit.slice(0, 7) }]);
  if (context.runUrl !== null) facts.push({ link: 'run', url: context.runUrl });
  if (facts.length === 0) return [];
  return [section('the trust line', null, false, 90, { kind: 'small', text: joined(facts, ' · ') })];
}

/** Of the probe that decides: the linear one counts its repeats. */
function seedsOf(evidence: Evidence): number | null {
  const deciding = decidingProbe(evidence) ?? decidingProbe(evidence, 'proxies');
  const details = evidence.measurements.find(({ measure }) => measure === deciding)?.details;
  const seeds = details?.seeds ?? details?.repeats;
  return typeof seeds === 'number' ? seeds : null;
}
