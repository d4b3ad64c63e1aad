import type { Evidence } from '../../evidence/schema.ts';
import { isBlocking } from '../../manifest/problem.ts';
import { measures, type ProbeMeasure } from '../../measures.ts';
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

/** The name of a probe at the beginning of a sentence. */
export function titleOf(measure: ProbeMeasure): string {
  const { title } = measures[measure];
  return title[0]!.toUpperCase() + title.slice(1);
}

/** The verdict in one line. */
export function headingOf({ manifest, manifestFile, verdicts, decision }: ReportInput): Inline {
  const icon = stateIcons[decision.state];
  if (manifest === null) return [`${icon} `, { code: manifestFile }, ' cannot be used'];
  const subject: Inline = [`${icon} `, { code: manifest.chosen }, ` for ${clip(manifest.target.name, 60)}: `];
  return [...(subject as Inline[]), stateWords(decision.state, verdicts, decision.problems.filter(isBlocking).length)];
}

function stateWords(state: DecisionState, verdicts: Verdicts | null, blocking: number): Inline {
  switch (state) {
    case 'blocked':
      return `blocked by ${counted(blocking, 'problem')}`;
    case 'answer_needed': {
      const open =
        verdicts?.claims.filter(({ verdict, claim }) => verdict === 'contradicted' && claim.response === undefined) ??
        [];
      if (open.length === 0) return 'answer needed';
      const claims = open.length === 1 ? `claim ${open[0]!.claim.id}` : `${open.length} claims`;
      return [choiceWords(verdicts), `; ${claims} contradicted, answer needed`];
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
  return verdicts?.choice.proxies ? ['as a proxy, ', verdictWordsOf(verdicts)] : verdictWordsOf(verdicts);
}

function verdictWordsOf(verdicts: Verdicts | null): Inline {
  const against: Inline = { code: verdicts?.choice.against ?? '' };
  switch (verdicts?.choice.verdict) {
    case 'supported':
      return 'better than every alternative measured';
    case 'tied':
      return ['tied with ', against];
    case 'worse':
      return ['worse than ', against];
    case 'inconclusive':
      return verdicts.choice.capped === undefined
        ? ['cannot be told apart from ', against]
        : `no verdict, ${verdicts.choice.capped}`;
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
    const decided: Inline =
      choice.wouldDecide === undefined ? [] : [' Would be decided by ', prose(choice.wouldDecide), '.'];
    const about =
      choice.comparison === undefined
        ? [{ strong: 'Performance: ' }, 'no evidence. ']
        : [
            {
              strong: [
                `${titleOf(choice.measure ?? 'probe.linear')}${choice.proxies ? ' on proxies' : ''}, `,
                metricOf(evidence),
                ': ',
              ],
            },
            { code: manifest.chosen },
            ' ',
          ];
    blocks.push({ kind: 'paragraph', text: [...about, prose(clip(choice.because, 400)), ...decided] });
  }
  const claims = context.mode === 'check' ? statedTally(verdicts) : tally(verdicts);
  blocks.push({
    kind: 'paragraph',
    text: [{ strong: 'Claims: ' }, `${claims} · `, { strong: 'Gate: ' }, gateWords[decision.gate]],
  });
  return blocks;
}

function actionLine({ manifest, decision }: ReportInput): Inline {
  const { action, gate, state } = decision;
  if (action === null) {
    const kept: Inline[] =
      state === 'worse' && manifest
        ? [' A sentence on why ', { code: manifest.chosen }, ' is kept would help the reader.']
        : [];
    return [{ strong: 'Nothing is required.' }, ...kept];
  }
  // Without a line it would only repeat the file's name.
  const where: Inline[] = action.location?.line === undefined ? [] : [' (', { code: placeOf(action.location) }, ')'];
  const label = gate === 'fail' ? 'To merge: ' : 'Worth doing, not required: ';
  return [{ strong: label }, prose(clip(action.text, 600)), ...where];
}

/** `1 contradicted (answered) · 2 supported`. */
function tally({ claims }: Verdicts): string {
  const counts = verdictOrder.flatMap((verdict) => {
    const found = claims.filter((judged) => judged.verdict === verdict);
    const answered = verdict === 'contradicted' && found.every(({ claim }) => claim.response !== undefined);
    return found.length === 0 ? [] : [`${found.length} ${verdictWords[verdict].word}${answered ? ' (answered)' : ''}`];
  });
  return counts.length === 0 ? 'none stated' : counts.join(' · ');
}

/** Where nothing was measured: `2 testable · 1 untestable`. */
function statedTally({ claims }: Verdicts): string {
  const untestable = claims.filter(({ verdict }) => verdict === 'untestable').length;
  const testable = claims.length - untestable;
  const counts = [
    ...(testable > 0 ? [`${testable} testable`] : []),
    ...(untestable > 0 ? [`${untestable} untestable`] : []),
  ];
  return counts.length === 0 ? 'none stated' : counts.join(' · ');
}
