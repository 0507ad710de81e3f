/**
 * Copies and canonical forms of a machine's state: plain objects, lists, Maps, Sets, bytes, signed values, random streams, and parts
 * that know themselves how they are copied.
 */

import { ValueError } from './errors.ts';
import { encodeCanonical } from './canonical.ts';
import { Random } from './random.ts';
import { isSigned } from './signed.ts';

/** A part of a state that copies itself: a structure that shares with its copies what neither will change. */
export abstract class StatePart {
  /** A copy that goes its own way. */
  abstract fork(): StatePart;
  /** What of it matters, inside the value domain: equal for equal contents. */
  abstract canonical(): unknown;
}

/** A deep copy. Signed values are immutable and shared, and so are frozen objects: freeze what nobody will change, in depth. @throws {ValueError} on anything else, e.g. a class of one's own */
export function forkState<T>(state: T): T {
  return fork(state) as T;
}

function fork(part: unknown): unknown {
  if (typeof part !== 'object' || part === null || isSigned(part)) {
    if (typeof part === 'function') throw new ValueError('', 'is a function in a state');
    return part;
  }
  if (part instanceof StatePart) return part.fork();
  if (Object.isFrozen(part)) return part;
  if (Array.isArray(part)) return part.map(fork);
  if (part instanceof Map) {
    return new Map(Array.from(part, ([key, value]) => [fork(key), fork(value)]));
  }
  if (part instanceof Set) return new Set(Array.from(part, fork));
  if (part instanceof Uint8Array) return part.slice();
  if (part instanceof Random) return part.clone();
  const prototype: unknown = Object.getPrototypeOf(part);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new ValueError('', `holds a ${part.constructor.name}, which cannot be forked`);
  }
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, fork(value)]));
}

/**
 * The state inside the value domain: a Map becomes a map (or a list of pairs when its keys are no strings), a Set a list; both
 * in canonical order, so that two machines that learned the same in another order are in the same state.
 */
export function hashable(state: object, hidden: ReadonlySet<string>): Record<string, unknown> {
  const shown = Object.entries(state).filter(([key]) => !hidden.has(key));
  return Object.fromEntries(shown.map(([key, value]) => [key, plain(value)]));
}

function plain(part: unknown): unknown {
  if (typeof part !== 'object' || part === null || isSigned(part) || part instanceof Uint8Array) {
    return part;
  }
  if (part instanceof StatePart) return plain(part.canonical());
  if (Array.isArray(part)) return part.map(plain);
  if (part instanceof Set) return inCanonicalOrder(Array.from(part, plain));
  if (part instanceof Map) {
    const pairs = Array.from(part, ([key, value]) => [plain(key), plain(value)] as const);
    if (pairs.every(([key]) => typeof key === 'string')) return Object.fromEntries(pairs);
    return inCanonicalOrder(pairs);
  }
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, plain(value)]));
}

function inCanonicalOrder(items: readonly unknown[]): unknown[] {
  const keyed = items.map((item) => ({ item, bytes: encodeCanonical(item) }));
  return keyed.toSorted((a, b) => compareBytes(a.bytes, b.bytes)).map(({ item }) => item);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (a[i] !== b[i]) return a[i]! - b[i]!;
  }
  return a.length - b.length;
}
