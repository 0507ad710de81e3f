/** What becomes of a view when descriptors arrive: the paper's `view.select`. */

import type { Random } from '../../core/random.ts';
import { increaseAges } from './ageing.ts';
import { isLess, isSame } from './branchless.ts';
import { peerMask } from './descriptor.ts';
import { mergeByAge } from './merge-by-age.ts';
import {
  bufferSize,
  createBuffer,
  VIEW_SIZE_MAX,
  type Buffer,
  type GbpsRules,
  type Views,
} from './policy.ts';

const RECEIVED_MAX = bufferSize(VIEW_SIZE_MAX);
const ALL_MAX = VIEW_SIZE_MAX + RECEIVED_MAX;
/** Places of the hash table for each descriptor that may come: with so many, hardly a look at it meets a stranger … */
const PLACES = 64;
/** … and no more than these in all. */
const PLACES_MAX = 65_536;

/** What an exchange writes down on its way; a constant of the module for the reason given in `partial-view.ts`. */
const memory = {
  /** What came and may stay; how many, and how many of these do not stay after all. */
  received: new Int32Array(RECEIVED_MAX),
  receivedCount: 0,
  droppedCount: 0,
  /** Slots of the view that became free, and how many. */
  free: new Int32Array(VIEW_SIZE_MAX + 1),
  freeCount: 0,
  /** Holds the stamp for each slot of the view, then for each place in `received`, whose descriptor goes. */
  gone: new Int32Array(ALL_MAX),
  /** A hash table from a peer to the stamp plus its place in `received`; less than the stamp is of an earlier exchange. */
  table: new Int32Array(PLACES_MAX),
  /** Another for each exchange, further on by more than anything in the table, so that nothing needs to be cleared. */
  stamp: 1,
  candidates: new Int32Array(ALL_MAX),
  draws: new Int32Array(ALL_MAX),
};

/** Sent by who does not answer: not even the node itself. */
const NOTHING: Buffer = { ...createBuffer(VIEW_SIZE_MAX), size: 1 };
/** Beyond this a stamp and a place would not fit into 32 bits. */
const STAMP_MAX = 0x7fffffff - RECEIVED_MAX;

/**
 * The paper's `view.select(c, H, S, buffer)`: append, keep the younger of two descriptors of a peer, then make room: first
 * the oldest go (`heal`), then the head, which is what was just sent (`swap`), then any. What stays keeps its slot where nobody heals. Then
 * everything grows older, which the paper does next in either thread.
 *
 * @param age what it grows older by
 * @param sent what was sent to this peer, if anything was
 */
export function mergeBuffer(
  views: Views,
  node: number,
  self: number,
  rules: GbpsRules,
  random: Random,
  buffer: Buffer,
  age: number,
  sent = NOTHING,
): void {
  const { viewSize, swap } = rules;
  if (rules.heal > 0) {
    mergeByAge(views, node, self, rules, random, buffer, sent.marks, age);
    return;
  }
  const held = views.sizes[node]!;
  const places = placesFor(viewSize);
  memory.freeCount = 0;
  memory.droppedCount = 0;
  takeBuffer(buffer, self, views.peerBits, places);
  dropKnown(views, node, held, places);
  const staying = held - memory.freeCount + memory.receivedCount - memory.droppedCount;
  let surplus = staying - viewSize;
  if (surplus > 0 && swap > 0) {
    const count = Math.min(swap, surplus);
    dropHead(held, Math.min(sent.size - 1, held), count, random);
    surplus -= count;
  }
  if (surplus > 0) dropAny(held, surplus, random);
  store(views, node, held);
  nextStamp();
  increaseAges(views, node, age);
}

/** Places of the table for views of this size, less one: a mask for the bits of a peer. */
function placesFor(viewSize: number): number {
  const wanted = PLACES * bufferSize(viewSize);
  let places = PLACES;
  while (places < wanted && places < PLACES_MAX) places *= 2;
  return places - 1;
}

/** What arrived, each peer once with its lowest age, and the node itself not at all. */
function takeBuffer(buffer: Buffer, self: number, peerBits: number, places: number): void {
  const { received, table, stamp } = memory;
  const { descriptors, size } = buffer;
  const peers = peerMask(peerBits);
  let count = 0;
  for (let i = 0; i < size; i++) {
    const descriptor = descriptors[i]!;
    const peer = descriptor & peers;
    if (peer === self) continue;
    // Peers are as good as their own hashes: their numbers are spread over all places.
    let place = peer & places;
    let known = table[place]! - stamp;
    while (known >= 0 && (received[known]! & peers) !== peer) {
      place = (place + 1) & places;
      known = table[place]! - stamp;
    }
    if (known >= 0) {
      if (descriptor < received[known]!) received[known] = descriptor;
      continue;
    }
    table[place] = stamp + count;
    received[count++] = descriptor;
  }
  memory.receivedCount = count;
}

