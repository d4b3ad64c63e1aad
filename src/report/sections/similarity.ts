import type { Evidence, Measurement } from '../../evidence/schema.ts';
import { type MeasureInfo, type MeasureName, measures } from '../../measures.ts';
import { visualAxes } from '../../similarity/visual/axes.ts';
import { inputSize } from '../../similarity/visual/input-size.ts';
import { sameTexture, sameTextureFactor } from '../../similarity/visual/same-texture.ts';
import { findComparison } from '../../verdict/comparison.ts';
import { gapIndex, largeGap, referenceOf, smallGap } from '../../verdict/gap-index.ts';
import { formatCount, formatEstimate, formatValue } from '../../verdict/numbers.ts';
import type { Block, Inline, Section } from '../document.ts';
import { clip } from '../escape.ts';
import type { ReportInput } from '../input.ts';
import { rankWords } from '../words.ts';

/** The headline distance in each encoder, each beside its split-half null. */
export function similaritySection({ manifest, verdicts, evidence }: ReportInput): Section[] {
  if (manifest === null || verdicts === null || evidence === null) return [];
  const rankings = verdicts.ranking.filter(({ measure }) => measure === 'embedding.mmd');
  const reference = referenceOf(manifest, evidence);
  return rankings.map(({ encoder, groups }) => {
    const rows = groups.flatMap(({ members }, index) =>
      members.map((id): Inline[] => {
        const found = evidence.measurements.find(
          (m) => m.measure === 'embedding.mmd' && m.encoder === encoder && m.candidate === id,
        )!;
        return [
          String(index + 1),
          id === manifest.chosen ? [{ strong: { code: id } }, ' (chosen)'] : { code: id },
          distance(found),
          nullCell(found),
          difference(evidence, found, manifest.chosen),
          ...(reference === null ? [] : [gapCell(evidence, { encoder, source: id, reference })]),
        ];
      }),
    );
    const sees = evidence.encoders.find(({ id }) => id === encoder)?.sees;
    return {
      name: `similarity in ${encoder ?? 'the encoder'}`,
      title: ['Is it similar? RBF-MMD² in ', { code: encoder ?? '' }, ', lower is closer'],
      folded: false,
      weight: 75,
      blocks: [
        {
          kind: 'table',
          head: [
            'Rank',
            'Source',
            'Distance to target',
            'Two halves of the target',
            'Minus chosen',
            ...(reference === null ? [] : ['Gap index']),
          ],
          align: ['l', 'l', 'l', 'l', 'l', ...(reference === null ? [] : ['l' as const])],
          rows,
        },
        {
          kind: 'small',
          text: [
            rankWords(groups, 'paired differences'),
            ' Read a distance against the one between two random halves of the target: that is what “the same data” measures. ',
            ...(reference === null ? [] : gapWords(evidence, { encoder, reference })),
            sees === undefined ? '' : `${encoder} sees: ${clip(sees, 200)}`,
          ],
        },
      ],
    } satisfies Section;
  });
}

/** A distance between the target's own and that of the reference; a dash where the reference is no farther than a half. */
function gapCell(evidence: Evidence, query: Parameters<typeof gapIndex>[1]): Inline {
  const gap = gapIndex(evidence, query);
  if (gap === null) return '–';
  if (query.source === query.reference) return '1 (the reference)';
  const [value, low, high] = [gap.value, gap.low, gap.high].map((number) =>
    number
      .toFixed(2)
      .replace(/^-(?!0\.00$)/, '−')
      .replace('-', ''),
  );
  return `${value} [${low}, ${high}]${gap.high <= smallGap ? ', small' : gap.low >= largeGap ? ', large' : ''}`;
}

function gapWords(
  evidence: Evidence,
  { encoder, reference }: { encoder: string | undefined; reference: string },
): Inline[] {
  const drawn = evidence.reference?.id === reference ? evidence.reference : null;
  const far = drawn?.measurements.find((found) => found.encoder === encoder)?.estimate;
  return [
    'Gap index: 0 is another sample of the target, 1 as far as ',
    ...(drawn === null
      ? [{ code: reference }]
      : [
          `${formatCount(drawn.images)} images of overlapping discs (${reference}), drawn by the program with the spectrum and edges of photographs and without meaning`,
          ...(far ? [`, at ${formatEstimate('embedding.mmd', far, { unit: false })}`] : []),
        ]),
    `; small when the whole interval is at most ${smallGap}, large from ${largeGap} on, rules of ours. `,
  ];
}

