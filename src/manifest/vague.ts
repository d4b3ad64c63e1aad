import { type GlossaryEntry, glossary } from './glossary.ts';
import type { Factor, Manifest } from './schema.ts';
import { hasNumberWithUnit, type Statement, sentencesOf, statementsOf } from './statements.ts';

/** A statement that leans on words without saying what they mean. */
export interface VagueStatement {
  statement: Statement;
  /** The words as they stand there, each with its entry. */
  terms: { word: string; entry: GlossaryEntry }[];
}

/**
 * Statements with a word of the glossary that nothing in the manifest makes definite: no definition, reference, test
 * or number with a unit beside it, no tested claim and no defined factor on the same matter.
 */
export function vagueStatements(manifest: Manifest): VagueStatement[] {
  const answered = answeredFactors(manifest);
  return statementsOf(manifest).flatMap((statement) => {
    if (statement.defined || hasNumberWithUnit(statement.text)) return [];
    if (statement.factor !== undefined && answered.has(statement.factor)) return [];
    const terms = glossary
      .filter((entry) => !entry.answeredBy.some((factor) => answered.has(factor)))
      .filter((entry) => statement.factor === undefined || !entry.admittedUnder?.includes(statement.factor))
      .flatMap((entry) => {
        const word = firstUse(entry, statement.text);
        return word === null ? [] : [{ word, entry }];
      });
    return terms.length === 0 ? [] : [{ statement, terms }];
  });
}

function firstUse(entry: GlossaryEntry, text: string): string | null {
  for (const sentence of sentencesOf(text)) {
    // A question asserts nothing.
    if (/\?$|\bwhether\b/i.test(sentence)) continue;
    const found = sentence.match(entry.pattern)?.[0];
    if (found !== undefined && !(entry.specifiedBy && sentence.match(entry.specifiedBy))) return found;
  }
  return null;
}

/** Factors that the manifest makes definite: by a definition, a number with a unit, or a claim with a test. */
function answeredFactors({ justification }: Manifest): ReadonlySet<Factor> {
  const answered = new Set<Factor>();
  if (typeof justification !== 'object') return answered;
  for (const [factor, { text, define }] of Object.entries(justification.factors ?? {}))
    if (define !== undefined || (text !== undefined && hasNumberWithUnit(text))) answered.add(factor as Factor);
  for (const claim of justification.claims ?? []) if (claim.test !== 'untestable') answered.add(claim.factor);
  return answered;
}

/** Measures by name; more than four of a family as `visual.*`. */
function familiesOf(names: GlossaryEntry['measures']): string[] {
  const family = (name: string) => name.slice(0, name.indexOf('.'));
  const many = (name: string) => names.filter((other) => family(other) === family(name)).length > 4;
  return [...new Set(names.map((name) => (many(name) ? `${family(name)}.*` : name)))];
}

/** What the author is told about the words of one statement. */
export function vagueMessage({ statement, terms }: VagueStatement): string {
  const words = terms.map(({ word }) => `“${word.replace(/\s+/g, ' ')}”`).join(', ');
  const advice = terms.map(({ word, entry }) => {
    const say = `${word.replace(/\s+/g, ' ')}: say ${entry.write}`;
    const measured = entry.measures.length === 0 ? say : `${say} (${familiesOf(entry.measures).join(', ')})`;
    const { properties = [] } = entry;
    return properties.length === 0
      ? measured
      : `${measured}, beside what the report tells of each dataset: ${properties.map((name) => name.replaceAll('_', ' ')).join(', ')}`;
  });
  const verb = terms.length === 1 ? 'needs' : 'need';
  const how = {
    summary: 'Add a number with its unit here, or a claim with a `test` under justification.claims.',
    factor: 'Add `define:` beside the text, a number with its unit, or a claim with a `test`.',
    claim: 'Give the claim a `test` with one of these measures, or put a number with its unit into the text.',
  }[statement.kind];
  return `${words} ${verb} a definition. ${advice.join('; ')}. ${how}`;
}
