/** The smallest useful manifest, ready to paste. A test keeps it valid. */
export const smallestManifest = `version: 1
target:
  name: my-task
  data: data/target            # a folder with one sub-folder per class
candidates:
  - id: first-source
    sample: data/first-source  # a folder of its images, or weights: a network as an ONNX file
  - id: second-source
    sample: data/second-source
chosen: first-source
justification: Why this source, in your own words.
`;

/** What to tell people whose workflow expects a manifest that is not there. */
export function missingManifestText(place: string): string {
  return [
    '### 🔴 The choice of pretraining source is not documented',
    '',
    `This workflow expects a transfer-learning manifest at \`${place.replaceAll('`', '')}\`, and there is none.`,
    'Commit one. The smallest looks like this:',
    '',
    '```yaml',
    smallestManifest.trimEnd(),
    '```',
    '',
  ].join('\n');
}