/** Every other measure of similarity, folded. */
export function allDistancesSection({ manifest, evidence }: ReportInput): Section[] {
  if (manifest === null || evidence === null) return [];
  const found = evidence.measurements.filter(
    ({ measure }) => similarityFamilies.has(measures[measure].family) && measure !== 'embedding.mmd',
  );
  if (found.length === 0) return [];
  const ids = [...new Set(found.map(({ candidate }) => candidate))];
  const embedding = found.filter(({ measure }) => measures[measure].family === 'embedding');
  const axes = visualAxes.flatMap(({ axis, measures: names }) => {
    const list = names.flatMap((name) => found.filter(({ measure }) => measure === name));
    return list.length === 0 ? [] : [{ axis, list }];
  });
  const blocks = [
    ...(axes.length === 0 ? [] : [axesTable(axes, ids), ...textureNote(found)]),
    ...(embedding.length === 0 ? [] : [wideTable(rowsOf(embedding, ids), ids)]),
  ];
  return [
    {
      name: 'the visual measures',
      title: 'All distances: visual measures and other measures of features',
      folded: true,
      weight: 20,
      blocks,
    },
  ];
}

const similarityFamilies: ReadonlySet<MeasureInfo['family']> = new Set(['visual', 'embedding']);

/** One row an axis in bold, the rows of its measures below. */
function axesTable(axes: readonly { axis: string; list: readonly Measurement[] }[], ids: readonly string[]): Block {
  const rows = axes.flatMap(({ axis, list }): Inline[][] => [
    [{ strong: axis }, ...ids.map(() => ''), ''],
    ...rowsOf(list, ids),
  ]);
  return wideTable(rows, ids);
}

/** Which sources have the target's texture by the rule for it; none where texture was not measured. */
function textureNote(found: readonly Measurement[]): Block[] {
  const judged = found.flatMap(({ measure, candidate, estimate, readAgainst }) => {
    const half = readAgainst.find(({ name }) => name === 'split_half');
    return measure === 'visual.texture_at_input' && estimate !== null && half !== undefined
      ? [{ candidate, same: sameTexture(estimate.value, half.value) }]
      : [];
  });
  if (judged.length === 0) return [];
  const same = judged.filter((one) => one.same).map(({ candidate }): Inline => ({ code: candidate }));
  const listed = same.flatMap((id, index) => (index === 0 ? [id] : [', ', id]));
  return [
    {
      kind: 'small',
      text: [
        `Texture at ${inputSize} px counts as the target’s when its divergence is at most ${sameTextureFactor} times the one between two halves of the target, a rule of ours: `,
        ...(same.length === 0 ? ['that of no source does'] : listed),
        '.',
      ],
    },
  ];
}

function wideTable(rows: Inline[][], ids: readonly string[]): Block {
  return {
    kind: 'table',
    head: ['Measure', ...ids.map((id) => ({ code: id })), 'Two halves of the target'],
    align: ['l'],
    rows,
  };
}

function rowsOf(list: readonly Measurement[], ids: readonly string[]): Inline[][] {
  const keys = [...new Set(list.map(({ measure, encoder }) => `${measure} ${encoder ?? ''}`))];
  return keys.map((key): Inline[] => {
    const same = list.filter(({ measure, encoder }) => `${measure} ${encoder ?? ''}` === key);
    const { measure, encoder } = same[0]!;
    const { title, unit, direction }: MeasureInfo = measures[measure];
    const turned = direction === 'lower_closer' ? '' : `, ${direction.replace('_', ' is ')}`;
    return [
      `${title}${encoder === undefined ? '' : ` (${encoder})`}${unit === '' || unit === 'share' ? '' : `, ${unit}`}${turned}`,
      ...ids.map((id) => {
        const one = same.find(({ candidate }) => candidate === id);
        return one === undefined ? '–' : distance(one);
      }),
      nullCell(same.find(({ readAgainst }) => readAgainst.length > 0) ?? same[0]!),
    ];
  });
}

function distance({ measure, estimate, refused }: Measurement): string {
  if (estimate === null) return refused === undefined ? '–' : 'refused';
  return formatEstimate(measure, estimate, { unit: false });
}

function nullCell({ measure, readAgainst, estimate }: Measurement): string {
  const half = readAgainst.find(({ name }) => name === 'split_half');
  if (half === undefined) return '–';
  const { value, low, high } = half;
  if (low === undefined || high === undefined)
    return formatValue(measure, value, { unit: false, ...(estimate ? { like: estimate } : {}) });
  return formatEstimate(measure, { value, low, high }, { unit: false });
}

function difference(evidence: Evidence, { measure, encoder, candidate }: Measurement, chosen: string): string {
  if (candidate === chosen) return '–';
  const estimate = findComparison(evidence, {
    measure: measure as MeasureName,
    encoder,
    subject: candidate,
    object: chosen,
  })?.estimate;
  return estimate ? formatEstimate(measure, estimate, { signed: true, unit: false }) : '–';
}
