/**
 * Histories: what clients of a system asked, what they were answered, and when (Herlihy and Wing, “Linearizability: a
 * correctness condition for concurrent objects”, TOPLAS 12(3), 1990, section 2).
 *
 * Events are those of Jepsen: `invoke`, then `ok` (it happened, and this is the answer), `fail` (it did not happen) or `info`
 * (nobody knows). An operation without an answer may take effect at any time after its call, or never.
 */

import type { Value } from '../core/value.ts';
import { shown } from './text.ts';

/** Who calls: one operation at a time. */
export type ProcessId = number | string;

/** How an event ends or begins an operation. */
export type EventType = 'invoke' | 'ok' | 'fail' | 'info';

/** One event: process, type, operation's name, value; then optionally the time in milliseconds. */
export type HistoryEvent =
  | readonly [process: ProcessId, type: EventType, f: string, value: Value]
  | readonly [process: ProcessId, type: EventType, f: string, value: Value, timeMs: number];

/** One operation, from its call to its return. */
export interface Operation {
  /** Its place in the history, by its call. */
  readonly index: number;
  readonly process: ProcessId;
  /** Its name: `read`, `write`, `txn` … */
  readonly f: string;
  /** What it was called with. */
  readonly input: Value;
  /** `ok` it happened, `fail` it did not, `info` nobody knows. */
  readonly outcome: 'ok' | 'fail' | 'info';
  /** What it returned; undefined unless `ok`. */
  readonly output: Value | undefined;
  /** Number of the event that called it. */
  readonly invoked: number;
  /** Number of the event that ended it; Infinity when none did, and for `info`, which ends nothing. */
  readonly returned: number;
  /** Times of call and return in milliseconds, when the history has times. */
  readonly invokedMs: number | undefined;
  readonly returnedMs: number | undefined;
}

/** A malformed history; `event` is the number of the event, from 0. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  readonly event: number;
  /** What is wrong, without the place. */
  readonly problem: string;

  constructor(event: number, problem: string) {
    super(`event ${event}: ${problem}`);
    this.event = event;
    this.problem = problem;
  }
}

/** What is known of an operation while it runs. */
interface Open {
  readonly index: number;
  readonly event: HistoryEvent;
  readonly at: number;
}

/**
 * Pairs calls with returns. The result is in the order of the calls. An `info` of a process that has called nothing is a
 * remark (of the one who injects faults, say) and is left out.
 *
 * @throws {HistoryError} on a return without a call, a call within a call, or a return of another operation
 */
export function operationsOf(events: readonly HistoryEvent[]): Operation[] {
  const operations: Operation[] = [];
  const open = new Map<ProcessId, Open>();
  events.forEach((event, at) => {
    const [process, type, f] = event;
    const pending = open.get(process);
    if (type === 'invoke') {
      if (pending !== undefined) {
        throw new HistoryError(at, `process ${process} calls ${f} before ${callOf(pending)} ended`);
      }
      open.set(process, { index: operations.length, event, at });
      operations.push(operation(operations.length, event, at, undefined, Infinity));
      return;
    }
    if (pending === undefined) {
      if (type === 'info') return;
      throw new HistoryError(at, `process ${process} returns from ${f} without having called it`);
    }
    if (pending.event[2] !== f) {
      throw new HistoryError(
        at,
        `process ${process} returns from ${f}, but its call is ${callOf(pending)}`,
      );
    }
    open.delete(process);
    operations[pending.index] = operation(pending.index, pending.event, pending.at, event, at);
  });
  return operations;
}

function operation(
  index: number,
  [process, , f, input, invokedMs]: HistoryEvent,
  invoked: number,
  end: HistoryEvent | undefined,
  endedAt: number,
): Operation {
  const outcome = end === undefined || end[1] === 'invoke' ? 'info' : end[1];
  return {
    index,
    process,
    f,
    input,
    outcome,
    output: outcome === 'ok' ? end![3] : undefined,
    invoked,
    returned: outcome === 'info' ? Infinity : endedAt,
    invokedMs,
    returnedMs: end?.[4],
  };
}

function callOf({ event: [, , f], at }: Open): string {
  return `the ${f} called at event ${at}`;
}

/** An operation for a sentence: `process 3's read (events 10 to 14)`. */
export function nameOf({ process, f, invoked, returned }: Operation): string {
  const place =
    returned === Infinity ? `event ${invoked}, no answer` : `events ${invoked} to ${returned}`;
  return `process ${process}’s ${f} (${place})`;
}

/** What it asked and what came back: `read → 3`, `write 4`, `cas [1,2] → fail`. */
export function callAndAnswer({ f, input, output, outcome }: Operation): string {
  const asked = input === null ? f : `${f} ${shown(input)}`;
  const answer = outcome === 'ok' ? shown(output!) : outcome === 'fail' ? 'fail' : 'no answer';
  return outcome === 'ok' && (output === null || shown(output!) === shown(input))
    ? asked
    : `${asked} → ${answer}`;
}
