import { describe, expect, it } from 'vitest';
import { TransferEvidenceError } from '../../src/errors.ts';
import { ended, missing } from '../../src/github/outcome.ts';
import { outputsOf, worstGate } from '../../src/github/outputs.ts';
import { smallestManifest } from '../../src/manifest/smallest.ts';

describe('ended', () => {
  it('takes trouble with machine or network for “no evidence”, which fails nothing', () => {
    const outcome = ended('transfer.yml', new TransferEvidenceError('download-failed', 'The hub answered 503.'));
    expect(outcome).toMatchObject({ state: 'no_evidence', gate: 'warn' });
    expect(outcome.problems).toMatchObject([{ level: 'warn', code: 'download-failed' }]);
  });

  it('fails for what the manifest’s authors can mend, at its place', () => {
    const location = { file: 'transfer.yml', line: 4 };
    const outcome = ended('transfer.yml', new TransferEvidenceError('dataset-missing', 'No folder.', { location }));
    expect(outcome).toMatchObject({ state: 'blocked', gate: 'fail' });
    expect(outcome.problems).toMatchObject([{ level: 'error', location }]);
  });

  it('fails for a mistake of the program itself, so that it is seen', () => {
    expect(ended('transfer.yml', new TypeError('x is undefined'))).toMatchObject({ state: 'blocked', gate: 'fail' });
  });

  it('shows a message as it is: nothing in it becomes a mention, a link or the end of its fence', () => {
    const { comment } = ended('t.yml', new Error('@team ```\n# heading \u202Etxt'));
    const [, fence, body] = /^(`{3,})text\n([\s\S]*)\n\1$/m.exec(comment)!;
    expect(fence).toBe('````');
    expect(body).toContain('@team ```');
    expect(body).not.toContain('\u202E');
  });
});

describe('missing', () => {
  it('shows the smallest manifest and the place that was looked at', () => {
    const { comment, gate } = missing('tasks/`lung`.yml', 'fail');
    expect(gate).toBe('fail');
    expect(comment).toContain(smallestManifest.trimEnd());
    expect(comment).toContain('<code>tasks/\\`lung\\`.yml</code>');
  });
});

describe('outputsOf', () => {
  const delivered = (gate: 'pass' | 'warn' | 'fail', state: 'tied' | 'answer_needed', contradicted: number) => ({
    outcome: {
      ...missing('a.yml', 'pass'),
      gate,
      state,
      cached: gate === 'pass',
      claims: { supported: 1, contradicted, inconclusive: 0, no_evidence: 0, untestable: 2 },
      files: { 'report.json': '{}' },
    },
    folder: `/out/${state}`,
    comments: [{ id: contradicted, url: `https://github.com/c/${contradicted}` }],
  });

  it('speaks of the worst of several manifests and adds up their claims', () => {
    const all = [delivered('pass', 'tied', 0), delivered('fail', 'answer_needed', 2)];
    expect(outputsOf(all, '/out')).toEqual({
      state: 'answer_needed',
      gate: 'fail',
      supported: '2',
      contradicted: '2',
      inconclusive: '0',
      'no-evidence': '0',
      untestable: '4',
      'report-path': '/out',
      'report-json': '/out/tied/report.json\n/out/answer_needed/report.json',
      'comment-id': '0\n2',
      'comment-url': 'https://github.com/c/0\nhttps://github.com/c/2',
      'cache-hit': 'false',
    });
  });

  it('passes where there is nothing', () => {
    expect(worstGate([])).toBe('pass');
  });
});