/** Of two descriptors of one peer the younger stays. */
function dropKnown(views: Views, node: number, held: number, places: number): void {
  const { received, table, candidates, stamp } = memory;
  const { descriptors } = views;
  const peers = peerMask(views.peerBits);
  const base = node * views.capacity;
  // Whose place in the table is taken; a branch for each would often be guessed wrong.
  let count = 0;
  for (let slot = 0; slot < held; slot++) {
    candidates[count] = slot;
    count += 1 - isLess(table[descriptors[base + slot]! & peers & places]!, stamp);
  }
  for (let i = 0; i < count; i++) {
    const slot = candidates[i]!;
    const descriptor = descriptors[base + slot]!;
    let place = descriptor & peers & places;
    let twin = table[place]! - stamp;
    while (twin >= 0 && ((received[twin]! ^ descriptor) & peers) !== 0) {
      place = (place + 1) & places;
      twin = table[place]! - stamp;
    }
    if (twin < 0) continue;
    if (received[twin]! < descriptor) {
      drop(held, slot);
    } else {
      drop(held, held + twin);
    }
  }
}

/** Drops the `at`-th of all, those of the view first. */
function drop(held: number, at: number): void {
  const { gone, free, stamp } = memory;
  gone[at] = stamp;
  if (at < held) free[memory.freeCount++] = at;
  else memory.droppedCount++;
}

/** The sent ones at the head go first; behind them the paper's view stands in random order, so there it is any. */
function dropHead(held: number, sent: number, count: number, random: Random): void {
  const { gone, stamp } = memory;
  let left = count;
  for (let slot = 0; slot < sent && left > 0; slot++) {
    if (gone[slot] === stamp) continue;
    drop(held, slot);
    left--;
  }
  while (left > 0 && memory.freeCount < held) {
    const slot = random.below(held);
    if (gone[slot] === stamp) continue;
    drop(held, slot);
    left--;
  }
  if (left > 0) dropAny(held, left, random);
}

/**
 * Draws as many as are still to go, and again for those that met somebody who is gone already. Without a branch for whether one of the view
 * goes or one that came, which is anybody's guess.
 */
function dropAny(held: number, count: number, random: Random): void {
  const { gone, free, draws, receivedCount, stamp } = memory;
  let { freeCount, droppedCount } = memory;
  const all = held + receivedCount;
  for (let left = count; left > 0;) {
    const drawn = left;
    random.fillBits(draws, drawn);
    for (let i = 0; i < drawn; i++) {
      const at = (((draws[i]! >>> 0) * all) / 4294967296) | 0;
      const isNew = 1 - isSame(gone[at]!, stamp);
      const isHeld = isLess(at, held);
      gone[at] = stamp;
      free[freeCount] = at;
      freeCount += isNew & isHeld;
      droppedCount += isNew & (1 - isHeld);
      left -= isNew;
    }
  }
  memory.freeCount = freeCount;
  memory.droppedCount = droppedCount;
}

/** What was received and stays goes into the free slots, or behind the others. */
function store(views: Views, node: number, held: number): void {
  const { received, receivedCount, droppedCount, free, gone, stamp } = memory;
  const { descriptors } = views;
  const base = node * views.capacity;
  let size = held;
  let left = memory.freeCount;
  const staying = receivedCount - droppedCount;
  for (let i = 0, kept = 0; kept < staying && droppedCount > 0; i++) {
    received[kept] = received[i]!;
    kept += 1 - isSame(gone[held + i]!, stamp);
  }
  for (let i = 0; i < staying; i++) {
    descriptors[base + (left > 0 ? free[--left]! : size++)] = received[i]!;
  }
  // More went than came: the last ones close the gaps, from the back, so that no gap is moved.
  if (left > 1) free.subarray(0, left).sort();
  while (left > 0) descriptors[base + free[--left]!] = descriptors[base + --size]!;
  views.sizes[node] = size;
}

function nextStamp(): void {
  memory.stamp += Math.max(1, memory.receivedCount);
  if (memory.stamp <= STAMP_MAX) return;
  memory.table.fill(0);
  memory.gone.fill(0);
  memory.stamp = 1;
}
