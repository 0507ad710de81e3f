/**
 * What becomes of a view when descriptors arrive and the oldest go: the paper's `view.select` with H > 0. The view and what came are two
 * rows in order of age. They are merged, the youngest first, so that the first descriptor of a peer is the one to keep, and the oldest
 * are those that the merge does not come to.
 */

import type { Random } from '../../core/random.ts';
import type { Numbers } from '../roster.ts';
import { greatestThatAges, increaseAges } from './ageing.ts';
import { isLess } from './branchless.ts';
import { peerMask } from './descriptor.ts';
import { bufferSize, VIEW_SIZE_MAX, type Buffer, type GbpsRules, type Views } from './policy.ts';

const RECEIVED_MAX = bufferSize(VIEW_SIZE_MAX);
/** The node itself stands before all of them. */
const ALL_MAX = 1 + VIEW_SIZE_MAX + RECEIVED_MAX;
/** Places of the hash table for each descriptor that may come: with so many, hardly a look at it meets a stranger … */
const PLACES = 256;
/** … and no more than these in all. */
const PLACES_MAX = 65_536;

/** What a merge writes down on its way; a constant of the module for the reason given in `partial-view.ts`. */
const memory = {
  /** All of them in order of age, each peer once. The node itself stands first, so that it is known, and is left out at the end. */
  merged: new Int32Array(ALL_MAX),
  /** The mark of each: its slot in the view, or, for those that came, one behind all slots. */
  origins: new Int32Array(ALL_MAX),
  /** How many; the node itself counts. */
  count: 0,
  /** A hash table from a peer to the stamp plus its place in `merged`; less than the stamp is of an earlier merge. */
  table: new Uint16Array(PLACES_MAX),
  /** Another for each merge, further on by more than anything in the table, so that nothing needs to be cleared. */
  stamp: 1,
  /** 1 for those that make room though they are not the oldest. */
  gone: new Uint8Array(ALL_MAX),
  draws: new Int32Array(ALL_MAX),
};

/** Beyond this a stamp and a place would not fit into 16 bits. */
const STAMP_MAX = 0xffff - ALL_MAX;

/** As `mergeBuffer`, which calls it; what came is in order of age. Of equally old ones those stay that have been there longest. */
export function mergeByAge(
  views: Views,
  node: number,
  self: number,
  { viewSize, heal, swap }: GbpsRules,
  random: Random,
  buffer: Buffer,
  marks: Uint8Array,
  age: number,
): void {
  // Where everything that is too much may be healed away, nobody needs to look at it.
  merge(views, node, self, buffer, viewSize, heal >= buffer.size ? viewSize : ALL_MAX);
  const all = memory.count;
  let surplus = all - 1 - viewSize;
  if (surplus > 0) {
    const healed = Math.min(heal, surplus);
    surplus -= healed;
    memory.count -= healed;
  }
  if (surplus > 0) {
    surplus -= dropSent(Math.min(swap, surplus), viewSize, marks, random);
    dropAny(surplus, random);
    keepStaying(viewSize);
  }
  store(views, node, age);
  nextStamp(all);
}

/**
 * Merges them without a branch for who is next, which is anybody's guess. Of equally old ones those of the view stand first. (Sums are cut
 * to 32 bits where an engine would look for an overflow at every step: a twentieth of the time of an exchange.)
 *
 * @param wanted more are not needed
 */
function merge(
  views: Views,
  node: number,
  self: number,
  { descriptors: received, size: came }: Buffer,
  viewSize: number,
  wanted: number,
): void {
  const { merged, origins, table, stamp } = memory;
  const { descriptors } = views;
  const peers = peerMask(views.peerBits);
  const places = placesFor(viewSize);
  const held = views.sizes[node]!;
  const base = node * views.capacity;
  merged[0] = self;
  table[self & places] = stamp;
  let count = 1;
  let mineNext = 0;
  let theirsNext = 0;
  while (mineNext < held && theirsNext < came && count <= wanted) {
    const mine = descriptors[(base + mineNext) | 0]!;
    const theirs = received[theirsNext]!;
    const isMine = 1 ^ isLess(theirs, mine & ~peers);
    const descriptor = theirs ^ ((mine ^ theirs) & -isMine);
    const behind = (viewSize + theirsNext) | 0;
    const origin = behind ^ ((behind ^ mineNext) & -isMine);
    mineNext = (mineNext + isMine) | 0;
    theirsNext = (theirsNext + 1 - isMine) | 0;
    const place = descriptor & peers & places;
    const twin = (table[place]! - stamp) | 0;
    if (twin < 0) table[place] = stamp + count;
    else if (((merged[twin]! ^ descriptor) & peers) === 0) continue;
    else if (isKnown(descriptor, peers, places, count)) continue;
    merged[count] = descriptor;
    origins[count] = origin;
    count = (count + 1) | 0;
  }
  memory.count = count;
  mergeRest(descriptors, base + mineNext, base + held, mineNext, peers, places, wanted);
  mergeRest(received, theirsNext, came, viewSize + theirsNext, peers, places, wanted);
}

