/** A mark that a step asked the runner to show. */
export interface ShownAnnotation {
  level: 'error' | 'warning' | 'notice';
  message: string;
  file?: string;
  line?: string;
  col?: string;
  title?: string;
}

/** What a runner makes of a step's standard output. */
export interface StepLog {
  /** The log as people see it, secrets masked. */
  text: string;
  annotations: ShownAnnotation[];
  /** Commands that runners no longer take from the output. */
  retired: string[];
}

const silent = new Set(['debug', 'group', 'endgroup', 'echo']);
const levels = new Set(['error', 'warning', 'notice']);

/** Reads workflow commands out of a step's output as actions/runner does. */
export function readStepLog(output: string): StepLog {
  const annotations: ShownAnnotation[] = [];
  const retired: string[] = [];
  const masks: string[] = [];
  const lines: string[] = [];
  let stoppedUntil: string | undefined;
  for (const line of output.split(/\r?\n/)) {
    if (stoppedUntil !== undefined) {
      if (line === `::${stoppedUntil}::`) stoppedUntil = undefined;
      else lines.push(line);
      continue;
    }
    const found = /^\s*::([\w-]+)(?: (.*?))?::(.*)$/.exec(line);
    if (found === null) {
      lines.push(line);
      continue;
    }
    const [, command, properties, data] = found as unknown as [string, string, string | undefined, string];
    const value = unescapeData(data);
    if (command === 'add-mask') masks.push(value);
    else if (command === 'stop-commands') stoppedUntil = value;
    else if (levels.has(command)) {
      annotations.push({ level: command as ShownAnnotation['level'], ...readProperties(properties), message: value });
      lines.push(line);
    } else if (!silent.has(command)) retired.push(command);
  }
  const text = masks.filter((mask) => mask !== '').reduce((all, mask) => all.replaceAll(mask, '***'), lines.join('\n'));
  return { text, annotations, retired };
}

function readProperties(text = ''): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return [
        pair.slice(0, at).trim(),
        unescapeData(
          pair
            .slice(at + 1)
            .replaceAll('%3A', ':')
            .replaceAll('%2C', ','),
        ),
      ];
    }),
  );
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

/** Reads a file of `name=value` and `name<<delimiter` entries, such as GITHUB_OUTPUT. */
export function readCommandFile(text: string): Record<string, string> {
  const entries: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    if (line === '') continue;
    const here = /^([^=]+?)<<(.+)$/.exec(line);
    if (here === null) {
      const equals = line.indexOf('=');
      if (equals < 0) throw new Error(`Invalid format “${line}”`);
      entries[line.slice(0, equals)] = line.slice(equals + 1);
      continue;
    }
    const [, name, delimiter] = here as unknown as [string, string, string];
    const end = lines.indexOf(delimiter, at + 1);
    if (end < 0) throw new Error(`Delimiter “${delimiter}” not found`);
    entries[name] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return entries;
}
