/** Where two runs part: the first event in which they differ, and what they did there. */

import type { TraceEvent } from '../core/trace.ts';

/** The place. */
export interface Parting {
  /** Index of the first event that differs; both runs have the same events before it. */
  readonly index: number;
  /** Milliseconds of the earlier of the two events there. */
  readonly timeMs: number;
  /** True when times were passed over: real clocks never agree, so that every event would differ. */
  readonly isTimeless?: boolean;
}

/**
 * The first difference; undefined when there is none as far as one can tell.
 *
 * @param isOver whether neither run goes on: then it is a difference that one has ended
 */
export function partingOf(
  a: readonly TraceEvent[],
  b: readonly TraceEvent[],
  isOver: boolean,
): Parting | undefined {
  const length = Math.min(a.length, b.length);
  let index = 0;
  while (index < length && isSame(a[index], b[index])) index++;
  if (index === length && (!isOver || a.length === b.length)) return undefined;
  const times = [a[index], b[index]].flatMap((event) => (event === undefined ? [] : [event.time]));
  return { index, timeMs: Math.min(...times) };
}

/**
 * Where two traces that are over part: to the letter where they come of clocks that can agree; otherwise by what happened, whenever it did.
 */
export function partingOfTraces(
  a: readonly TraceEvent[],
  b: readonly TraceEvent[],
): Parting | undefined {
  const parting = partingOf(a, b, true);
  const [inA, inB] = parting === undefined ? [] : [a[parting.index], b[parting.index]];
  if (inA === undefined || inB === undefined || !isSame(timeless(inA), timeless(inB))) {
    return parting;
  }
  const later = partingOf(a.map(timeless), b.map(timeless), true);
  if (later === undefined) return parting;
  const times = [a[later.index], b[later.index]].flatMap((event) => event?.time ?? []);
  return { index: later.index, timeMs: Math.min(...times), isTimeless: true };
}

function timeless(event: TraceEvent): TraceEvent {
  return { ...event, time: 0 };
}

/** Plain data, compared as a file of it would be, without writing one. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return a.length === b.length && a.every((byte, at) => byte === b[at]);
  }
  const [ofA, ofB] = [a, b] as Readonly<Record<string, unknown>>[];
  const names = Object.keys(ofA!);
  return (
    names.length === Object.keys(ofB!).length &&
    names.every((name) => Object.hasOwn(ofB!, name) && isSame(ofA![name], ofB![name]))
  );
}
