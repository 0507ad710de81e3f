/**
 * Reads logs with vector clocks, as ShiViz and GoVector have them: host, clock as JSON, and what happened.
 *
 * Three arrangements are told apart by themselves: host and clock before the line of the event, behind it, or within it. A log that
 * brings its own regular expression is read when it is one of the known ones; another must be given by whoever reads the log, because
 * an expression from a stranger's file can be made to run for ever.
 */

import { SHIVIZ_REGEX } from './shiviz-export.ts';
import { TraceFileError } from './trace-reader.ts';

/** One entry of a log. */
export interface LogEntry {
  readonly host: string;
  /** How many events of each host it depends on, itself included. */
  readonly clock: ReadonlyMap<string, number>;
  readonly text: string;
  /** The whole event, in a log that Parley wrote. */
  readonly json: string | undefined;
  /** Where it begins, from 1. */
  readonly line: number;
}

/** A log that was read. */
export interface ShivizLog {
  readonly entries: readonly LogEntry[];
  /** What was odd and could be passed over, in sentences. */
  readonly remarks: readonly string[];
}

/** What GoVector writes, and what ShiViz takes unless told otherwise. */
const USUAL_REGEXES: ReadonlyMap<string, Arrangement> = new Map([
  [SHIVIZ_REGEX, 'clock, event, json'],
  [String.raw`(?<host>\S*) (?<clock>{.*})\n(?<event>.*)`, 'clock, event'],
  [String.raw`(?<host>\S+) (?<clock>{.*})\n(?<event>.*)`, 'clock, event'],
  [String.raw`(?<event>.*)\n(?<host>\S*) (?<clock>{.*})`, 'event, clock'],
]);

/** What stands on the lines of an entry. */
type Arrangement = 'clock, event, json' | 'clock, event' | 'event, clock' | 'one line';

/** A log is read as a whole. */
export const LOG_LENGTH_MAX = 1 << 28;

/**
 * Reads a log.
 *
 * @param parser a regular expression with the groups `host`, `clock` and `event`, for logs in another arrangement
 * @throws {TraceFileError} at the first entry that cannot be right
 */
export function readShivizLog(text: string, parser?: RegExp): ShivizLog {
  if (text.length > LOG_LENGTH_MAX) {
    throw new TraceFileError(1, `a log is read up to ${LOG_LENGTH_MAX} characters`);
  }
  const lines = text
    .replaceAll('\r\n', '\n')
    .replace(/^\ufeff/, '')
    .split('\n');
  if (parser !== undefined) return readWith(parser, lines);
  const { arrangement, from } = arrangementOf(lines);
  return new LogLines(lines, from, arrangement).read();
}

function arrangementOf(lines: readonly string[]): { arrangement: Arrangement; from: number } {
  const [first = '', second = ''] = lines;
  if (first.includes('(?<clock>') && first.includes('(?<event>')) {
    const arrangement = USUAL_REGEXES.get(first.trim());
    if (arrangement === undefined) {
      const words = 'the log brings a regular expression of its own';
      throw new TraceFileError(1, `${words}: give it with --parser if you trust it`);
    }
    if (second.trim() !== '') {
      throw new TraceFileError(2, 'the log holds several executions: cut it into one a file');
    }
    return { arrangement, from: 2 };
  }
  const start = lines.findIndex((line) => line.trim() !== '');
  const [one = '', two = ''] = lines.slice(Math.max(start, 0));
  if (hostAndClock(one) !== undefined) return { arrangement: 'clock, event', from: start };
  if (hostAndClock(two) !== undefined) return { arrangement: 'event, clock', from: start };
  if (clockWithin(one) !== undefined) return { arrangement: 'one line', from: start };
  throw new TraceFileError(
    Math.max(start, 0) + 1,
    'this is neither a trace of Parley nor a log with vector clocks: there is no clock like n1 {"n1":1}',
  );
}

/** Walks through the lines of a log. */
class LogLines {
  readonly #lines: readonly string[];
  readonly #arrangement: Arrangement;
  readonly #entries: LogEntry[] = [];
  #at: number;
  #strange = 0;
  #firstStrange = 0;

  constructor(lines: readonly string[], from: number, arrangement: Arrangement) {
    this.#lines = lines;
    this.#at = from;
    this.#arrangement = arrangement;
  }

