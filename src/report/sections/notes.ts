import { proxyOf } from '../../evidence/proxy.ts';
import type { Evidence, FindingCode } from '../../evidence/schema.ts';
import { isBlocking, type Problem } from '../../manifest/problem.ts';
import type { Manifest } from '../../manifest/schema.ts';
import { isCloseness, isTrainedProbe } from '../../measures.ts';
import { formatCount } from '../../verdict/numbers.ts';
import type { Block, Inline, Section } from '../document.ts';
import { clip } from '../escape.ts';
import type { ReportInput } from '../input.ts';
import { counted, levelIcons, placeOf, prose } from '../words.ts';
import { listOf, section } from './section.ts';
import { proxyLimit, screeningLimit } from './training-words.ts';

/** More of them before the numbers nobody reads. */
const mostOpen = 5;

/** Findings that change how every number is read, the gravest first: the first few stand open. */
const serious: ReadonlySet<FindingCode> = new Set([
  'infrastructure',
  'budget_too_small',
  'target_at_chance',
  'solved_by_mean_colour',
  'collapsed',
  'few_groups',
  'few_seeds',
  'weights_saw_target',
  'near_duplicates',
  'group_leak',
  'preprocessing_mismatch',
  'probes_disagree',
]);

export function findingSections({ evidence }: ReportInput): Section[] {
  const findings = evidence?.findings ?? [];
  const ranked = [...serious];
  const grave = findings
    .filter(({ code }) => serious.has(code))
    .sort((a, b) => ranked.indexOf(a.code) - ranked.indexOf(b.code));
  const open = grave.slice(0, mostOpen);
  const further = grave.slice(mostOpen);
  const folded = [...further, ...findings.filter(({ code }) => !serious.has(code))];
  const more: Inline[][] =
    further.length === 0 ? [] : [[`and ${counted(further.length, 'more finding')} as serious, folded below.`]];
  const lines = (list: typeof findings): Inline[] => list.map(({ text }) => prose(clip(text, 300)));
  return [
    ...(open.length === 0
      ? []
      : [
          section('what to know first', null, false, 88, {
            kind: 'quote',
            lines: [...lines(open).map((line) => ['⚠️ ', line]), ...more],
          }),
        ]),
    ...(folded.length === 0
      ? []
      : [
          section(
            'what was not measured',
            `${counted(folded.length, 'note')} on what was and was not measured`,
            true,
            50,
            listOf(lines(folded)),
          ),
        ]),
  ];
}

/** The manifest's problems: what blocks stands open, the rest is folded. */
export function problemSections({ decision }: ReportInput): Section[] {
  const blocking = decision.problems.filter(isBlocking);
  const rest = decision.problems.filter((problem) => !isBlocking(problem) && !isInClaims(problem));
  // One blocking problem is already the required action.
  return [
    ...(blocking.length < 2
      ? []
      : [
          section(
            'what blocks',
            `What blocks (${blocking.length})`,
            false,
            97,
            listOf(blocking.slice(0, 10).map(line), blocking.length - 10),
          ),
        ]),
    ...(rest.length === 0
      ? []
      : [
          section(
            'notes on the manifest',
            `${counted(rest.length, 'note')} on the manifest`,
            true,
            65,
            listOf(rest.map(line)),
          ),
        ]),
  ];
}

/** Told by the claims table already. */
const isInClaims = ({ rule, waived }: Problem): boolean =>
  waived === undefined &&
  rule !== undefined &&
  ['contradicted', 'inconclusive', 'no_evidence', 'untestable'].includes(rule);

function line(problem: Problem): Inline {
  const waived: Inline = problem.waived
    ? ` Waived by ${problem.waived.by} until ${problem.waived.expires}: ${clip(problem.waived.reason, 200)}`
    : [];
  return [
    `${levelIcons[problem.level]} `,
    { code: placeOf(problem.location) },
    ' ',
    { code: problem.code },
    ': ',
    prose(clip(problem.message, 400)),
    waived,
  ];
}

