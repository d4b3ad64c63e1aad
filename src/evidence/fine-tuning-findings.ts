import { isControl, isScratch, scratchId } from '../controls.ts';
import { measures, type TrainedProbe, trainedProbes } from '../measures.ts';
import { atChance } from '../probe/chance.ts';
import type { Collapse } from '../probe/finetune/outcome.ts';
import { worthwhile } from './findings.ts';
import { disagreementFindings } from './probe-disagreement.ts';
import { proxyOf } from './proxy.ts';
import type { Comparison, Estimate, Evidence, Finding, Measurement, ProbeRun } from './schema.ts';

type Measured = Pick<Evidence, 'measurements' | 'comparisons' | 'probes'>;
type Scored = Measurement & { estimate: Estimate };

/**
 * What the probes that train tell about how far to trust them, and about the linear probe beside them.
 * @param evidence with all that was measured already in it
 */
export function fineTuningFindings(evidence: Measured): Finding[] {
  return [
    ...trainedProbes.flatMap((measure) => [
      ...budgetFindings(evidence.probes.filter((probe) => probe.measure === measure)),
      ...refusals(evidence, measure),
      ...trainingFindings(evidence, measure),
    ]),
    ...disagreementFindings(evidence),
  ];
}

/** For the details of a measurement: what broke down, each kind once, and in how many seeds. */
export function collapseDetails(bySeed: readonly (Collapse | null)[]): {
  collapsed: string | null;
  collapsedSeeds: number;
} {
  const kinds = [...new Set(bySeed.filter((kind) => kind !== null))].sort();
  return {
    collapsed: kinds.length === 0 ? null : kinds.join(', '),
    collapsedSeeds: bySeed.filter((kind) => kind !== null).length,
  };
}

function budgetFindings(probes: readonly ProbeRun[]): Finding[] {
  return probes.flatMap(({ measure, planned, run, budgetSeconds, neededSeconds }): Finding[] => {
    const budget = minutes(budgetSeconds);
    const { title } = measures[measure];
    if (run === null) {
      if (neededSeconds === null) return [];
      // Timed steps vary between runs; a tenth more is sure to do.
      const enough = `${Math.ceil((neededSeconds * 1.1) / 60)}m`;
      return [
        {
          code: 'budget_too_small',
          about: 'run',
          measure,
          text: `The ${title} did not run: the smallest fair comparison takes about ${minutes(neededSeconds)}, and its budget is ${budget}. Set evidence.finetune.budget to ${enough} (and evidence.budget, which is for everything, to more), or use a GPU.`,
        },
      ];
    }
    const cuts = (
      [
        ['seeds', run.seeds, planned.seeds],
        ['learning rates', run.learningRates, planned.learningRates],
        ['images', run.images, planned.images],
        ['steps a run', run.steps, planned.steps],
      ] as const
    ).flatMap(([what, done, wanted]) => (done < wanted ? [`${done} of ${wanted} ${what}`] : []));
    if (cuts.length === 0) return [];
    return [
      {
        code: 'plan_reduced',
        about: 'run',
        measure,
        text: `To fit its budget of ${budget} the ${title} was cut for all candidates alike: ${cuts.join(', ')}. All of it would take about ${minutes(planned.seconds)} (evidence.finetune.budget).`,
      },
    ];
  });
}

