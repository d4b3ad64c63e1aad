import { type ProbeMeasure, probeMeasures } from '../measures.ts';
import { fineTuning } from './fine-tuning-schema.ts';
import type { Refuse } from './names.ts';
import type { ClaimTest, Manifest } from './schema.ts';

/** The probes that the manifest asks for, the strongest first. */
export function probesOf({ evidence }: Manifest): ProbeMeasure[] {
  const asked = evidence.probes.map((name): ProbeMeasure => `probe.${name}`);
  return probeMeasures.filter((measure) => asked.includes(measure));
}

/** The probe that a claim about performance had best name. */
export function strongestProbe(manifest: Manifest): ProbeMeasure {
  return probesOf(manifest)[0]!;
}

/** The list of probes, and the settings of training, which only a probe that trains reads. */
export function checkProbes({ evidence }: Manifest, refuse: Refuse): void {
  const { probes, finetune } = evidence;
  probes.forEach((name, index) => {
    if (probes.indexOf(name) < index)
      refuse('duplicate-id', `evidence.probes[${index}]`, `\`evidence.probes\` names ${name} twice. Remove one.`);
  });
  if (probes.some((name) => name !== 'linear')) return;
  // Defaults are filled in by now; a key that repeats one changes nothing and does no harm.
  const defaults = fineTuning.parse({});
  const changed = (Object.keys(defaults) as (keyof typeof defaults)[]).find(
    (key) => JSON.stringify(finetune[key]) !== JSON.stringify(defaults[key]),
  );
  if (changed !== undefined)
    refuse(
      'key-unused',
      `evidence.finetune.${changed}`,
      `\`evidence.finetune\` sets how networks are trained, but \`evidence.probes\` is [${probes.join(', ')}], which trains none. Add finetune to it, or remove these keys.`,
    );
}

/** A claim can only be tested by a probe that runs. */
export function checkProbeAsked(
  { measure }: ClaimTest,
  path: string,
  { evidence: { probes } }: Manifest,
  refuse: Refuse,
): void {
  const name = probes.find((asked) => `probe.${asked}` === measure);
  if (name !== undefined || !(probeMeasures as readonly string[]).includes(measure)) return;
  const wanted = measure.slice('probe.'.length);
  refuse(
    'probe-not-asked',
    `${path}.measure`,
    `${measure} is not measured: \`evidence.probes\` is [${probes.join(', ')}]. Write \`probes: [${[...probes, wanted].join(', ')}]\` under \`evidence\`, or test the claim with ${probes.map((asked) => `probe.${asked}`).join(' or ')}.`,
  );
}
