import { smallestManifest } from '../manifest/smallest.ts';
import { visible } from '../report/escape.ts';

/** What to tell people whose workflow expects a manifest that is not there. */
export function missingManifestText(place: string): string {
  return [
    '### 🔴 The choice of pretraining source is not documented',
    '',
    `This workflow expects a transfer-learning manifest at \`${visible(place).replaceAll('`', '')}\`, and there is none.`,
    'Commit one. The smallest looks like this:',
    '',
    '```yaml',
    smallestManifest.trimEnd(),
    '```',
    '',
  ].join('\n');
}
