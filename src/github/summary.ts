import * as core from '@actions/core';

/** Below the mebibyte at which GitHub drops a step's summary altogether. */
const mostBytes = 1_000_000;

/** Several reports as one summary, cut between lines where they would be too much for GitHub. */
export function summaryOf(reports: readonly string[]): string {
  const text = reports.join('\n\n---\n\n');
  const bytes = Buffer.from(text);
  if (bytes.length <= mostBytes) return text;
  const kept = bytes.subarray(0, bytes.lastIndexOf('\n', mostBytes)).toString();
  return `${kept}\n\n*Cut here: GitHub takes at most 1 MiB. The files of the report hold all of it.*\n`;
}

/** Writes the job summary, once. Its absence is no reason to fail. */
export async function writeSummary(text: string): Promise<void> {
  try {
    await core.summary.addRaw(text, true).write();
  } catch (error) {
    core.info(`The job summary could not be written: ${error instanceof Error ? error.message : error}`);
  }
}
