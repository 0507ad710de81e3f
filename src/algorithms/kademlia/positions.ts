/**
 * Where keys and nodes lie: points of one space, the distance between two of which is their exclusive or. It is symmetric and obeys the
 * triangle inequality, and for each point and distance there is exactly one other.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { utf8Length, writeUtf8 } from '../../core/utf8.ts';

/** A point: 32-bit words, the most significant first. Those of one space have the same length. */
export type Position = readonly number[];

/** Words of a position: 160 bits, as in the paper. */
export const POSITION_WORDS = 5;
/** Bits of a position. */
export const POSITION_BITS = 32 * POSITION_WORDS;

/** Hashing is the dearest thing here, and the same names come again and again: so many are remembered. */
const REMEMBERED_MAX = 4096;
const remembered = new Map<string, Position>();

/** Where a key lies, or a node by its name: the beginning of its SHA-256. */
export function positionOf(text: string): Position {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  const position = hashed(text);
  remembered.set(text, position);
  return position;
}

function hashed(text: string): Position {
  const bytes = new Uint8Array(utf8Length(text));
  writeUtf8(text, bytes, 0);
  const digest = sha256(bytes);
  const view = new DataView(digest.buffer, digest.byteOffset);
  return Object.freeze(
    Array.from({ length: POSITION_WORDS }, (_, word) => view.getUint32(4 * word)),
  );
}

/** Negative when `a` is closer to `target` than `b`, positive when it is farther. */
export function compareDistance(target: Position, a: Position, b: Position): number {
  for (let word = 0; word < target.length; word++) {
    const toA = (target[word]! ^ a[word]!) >>> 0;
    const toB = (target[word]! ^ b[word]!) >>> 0;
    if (toA !== toB) return toA - toB;
  }
  return 0;
}

/** How many bits the two begin with in common. */
export function commonPrefix(a: Position, b: Position): number {
  for (let word = 0; word < a.length; word++) {
    const differing = a[word]! ^ b[word]!;
    if (differing !== 0) return 32 * word + Math.clz32(differing);
  }
  return 32 * a.length;
}

/** The point that has the first `bits` of `origin`, another bit then, and `rest` behind it: some point of that bucket. */
export function positionIn(origin: Position, bits: number, rest: Position): Position {
  return origin.map((word, index) => {
    const from = bits - 32 * index;
    if (from >= 32) return word;
    if (from < 0) return rest[index]!;
    const flipped = 0x80000000 >>> from;
    const kept = from === 0 ? 0 : -1 << (32 - from);
    const tail = flipped - 1;
    return ((word & kept) | (~word & flipped) | (rest[index]! & tail)) >>> 0;
  });
}
