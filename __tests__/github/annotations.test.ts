import { describe, expect, it } from 'vitest';
import { annotationsOf } from '../../src/github/annotations.ts';
import type { Problem } from '../../src/manifest/problem.ts';

const problem = (level: Problem['level'], line = 1, rest: Partial<Problem> = {}): Problem => ({
  level,
  code: 'vague_term',
  path: 'justification',
  location: { file: 'transfer.yml', line, column: 3 },
  message: `${level} at ${line}`,
  ...rest,
});

describe('annotationsOf', () => {
  it('puts the worst first and leaves the order of equals alone', () => {
    const problems = [problem('note'), problem('warn', 2), problem('error'), problem('warn', 1), problem('fail')];
    const { annotations } = annotationsOf(problems, '/w', false);
    expect(annotations.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'error: error at 1',
      'error: fail at 1',
      'warning: warn at 2',
      'warning: warn at 1',
      'notice: note at 1',
    ]);
  });

  it('points at the place in the file, relative to the workspace', () => {
    const inside = problem('fail', 4, { location: { file: '/w/tasks/a.yml', line: 4 } });
    expect(annotationsOf([inside], '/w', false).annotations).toEqual([
      { level: 'error', title: 'vague_term', message: 'fail at 4', file: 'tasks/a.yml', startLine: 4 },
    ]);
  });

  it('takes at most nine, which leaves room for the line that fails the step', () => {
    const problems = Array.from({ length: 14 }, (_, index) => problem('fail', index + 1));
    const { annotations, left } = annotationsOf([problem('note'), ...problems], '/w', false);
    expect(annotations).toHaveLength(9);
    expect(annotations.every(({ level }) => level === 'error')).toBe(true);
    expect(left).toBe(6);
  });

  it('says nothing of what is waived', () => {
    const waived = problem('fail', 1, { waived: { by: 'mira', reason: 'agreed', expires: '2027-01-01' } });
    expect(annotationsOf([waived], '/w', false)).toEqual({ annotations: [], left: 0 });
  });

  it('has no errors where nothing shall fail', () => {
    const { annotations } = annotationsOf([problem('error'), problem('fail'), problem('acknowledge')], '/w', true);
    expect(annotations.map(({ level }) => level)).toEqual(['warning', 'warning', 'warning']);
  });
});