  read(): ShivizLog {
    while (this.#at < this.#lines.length) {
      const entry = this.#next();
      if (entry !== undefined) this.#entries.push(entry);
      else {
        if (this.#lines[this.#at]!.trim() !== '') {
          this.#strange++;
          this.#firstStrange ||= this.#at + 1;
        }
        this.#at++;
      }
    }
    if (this.#entries.length === 0) throw new TraceFileError(1, 'the log has no entry');
    return { entries: this.#entries, remarks: strangeRemark(this.#strange, this.#firstStrange) };
  }

  /** The entry that begins here, if one does. */
  #next(): LogEntry | undefined {
    const line = this.#at + 1;
    const [first = '', second = '', third = ''] = this.#lines.slice(this.#at, this.#at + 3);
    if (this.#arrangement === 'one line') {
      const found = clockWithin(first);
      if (found === undefined) return undefined;
      this.#at++;
      return entryOf(found.host, found.clock, found.text, undefined, line);
    }
    const isBehind = this.#arrangement === 'event, clock';
    const found = hostAndClock(isBehind ? second : first);
    if (found === undefined) return undefined;
    const hasJson = this.#arrangement === 'clock, event, json';
    this.#at += hasJson ? 3 : 2;
    const text = isBehind ? first : second;
    return entryOf(found.host, found.clock, text, hasJson ? third : undefined, line);
  }
}

/** Reads with an expression that somebody trusts. */
function readWith(parser: RegExp, lines: readonly string[]): ShivizLog {
  const text = lines.join('\n');
  const starts: number[] = [];
  let length = 0;
  for (const line of lines) {
    starts.push(length);
    length += line.length + 1;
  }
  let line = 0;
  let strange = 0;
  let firstStrange = 0;
  let behind = 0;
  const entries: LogEntry[] = [];
  const passOver = (until: number) => {
    for (; line < lines.length && starts[line]! < until; line++) {
      if (starts[line]! < behind || lines[line]!.trim() === '') continue;
      strange++;
      firstStrange ||= line + 1;
    }
  };
  for (const match of text.matchAll(new RegExp(parser.source, 'gm'))) {
    const { host, clock, event = '' } = match.groups ?? {};
    passOver(match.index);
    const number = starts[line] === match.index ? line + 1 : line;
    const parsed = parseClock(clock ?? '');
    if (host === undefined || parsed === undefined) {
      throw new TraceFileError(
        number,
        `no vector clock: ${JSON.stringify((clock ?? '').slice(0, 80))}`,
      );
    }
    entries.push(entryOf(host, parsed, event, undefined, number));
    behind = match.index + match[0].length;
  }
  passOver(text.length);
  if (entries.length === 0) throw new TraceFileError(1, '--parser fits no entry of the log');
  return { entries, remarks: strangeRemark(strange, firstStrange) };
}

function strangeRemark(count: number, first: number): string[] {
  if (count === 0) return [];
  return [
    `${count} ${count === 1 ? 'line belongs' : 'lines belong'} to no entry, the first is ${first}`,
  ];
}

function entryOf(
  host: string,
  clock: ReadonlyMap<string, number>,
  text: string,
  json: string | undefined,
  line: number,
): LogEntry {
  if (!clock.has(host)) {
    throw new TraceFileError(
      line,
      `the clock of ${JSON.stringify(host)} does not count its own events`,
    );
  }
  return { host, clock, text: text.trim(), json, line };
}

type Clocked = { readonly host: string; readonly clock: ReadonlyMap<string, number> };

/** `n1 {"n1":3, "n2":1}`, and nothing else. */
function hostAndClock(line: string): Clocked | undefined {
  const match = /^(\S+) (\{.*\})\s*$/.exec(line);
  const clock = match === null ? undefined : parseClock(match[2]!);
  return clock === undefined ? undefined : { host: match![1]!, clock };
}

/** `… [akka://user/n1] {"n1" : 3} what happened`: the host is the one of the clock that is named last before it. */
function clockWithin(line: string): (Clocked & { readonly text: string }) | undefined {
  const match = /\{\s*"[^{}]*\}/.exec(line);
  const clock = match === null ? undefined : parseClock(match[0]);
  if (clock === undefined) return undefined;
  const before = line.slice(0, match!.index);
  let host: string | undefined;
  let hostEnd = -1;
  for (const name of clock.keys()) {
    const end = endOfWord(before, name);
    if (end > hostEnd || (end === hostEnd && name.length > (host?.length ?? 0))) {
      host = name;
      hostEnd = end;
    }
  }
  if (host === undefined || hostEnd < 0) return undefined;
  return { host, clock, text: line.slice(match!.index + match![0].length) };
}

/** Where a word stands for the last time, its end; −1 where it does not. */
function endOfWord(text: string, word: string): number {
  for (
    let at = text.lastIndexOf(word);
    at >= 0;
    at = at === 0 ? -1 : text.lastIndexOf(word, at - 1)
  ) {
    const [left, right] = [text[at - 1] ?? ' ', text[at + word.length] ?? ' '];
    if (!/[\w.-]/.test(left) && !/[\w.-]/.test(right)) return at + word.length;
  }
  return -1;
}

function parseClock(text: string): ReadonlyMap<string, number> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value as Readonly<Record<string, unknown>>);
  const isClock = entries.every(
    ([, count]) => Number.isSafeInteger(count) && (count as number) >= 0,
  );
  if (entries.length === 0 || !isClock) return undefined;
  return new Map((entries as [string, number][]).filter(([, count]) => count > 0));
}
