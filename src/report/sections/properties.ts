import { type PropertyName, propertyNames } from '../../dataset/properties/property.ts';
import type { DatasetProperty, Evidence } from '../../evidence/schema.ts';
import { formatCount } from '../../verdict/numbers.ts';
import type { Block, Inline, Section } from '../document.ts';
import { clip } from '../escape.ts';
import type { ReportInput } from '../input.ts';
import { counted } from '../words.ts';
import { listOf, section } from './section.ts';

const titles: Record<PropertyName, string> = {
  images: 'images',
  classes: 'classes',
  class_balance: 'class balance (entropy, 1 is even)',
  groups: 'groups',
  bytes: 'size on disk',
  exact_duplicates: 'copies, byte for byte',
  diversity: 'diversity (Vendi score)',
  short_side: 'short side, quartiles',
  missing_metadata: 'not declared',
  label_issues: 'labels in doubt',
  learning_curve: 'gain of the last doubling',
};

/** What each dataset is made of, folded: one column a dataset, and the refusals below. */
export function propertiesSection({ evidence }: ReportInput): Section[] {
  const properties = evidence?.properties ?? [];
  if (properties.length === 0) return [];
  const ids = [...new Set(properties.map(({ about }) => about))];
  const refused = properties.filter((property) => property.refused !== undefined);
  const blocks: Block[] = [
    {
      kind: 'table',
      head: ['Property', ...ids.map((id): Inline => (id === 'target' ? 'the target' : { code: id }))],
      align: ['l', ...ids.map(() => 'l' as const)],
      rows: rowsOf(properties, ids),
    },
    ...(refused.length === 0
      ? []
      : [
          listOf(
            refused.map(
              (property): Inline => [
                property.about === 'target' ? 'The target' : { code: property.about },
                `, ${titles[property.property]}: ${clip(property.refused!, 300)}`,
              ],
            ),
          ),
        ]),
    ...readingOf(properties),
  ];
  return [section('the datasets', 'What the datasets are made of', true, 24, ...blocks)];
}

function rowsOf(properties: readonly DatasetProperty[], ids: readonly string[]): Inline[][] {
  return propertyNames.flatMap((name): Inline[][] => {
    const found = properties.filter(({ property }) => property === name);
    if (found.length === 0) return [];
    const cells = ids.map((id) => {
      const one = found.find(({ about }) => about === id);
      return one === undefined ? '–' : cellOf(one);
    });
    return [[titles[name], ...cells]];
  });
}

/** One number with what it was drawn from. */
function cellOf({ property, value, low, high, details }: DatasetProperty): string {
  if (value === null) return 'refused';
  switch (property) {
    case 'images':
      return `${formatCount(value)}${Number(details.lookedAt) < value ? `, ${formatCount(Number(details.lookedAt))} looked at` : ''}`;
    case 'classes':
      return `${formatCount(value)}${details.imagesWithoutClass ? `; ${counted(Number(details.imagesWithoutClass), 'image')} without` : ''}`;
    case 'class_balance':
      if (details.smallestImages === details.largestImages)
        return `${value.toFixed(2)}; ${formatCount(Number(details.largestImages))} each`;
      return `${value.toFixed(2)}; ${clip(String(details.smallest), 40)} ${formatCount(Number(details.smallestImages))} … ${clip(String(details.largest), 40)} ${formatCount(Number(details.largestImages))}`;
    case 'groups':
      return details.declared
        ? `${formatCount(value)}, the largest with ${percent(Number(details.largestShare))} of the images`
        : 'none declared: each image on its own';
    case 'bytes':
      return `${bytesOf(value)}${details.gone ? `, ${counted(Number(details.gone), 'file')} gone` : ''}`;
    case 'exact_duplicates':
      return `${formatCount(value)}${details.conflicting ? `, ${details.conflicting} with another label` : ''}`;
    case 'diversity':
      return `${value.toPrecision(3)} [${low!.toPrecision(3)}, ${high!.toPrecision(3)}]`;
    case 'short_side':
      return `${formatCount(Number(details.lowerQuartile))} / ${formatCount(value)} / ${formatCount(Number(details.upperQuartile))} px`;
    case 'missing_metadata':
      return details.missing === null ? 'nothing' : String(details.missing);
    case 'label_issues':
      return `${percent(value, 1)} [${percent(low!, 1)}, ${percent(high!, 1)}] flagged by the probe on ${details.model}, which gives ${percent(Number(details.agreement))} right; half the flags or more are false alarms`;
    case 'learning_curve':
      return `${signed(value)} points [${signed(low!)}, ${signed(high!)}] from ${formatCount(Number(details.halfImages))} to ${formatCount(Number(details.allImages))} training images: ${details.answer}`;
  }
}

/** How to read the numbers that need it, for those that are there. */
function readingOf(properties: readonly DatasetProperty[]): Block[] {
  const there = (name: PropertyName) => properties.some((one) => one.property === name && one.value !== null);
  const diverse = properties.find(({ property, value }) => property === 'diversity' && value !== null);
  const lines: string[] = [
    ...(diverse
      ? [
          `Diversity: the effective number of different images (Friedman & Dieng 2023) among ${formatCount(diverse.n)} of each set, as ${diverse.details.encoder} sees them.`,
        ]
      : []),
    ...(there('label_issues')
      ? [
          'Labels in doubt: confident learning (arXiv 1911.00068) on out-of-fold probabilities. In ten benchmark test sets people confirmed 51 % of such flags (arXiv 2103.14749, with far stronger models than a probe, whose own mistakes are flagged too), and at least 3.3 % of the labels were wrong on average: labels pass for clean when the whole interval lies at or below that. A higher share is a list to look at, not an error rate.',
        ]
      : []),
    ...(there('learning_curve')
      ? [
          'The last doubling is of the target’s training images, on the same test images: it answers whether the target has enough for this probe, and nothing about the size of a source. “Enough” means that the whole interval lies below the equivalence margin.',
        ]
      : []),
  ];
  return lines.length === 0 ? [] : [{ kind: 'small', text: lines.join(' ') }];
}

/** What was measured that a factor can be read against, by the table it stands in; `null` where nothing was. */
export function pointerOf(factor: string, evidence: Evidence | null): string | null {
  if (evidence === null) return null;
  if (factor === 'semantic_similarity')
    return evidence.semantic.some(({ rows }) => rows.length > 0)
      ? 'set side by side under “Is it the same kind of thing?”'
      : null;
  const wanted = pointers[factor] ?? [];
  const found = wanted.filter((name) =>
    evidence.properties.some(({ property, value }) => property === name && value !== null),
  );
  return found.length === 0
    ? null
    : `counted under “What the datasets are made of”: ${found.map((name) => titles[name]).join(', ')}`;
}

/** What can be told of the datasets where a factor is a reason. */
const pointers: Record<string, readonly PropertyName[]> = {
  dataset_size: ['images', 'classes', 'groups', 'learning_curve'],
  diversity: ['diversity', 'classes', 'class_balance', 'groups', 'exact_duplicates'],
  image_quality: ['short_side', 'exact_duplicates'],
  label_quality: ['label_issues'],
  license: ['missing_metadata'],
};

function percent(share: number, decimals = 0): string {
  return `${(100 * share).toFixed(decimals)} %`;
}

function signed(score: number): string {
  const points = (100 * Math.abs(score)).toFixed(1);
  return Number(points) === 0 ? points : `${score < 0 ? '−' : '+'}${points}`;
}

function bytesOf(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