/** What is left of one row where the other has come to its end. */
function mergeRest(
  row: Numbers,
  from: number,
  to: number,
  firstOrigin: number,
  peers: number,
  places: number,
  wanted: number,
): void {
  const { merged, origins, table, stamp } = memory;
  let { count } = memory;
  for (let at = from; at < to && count <= wanted; at++) {
    const descriptor = row[at]!;
    const place = descriptor & peers & places;
    const twin = (table[place]! - stamp) | 0;
    if (twin < 0) table[place] = stamp + count;
    else if (((merged[twin]! ^ descriptor) & peers) === 0) continue;
    else if (isKnown(descriptor, peers, places, count)) continue;
    merged[count] = descriptor;
    origins[count++] = firstOrigin + at - from;
  }
  memory.count = count;
}

/** Whether a younger descriptor of the same peer is there, where its place in the table is taken; if not, the next free one is its own. */
function isKnown(descriptor: number, peers: number, places: number, count: number): boolean {
  const { merged, table, stamp } = memory;
  for (let place = descriptor & peers & places; ; place = (place + 1) & places) {
    const twin = (table[place]! - stamp) | 0;
    if (twin < 0) {
      table[place] = stamp + count;
      return false;
    }
    if (((merged[twin]! ^ descriptor) & peers) === 0) return true;
  }
}

/** Places of the table for views of this size, less one: a mask for the bits of a peer. */
function placesFor(viewSize: number): number {
  const wanted = PLACES * bufferSize(viewSize);
  return Math.min(PLACES_MAX, 1 << (32 - Math.clz32(wanted - 1))) - 1;
}

/**
 * Makes room for `count`, of those that were sent first; behind them the paper's view stands in random order, so there it is any. What
 * came is not touched.
 *
 * @returns for how many it did
 */
function dropSent(count: number, viewSize: number, marks: Uint8Array, random: Random): number {
  const { origins, gone, count: all } = memory;
  if (count === 0) {
    gone.fill(0, 0, all);
    return 0;
  }
  let sent = 0;
  let held = 0;
  for (let at = 1; at < all; at++) {
    const origin = origins[at]!;
    const isSent = marks[origin]!;
    gone[at] = isSent;
    sent += isSent;
    held += isLess(origin, viewSize);
  }
  if (sent >= count) {
    dropSome(sent, count, random);
    return count;
  }
  const others = Math.min(count - sent, held - sent);
  for (let left = others; left > 0;) {
    const at = 1 + random.below(all - 1);
    if (gone[at] === 1 || origins[at]! >= viewSize) continue;
    gone[at] = 1;
    left--;
  }
  return sent + others;
}

/** Of `among` that would go only `count` do, any of them. */
function dropSome(among: number, count: number, random: Random): void {
  const { gone, draws, count: all } = memory;
  if (among === count) return;
  random.fillBits(draws, (all + 1) >> 1);
  let candidates = among;
  let left = count;
  for (let at = 1; at < all; at++) {
    const bits = (draws[at >> 1]! >>> ((at & 1) << 4)) & 0xffff;
    const goes = gone[at]! & isLess(Math.imul(bits, candidates), left << 16);
    candidates -= gone[at]!;
    left -= goes;
    gone[at] = goes;
  }
}

/** Draws as many as are still to go, and again for those that met somebody who is gone already. */
function dropAny(count: number, random: Random): void {
  const { gone, draws, count: all } = memory;
  for (let left = count; left > 0;) {
    const drawn = left;
    random.fillBits(draws, drawn);
    for (let i = 0; i < drawn; i++) {
      const at = 1 + ((((draws[i]! >>> 0) * (all - 1)) / 4294967296) | 0);
      left -= 1 - gone[at]!;
      gone[at] = 1;
    }
  }
}

function keepStaying(viewSize: number): void {
  const { merged, gone } = memory;
  let count = 1;
  for (let at = 1; count <= viewSize; at++) {
    merged[count] = merged[at]!;
    count += 1 - gone[at]!;
  }
  memory.count = count;
}

/** Where nobody comes to the greatest age, which the last tells, everything grows older on its way into the view. */
function store(views: Views, node: number, by: number): void {
  const { merged, count } = memory;
  const { descriptors, peerBits } = views;
  const before = node * views.capacity - 1;
  const isFree = merged[count - 1]! <= greatestThatAges(by, peerBits);
  const step = isFree ? by << peerBits : 0;
  for (let at = 1; at < count; at++) descriptors[before + at] = (merged[at]! + step) | 0;
  views.sizes[node] = count - 1;
  if (!isFree) increaseAges(views, node, by);
}

function nextStamp(used: number): void {
  memory.stamp += used;
  if (memory.stamp <= STAMP_MAX) return;
  memory.table.fill(0);
  memory.stamp = 1;
}
