import { smallestManifest } from '../manifest/smallest.ts';
import { codeBlock, codeSpan } from '../report/escape.ts';

/** What to tell people whose workflow expects a manifest that is not there. */
export function missingManifestText(place: string): string {
  return [
    '### 🔴 The choice of pretraining source is not documented',
    '',
    `This workflow expects a transfer-learning manifest at ${codeSpan(place)}, and there is none.`,
    'Commit one. The smallest looks like this:',
    '',
    codeBlock(smallestManifest.trimEnd(), 'yaml'),
    '',
  ].join('\n');
}
