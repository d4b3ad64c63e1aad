import type { Progress } from '../progress.ts';

interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** A log gets a line at most this often. */
const quietMilliseconds = 10_000;

/**
 * Progress with counts and remaining time: one line rewritten in place on a terminal, now and then a plain line in a
 * log. Everything goes to standard error, so that standard output holds the result alone.
 */
export function terminalProgress(output: Output, now: () => number = Date.now): Progress {
  let shown = false;
  let current = { name: '', since: 0, first: 0, spoke: 0 };
  const clear = () => {
    if (shown) output.write('\r\u001b[K');
    shown = false;
  };
  const line = (text: string) => {
    clear();
    output.write(`${text}\n`);
  };
  return {
    info: line,
    step: (name, done, total) => {
      const time = now();
      if (name !== current.name) current = { name, since: time, first: done, spoke: output.isTTY ? 0 : time };
      const remaining =
        done > current.first ? ((time - current.since) / (done - current.first)) * (total - done) : null;
      const text = `${name}: ${done} of ${total}${remaining === null || done === total ? '' : `, about ${spokenDuration(remaining)} left`}`;
      if (done >= total) line(`${name}: ${total} done in ${spokenDuration(time - current.since)}`);
      else if (output.isTTY) {
        output.write(`\r\u001b[K${text.slice(0, (output.columns ?? 80) - 1)}`);
        shown = true;
      } else if (time - current.spoke >= quietMilliseconds) {
        current.spoke = time;
        line(text);
      }
    },
  };
}

/** `4 s`, `2 min 5 s`, `1 h 3 min`. */
export function spokenDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min${seconds % 60 ? ` ${seconds % 60} s` : ''}`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