function minutes(seconds: number): string {
  return seconds < 100 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

/** Candidates that could not be trained, as by an operator that has no gradient. */
function refusals({ measurements }: Measured, measure: TrainedProbe): Finding[] {
  return measurements.flatMap((found) =>
    found.measure === measure && found.refused !== undefined
      ? [
          {
            code: 'measure_refused' as const,
            about: found.candidate,
            measure,
            text: `${found.candidate}: ${found.refused}`,
          },
        ]
      : [],
  );
}

function trainingFindings(evidence: Measured, measure: TrainedProbe): Finding[] {
  const scored = evidence.measurements.filter(
    (found): found is Scored => found.measure === measure && found.estimate !== null,
  );
  const candidates = scored.filter(({ candidate }) => !isControl(candidate));
  // A proxy is compared with proxies, so each of the two has a best candidate of its own.
  const fields = [false, true]
    .map((proxied) => candidates.filter((found) => (proxyOf(found) !== null) === proxied))
    .filter((field) => field.length > 0);
  return [
    ...scored.flatMap(collapseFinding),
    ...fields.flatMap((field) => targetFindings(field, fields.length === 1)),
    ...fields.flatMap((field) => gainFinding(field, evidence.comparisons)),
  ];
}

const collapseWords: Record<Collapse, string> = {
  diverged: 'the loss grew beyond all bounds',
  'one class': 'one class for almost all images',
  'below chance': 'worse than guessing',
};

/** A control that learns nothing is a result; only one whose training broke down is none. */
function collapseFinding({ candidate, measure, details }: Scored): Finding[] {
  const kinds = typeof details.collapsed === 'string' ? details.collapsed.split(', ') : [];
  if (kinds.length === 0 || (isControl(candidate) && !kinds.includes('diverged'))) return [];
  const words = kinds.map((kind) => collapseWords[kind as Collapse] ?? kind).join('; ');
  const seeds = typeof details.seeds === 'number' ? `${details.collapsedSeeds} of ${details.seeds} seeds` : 'a run';
  return [
    {
      code: 'collapsed',
      about: candidate,
      measure,
      text: `The ${measures[measure].title} broke down on ${candidate} in ${seeds} (${words}), so its score says little of the source.`,
    },
  ];
}

/** What makes a whole field's order worthless. */
function targetFindings(field: readonly Scored[], onlyField: boolean): Finding[] {
  const { measure } = field[0]!;
  const { title } = measures[measure];
  const about = onlyField ? ['target'] : field.map(({ candidate }) => candidate);
  const who = onlyField ? 'candidate' : proxyOf(field[0]!) === null ? 'candidate with weights' : 'proxy';
  const whose = (id: string) => (onlyField ? '' : ` (${id})`);
  const chance = reference(field, 'chance');
  if (chance !== undefined && field.every(({ estimate }) => atChance(estimate, chance)))
    return about.map((id) => ({
      code: 'target_at_chance',
      about: id,
      measure,
      text: `The ${title} takes no ${who} above chance on this target, so their order says nothing${whose(id)}.`,
    }));
  const meanColour = reference(field, 'mean_colour');
  const best = Math.max(...field.map(({ estimate }) => estimate.value));
  if (meanColour !== undefined && best < meanColour + worthwhile)
    return about.map((id) => ({
      code: 'solved_by_mean_colour',
      about: id,
      measure,
      text: `The mean colour of each image alone does as well as the best ${who} of the ${title}: a shortcut solves the task, so it does not tell sources apart${whose(id)}.`,
    }));
  return [];
}

function reference(field: readonly Scored[], name: 'chance' | 'mean_colour'): number | undefined {
  return field.flatMap(({ readAgainst }) => readAgainst).find((one) => one.name === name)?.value;
}

/** Whether the best of a field beats random initialisation of its own network. */
function gainFinding(field: readonly Scored[], comparisons: readonly Comparison[]): Finding[] {
  const best = field.reduce((a, b) => (b.estimate.value > a.estimate.value ? b : a));
  const { candidate, measure } = best;
  const twins = comparisons.filter(
    ({ measure: own, subject, object }) =>
      own === measure && ((subject === candidate && isScratch(object)) || (object === candidate && isScratch(subject))),
  );
  const twin = twins.find(({ subject, object }) => subject === scratchId || object === scratchId) ?? twins[0];
  if (!twin?.estimate) return [];
  const { low, high } = twin.estimate;
  if (twin.subject === candidate ? low > 0 : high < 0) return [];
  const below = twin.subject === candidate ? high < 0 : low > 0;
  return [
    {
      code: 'pretraining_gains_nothing',
      about: candidate,
      measure,
      text: `${candidate}, the best ${proxyOf(best) === null ? 'candidate' : 'proxy'} of the ${measures[measure].title}, ${
        below ? 'scores below' : 'is not told apart from'
      } random initialisation of the same network: pretraining gains nothing measurable here.`,
    },
  ];
}
