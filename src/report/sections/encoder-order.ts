import { encoderOrder } from '../../verdict/encoder-order.ts';
import type { Inline, Section } from '../document.ts';
import type { ReportInput } from '../input.ts';
import { counted } from '../words.ts';

/** Reversals that are named; of many, the rest is counted. */
const named = 3;

/** Whether the order of sources depends on the encoder, where there are several. */
export function encoderOrderSection({ evidence }: ReportInput): Section[] {
  const found = evidence && encoderOrder(evidence, 'embedding.mmd');
  if (!found) return [];
  const { encoders, pairs, decided, reversed } = found;
  return [
    {
      name: 'whether the order depends on the encoder',
      title: 'Does the order depend on the encoder?',
      folded: false,
      weight: 70,
      blocks: [{ kind: 'paragraph', text: answer() }],
    },
  ];

  function answer(): Inline[] {
    const all = `${counted(pairs, 'pair')} of sources`;
    if (decided === 0)
      return [`Open: of ${all} none is told apart by two of the ${encoders.length} encoders. More images would do.`];
    if (reversed.length === 0)
      return [
        `No, as far as it can be told: ${decided} of ${all} are told apart by two encoders, which agree on each.`,
      ];
    const list = reversed
      .slice(0, named)
      .flatMap((one, index): Inline[] => [
        index === 0 ? '' : '; ',
        { code: one.closer },
        ' is closer than ',
        { code: one.farther },
        ` in ${one.in} and farther in ${one.but}`,
      ]);
    const rest = reversed.length > named ? `; and ${reversed.length - named} more` : '';
    return [
      `Yes: of ${decided} pairs that two encoders tell apart, ${reversed.length} ${reversed.length === 1 ? 'is' : 'are'} in opposite orders. `,
      ...list,
      `${rest}. A claim of closeness says in which encoder.`,
    ];
  }
}
