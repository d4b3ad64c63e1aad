import { runInNewContext } from 'node:vm';
import { TransferEvidenceError } from '../errors.ts';
import { counted, someNames } from './names.ts';

/** Far above what 100,000 names take, far below a job's patience. */
const patternMilliseconds = 2000;

/**
 * The group of each file: the first capture of `pattern` on its name.
 * @throws dataset-invalid when the pattern is no regular expression, captures nothing, does not match some name, or runs
 *   away (nested quantifiers): the matching is stopped after two seconds
 */
export function groupsByPattern(pattern: string, fileNames: readonly string[]): string[] {
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, 'u');
  } catch (error) {
    throw invalid(`group_pattern is not a regular expression: ${(error as Error).message}.`, error);
  }
  if (new RegExp(`${pattern}|`, 'u').exec('')!.length < 2)
    throw invalid(
      `group_pattern ${pattern} captures nothing. Put the part that names the group into parentheses, as in ^(\\d{8})_.`,
    );

  const groups = matchAll(expression, fileNames);
  const unmatched = fileNames.filter((_, i) => !groups[i]);
  if (unmatched.length > 0)
    throw invalid(
      `group_pattern ${pattern} finds no group in ${counted(unmatched.length, 'file name')} of ${fileNames.length}: ` +
        `${someNames(unmatched)}. It has to match every name.`,
    );
  return groups as string[];
}

/** In a context of its own, because that is what a time limit can be put on. */
function matchAll(expression: RegExp, names: readonly string[]): (string | undefined)[] {
  try {
    const matched: unknown = runInNewContext(
      'names.map((name) => expression.exec(name)?.[1])',
      { names, expression },
      { timeout: patternMilliseconds },
    );
    return Array.from(matched as ArrayLike<string | undefined>);
  } catch (error) {
    throw invalid(
      `group_pattern ${expression.source} takes too long to match. Write it without nested repetition.`,
      error,
    );
  }
}

function invalid(message: string, cause?: unknown): TransferEvidenceError {
  return new TransferEvidenceError('dataset-invalid', message, { cause });
}
