import { describe, expect, it } from 'vitest';
import { spokenDuration, terminalProgress } from '../../src/command-line/progress.ts';

function recorder(isTTY: boolean) {
  const written: string[] = [];
  let time = 0;
  const progress = terminalProgress({ write: (text) => written.push(text), isTTY, columns: 60 }, () => time);
  return {
    written,
    progress,
    wait: (ms: number) => {
      time += ms;
    },
  };
}

describe('progress', () => {
  it('rewrites one line on a terminal, with counts and the time that is left', () => {
    const { written, progress, wait } = recorder(true);
    progress.step('Reading the target', 0, 100);
    wait(5_000);
    progress.step('Reading the target', 25, 100);
    expect(written.at(-1)).toBe('\r\u001b[KReading the target: 25 of 100, about 15 s left');
    wait(15_000);
    progress.step('Reading the target', 100, 100);
    expect(written.at(-1)).toBe('Reading the target: 100 done in 20 s\n');
  });

  it('counts the time that is left from where the step began, not from zero', () => {
    const { written, progress, wait } = recorder(true);
    progress.step('Training', 90, 100);
    wait(10_000);
    progress.step('Training', 95, 100);
    expect(written.at(-1)).toContain('about 10 s left');
  });

  it('speaks plainly and seldom in a log', () => {
    const { written, progress, wait } = recorder(false);
    for (let done = 0; done < 100; done++) {
      progress.step('Reading', done, 100);
      wait(1_000);
    }
    progress.step('Reading', 100, 100);
    expect(written.every((line) => line.endsWith('\n') && !line.includes('\r'))).toBe(true);
    expect(written).toHaveLength(10);
    expect(written.at(-1)).toBe('Reading: 100 done in 1 min 40 s\n');
  });

  it('says durations as people do', () => {
    expect([0, 4_400, 60_000, 125_000, 3_780_000].map(spokenDuration)).toEqual([
      '0 s',
      '4 s',
      '1 min',
      '2 min 5 s',
      '1 h 3 min',
    ]);
  });
});
