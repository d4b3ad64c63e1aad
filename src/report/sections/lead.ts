import type { Evidence } from '../../evidence/schema.ts';
import type { DecisionState, Verdicts } from '../../verdict/types.ts';
import type { Block, Inline } from '../document.ts';
import { clip } from '../escape.ts';
import type { ReportInput } from '../input.ts';
import { counted, gateWords, placeOf, prose, stateIcons, verdictOrder, verdictWords } from '../words.ts';

const metricWords: Record<NonNullable<Evidence['target']['metric']>, string> = {
  balanced_accuracy: 'balanced accuracy',
  accuracy: 'accuracy',
  auc: 'AUC',
  macro_auc: 'macro AUC',
};

/** The metric in words, for a probe's captions. */
export function metricOf(evidence: Evidence | null): string {
  return evidence?.target.metric ? metricWords[evidence.target.metric] : 'score';
}

/** The verdict in one line. */
export function headingOf({ manifest, manifestFile, verdicts, decision }: ReportInput): Inline {
  const icon = stateIcons[decision.state];
  if (manifest === null) {
    const missing = decision.problems.some(({ code }) => code === 'manifest-missing');
    return missing
      ? [`${icon} No transfer manifest at `, { code: manifestFile }]
      : [`${icon} `, { code: manifestFile }, ' cannot be used'];
  }
  const subject: Inline = [`${icon} `, { code: manifest.chosen }, ` for ${clip(manifest.target.name, 60)}: `];
  return [...(subject as Inline[]), stateWords(decision.state, verdicts, decision.problems.filter(isBlocking).length)];
}

const isBlocking = ({ level, waived }: ReportInput['decision']['problems'][number]): boolean =>
  waived === undefined && (level === 'error' || level === 'fail');

function stateWords(state: DecisionState, verdicts: Verdicts | null, blocking: number): Inline {
  switch (state) {
    case 'blocked':
      return `blocked by ${counted(blocking, 'problem')}`;
    case 'answer_needed': {
      const contradicted = verdicts?.claims.filter(
        ({ verdict, claim }) => verdict === 'contradicted' && claim.response === undefined,
      );
      return contradicted && contradicted.length > 0
        ? [`${counted(contradicted.length, 'claim')} contradicted, answer needed`]
        : 'answer needed';
    }
    case 'undocumented':
      return 'no reason given for this choice';
    case 'documented':
      return 'documented (nothing measured in this check)';
    default:
      return choiceWords(verdicts);
  }
}

function choiceWords(verdicts: Verdicts | null): Inline {
  const against: Inline = { code: verdicts?.choice.against ?? '' };
  switch (verdicts?.choice.verdict) {
    case 'supported':
      return 'better than every alternative measured';
    case 'tied':
      return ['tied with ', against];
    case 'worse':
      return ['worse than ', against];
    case 'inconclusive':
      return ['not told apart from ', against];
    default:
      return 'performance not measured';
  }
}

/** The required action, the choice against its strongest alternative, and the tally: what ten seconds must give. */
export function leadOf(input: ReportInput): Block[] {
  const { manifest, verdicts, evidence, decision, context } = input;
  const blocks: Block[] = [{ kind: 'paragraph', text: actionLine(input) }];
  if (manifest === null || verdicts === null) return blocks;
  if (context.mode === 'review' && evidence !== null) {
    const { choice } = verdicts;
    const decided: Inline = choice.wouldDecide === undefined ? [] : [` Would be decided by ${choice.wouldDecide}.`];
    const about =
      choice.comparison === undefined
        ? [{ strong: 'Performance: ' }, 'no evidence. ']
        : [{ strong: ['Linear probe, ', metricOf(evidence), ': '] }, { code: manifest.chosen }, ' '];
    blocks.push({ kind: 'paragraph', text: [...about, clip(choice.because, 400), ...decided] });
  }
  blocks.push({
    kind: 'paragraph',
    text: [{ strong: 'Claims: ' }, `${tally(verdicts)}  ·  `, { strong: 'Gate: ' }, gateWords[decision.gate]],
  });
  return blocks;
}

function actionLine({ decision }: ReportInput): Inline {
  const { action, gate } = decision;
  if (action === null) return [{ strong: 'Nothing to do.' }];
  const place = placeOf(action.location);
  const where: Inline[] = place === '' ? [] : [' (', { code: place }, ')'];
  const label = gate === 'fail' ? 'To merge: ' : 'Worth doing, not required: ';
  return [{ strong: label }, prose(clip(action.text, 600)), ...where];
}

/** `1 contradicted · 2 supported`. */
export function tally(verdicts: Verdicts): string {
  const counts = verdictOrder.flatMap((verdict) => {
    const count = verdicts.claims.filter((judged) => judged.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdictWords[verdict].word}`];
  });
  return counts.length === 0 ? 'none stated' : counts.join(' · ');
}