/** Limits that hold for what was measured, in the reader's words, and what was declared and is never measured. */
export function limitsSection({ manifest, cards, evidence, context }: ReportInput): Section[] {
  const measured = evidence === null || context.mode === 'check' ? [] : limitsOf(evidence);
  const limits = [
    ...(manifest === null ? [] : untestedOf(manifest)),
    ...warningsOf(cards?.cautions ?? []),
    ...measured,
  ];
  return limits.length === 0
    ? []
    : [section('what this cannot tell', 'What this cannot tell you', true, 30, listOf(limits))];
}

function untestedOf({ target: { subgroups = [], deployment_shift } }: Manifest): Inline[] {
  return [
    ...(subgroups.length === 0
      ? []
      : [`Declared, not tested here: subgroups that must not be served worse (${clip(subgroups.join(', '), 200)}).`]),
    ...(deployment_shift === undefined
      ? []
      : [`Declared, not tested here: images in use will differ. ${clip(deployment_shift, 300)}`]),
  ];
}

/** What the authors of datasets warn of in their cards. */
function warningsOf(cautions: NonNullable<ReportInput['cards']>['cautions']): Inline[] {
  return cautions.map(
    ({ about, subject, text }): Inline => [
      'The card of ',
      about === 'target' ? 'the target' : { code: about },
      ` on ${subject}: ${clip(text, 300)}`,
    ],
  );
}

function limitsOf(evidence: Evidence): Inline[] {
  const measured = evidence.measurements.filter(({ estimate }) => estimate !== null);
  const linear = measured.some(({ measure }) => measure === 'probe.linear');
  const trained = measured.some(({ measure }) => isTrainedProbe(measure));
  const proxies = measured.some((found) => proxyOf(found) !== null);
  const distances = measured.some(({ measure }) => isCloseness(measure));
  const images = evidence.target.set?.sampled.length ?? 0;
  return [
    ...(linear && !trained
      ? ['A linear probe on frozen features is a screening: fine-tuning may order the sources differently.']
      : []),
    ...(trained ? [screeningLimit(evidence)] : []),
    ...(proxies ? [proxyLimit] : []),
    ...(distances
      ? [
          'Similarity is not performance: over 11 public medical targets, taking the most similar of 15 sources picked the best one once (published results of arXiv 2412.20172, similarity by modality in our coding).',
        ]
      : []),
    ...evidence.encoders.map(({ id, sees }): Inline => [{ code: id }, ` sees ${clip(sees, 200)}`]),
    `Only these ${formatCount(images)} target images were looked at. Other hospitals, scanners and subgroups may differ, and equal scores can hide different behaviour there.`,
    'Copies were looked for among the images drawn; among those marked test only copies were looked for. Whether a licence allows the use was not checked by measuring.',
  ];
}

export function reproduceSection({ evidence, context }: ReportInput): Section[] {
  const blocks: Block[] = [
    { kind: 'code', language: 'sh', text: context.reproduce },
    {
      kind: 'small',
      text: [
        { code: 'transfer-evidence' },
        ' stands for ',
        { code: 'node dist/cli/index.js' },
        ' of a clone of the program, after ',
        { code: 'npm ci' },
        ' there.',
      ],
    },
  ];
  if (evidence !== null) {
    const { environment, plan, seed } = evidence;
    const versions = [environment.program, `Node ${environment.node}`];
    if (environment.onnxruntime) versions.push(`ONNX Runtime ${environment.onnxruntime}`);
    if (environment.sharp) versions.push(`sharp ${environment.sharp}`);
    blocks.push({
      kind: 'list',
      items: [
        ['evidence ', { code: plan.slice(0, 16) }, `, seed ${seed}`],
        versions.join(', '),
        `${environment.platform}, ${environment.cpu}, ${counted(environment.cores, 'core')}`,
      ],
    });
  }
  return [section('how to reproduce', 'Reproduce', true, 55, ...blocks)];
}
