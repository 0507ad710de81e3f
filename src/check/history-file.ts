/**
 * Files of histories, one a line as a JSON object:
 *
 *     {"name":"…","model":"cas-register","initial":null,"linearizable":false,"events":[[0,"invoke","read",null],[0,"ok","read",3], …]}
 *
 * An event is [process, type, operation, value], optionally with a time in milliseconds behind. `linearizable` is the verdict that is
 * expected, if one is; a history for a workload has `workload` for `model` and `valid` for `linearizable`.
 */

import { ValueError } from '../core/errors.ts';
import { toValue, type Value } from '../core/value.ts';
import {
  HistoryError,
  operationsOf,
  type EventType,
  type HistoryEvent,
  type Operation,
} from './history.ts';
import { whereJsonEnds } from './json-place.ts';
import { field, isList, isMap, shown } from './text.ts';
import type { Validity } from './verdict.ts';

/** One history of a file. */
export interface History {
  /** Its name, or `history N` by its line. */
  readonly name: string;
  /** Where it stands, from 1. */
  readonly line: number;
  readonly model: string | undefined;
  readonly workload: string | undefined;
  readonly initial: Value;
  /** The verdict that the file gives. */
  readonly expected: Validity | undefined;
  readonly operations: readonly Operation[];
}

/** Something in a file of histories that cannot be read. */
export class HistoryFileError extends Error {
  override readonly name = 'HistoryFileError';
  /** From 1. */
  readonly line: number;
  /** From 1; undefined when the line as a whole is meant. */
  readonly column: number | undefined;
  /** What is wrong, without the place in the file. */
  readonly problem: string;

  constructor(line: number, problem: string, column?: number) {
    super(`line ${line}${column === undefined ? '' : `, column ${column}`}: ${problem}`);
    this.line = line;
    this.column = column;
    this.problem = problem;
  }
}

/** Events that one history may have: what a check of more would need is beyond a page's memory. */
export const EVENTS_MAX = 4_000_000;

/** Characters of a name that are kept. */
const NAME_LENGTH_MAX = 200;

/**
 * Reads a file's text.
 *
 * @throws {HistoryFileError} with the place of the first thing that is wrong
 */
export function readHistories(text: string): History[] {
  const histories: History[] = [];
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  lines.forEach((content, at) => {
    if (content.trim() === '') return;
    histories.push(readLine(content, at + 1, at === lines.length - 1));
  });
  if (histories.length === 0) throw new HistoryFileError(1, 'there is no history in it');
  return histories;
}

function readLine(content: string, line: number, isLast: boolean): History {
  const parsed = parseLine(content, line, isLast);
  try {
    if (!isMap(parsed)) {
      throw new HistoryFileError(line, `a history is a JSON object, not ${shown(parsed)}`);
    }
    const events = field(parsed, 'events');
    if (!isList(events)) throw new HistoryFileError(line, 'it has no list of "events"');
    if (events.length > EVENTS_MAX) {
      throw new HistoryFileError(line, `more than ${EVENTS_MAX} events in one history`);
    }
    return {
      name: textField(parsed, 'name', line)?.slice(0, NAME_LENGTH_MAX) ?? `history ${line}`,
      line,
      model: textField(parsed, 'model', line),
      workload: textField(parsed, 'workload', line),
      initial: field(parsed, 'initial') ?? null,
      expected: expectedOf(parsed, line),
      operations: operationsOf(events.map(eventOf)),
    };
  } catch (error) {
    if (error instanceof HistoryError) throw new HistoryFileError(line, error.message);
    throw error;
  }
}

function parseLine(content: string, line: number, isLast: boolean): Value {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    const place = whereJsonEnds(content) ?? 0;
    const isCut = place === content.length;
    const problem = isCut
      ? `the ${isLast ? 'file' : 'line'} breaks off in the middle of a history`
      : 'this is not JSON';
    throw new HistoryFileError(line, problem, place + 1);
  }
  try {
    return toValue(parsed);
  } catch (error) {
    if (error instanceof ValueError) throw new HistoryFileError(line, error.message);
    throw error;
  }
}

function textField(
  map: { readonly [key: string]: Value },
  key: string,
  line: number,
): string | undefined {
  const value = field(map, key);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new HistoryFileError(line, `"${key}" is a text, not ${shown(value)}`);
}

function expectedOf(map: { readonly [key: string]: Value }, line: number): Validity | undefined {
  for (const key of ['linearizable', 'valid']) {
    const value = field(map, key);
    if (value === undefined || value === null) continue;
    if (typeof value === 'boolean' || value === 'unknown') return value;
    throw new HistoryFileError(line, `"${key}" is true, false or "unknown", not ${shown(value)}`);
  }
  return undefined;
}

const EVENT_TYPES: readonly string[] = ['invoke', 'ok', 'fail', 'info'] satisfies EventType[];

function eventOf(event: Value, at: number): HistoryEvent {
  if (!isList(event) || event.length < 4 || event.length > 5) {
    throw new HistoryError(
      at,
      `an event is [process, type, operation, value] and perhaps a time, not ${shown(event)}`,
    );
  }
  const [process, type, f, value, timeMs] = event as [Value, Value, Value, Value, Value?];
  if (typeof process !== 'number' && typeof process !== 'string') {
    throw new HistoryError(at, `a process is a number or a text, not ${shown(process)}`);
  }
  if (typeof type !== 'string' || !EVENT_TYPES.includes(type)) {
    throw new HistoryError(at, `an event is one of ${EVENT_TYPES.join(', ')}, not ${shown(type)}`);
  }
  if (typeof f !== 'string') {
    throw new HistoryError(at, `the name of an operation is a text, not ${shown(f)}`);
  }
  if (timeMs === undefined) return [process, type as EventType, f, value];
  if (typeof timeMs !== 'number') {
    throw new HistoryError(at, `a time is a number of milliseconds, not ${shown(timeMs)}`);
  }
  return [process, type as EventType, f, value, timeMs];
}
