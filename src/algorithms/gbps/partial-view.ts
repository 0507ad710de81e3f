/**
 * The rules of gossip-based peer sampling (Jelasity et al., ACM TOCS 25(3), 2007), as functions on numbers.
 *
 * Peers are whole numbers here, and the views of any number of nodes stand one after the other in plain or typed arrays:
 * the Machine keeps one view in lists, the engine for large networks a million of them in typed arrays, and both follow
 * these lines.
 */

import type { Random } from '../../core/random.ts';
import { inFile, type Numbers } from '../roster.ts';
import { findAgeLimit } from './age-limit.ts';
import { isLess, isSame } from './branchless.ts';
import { ageLimit, peerMask, peerOf } from './descriptor.ts';

/** The views of some nodes: node `i` has the slots from `i * capacity`, `sizes[i]` of them filled. */
export interface Views {
  readonly capacity: number;
  /** Packed, as `descriptor.ts` says. */
  readonly descriptors: Numbers;
  readonly peerBits: number;
  readonly sizes: Numbers;
}

/** The parameters, by the paper's letters: c, H and S. */
export interface GbpsRules {
  readonly viewSize: number;
  readonly heal: number;
  readonly swap: number;
  /** `rand` picks any peer of the view, `old` the one heard of longest ago (the paper's `tail`). */
  readonly selection: 'rand' | 'old';
}

/** The smallest view of which half can be sent: the sender itself and nobody else. */
export const VIEW_SIZE_MIN = 2;
/** A larger one would not be partial any more. The memory that an exchange needs is set aside for as many. */
export const VIEW_SIZE_MAX = 10_000;

/**
 * What is written down while a buffer is filled. It means nothing from one call to the next, so one serves all nodes. A constant of the
 * module, because engines then know where it is: an exchange takes two thirds of the time that it takes with memory passed to it.
 */
const memory = {
  ages: new Uint16Array(VIEW_SIZE_MAX),
  isOld: new Uint8Array(VIEW_SIZE_MAX),
  ties: new Int32Array(VIEW_SIZE_MAX),
  misplaced: new Int32Array(VIEW_SIZE_MAX),
  places: new Int32Array(VIEW_SIZE_MAX),
  draws: new Int32Array(VIEW_SIZE_MAX),
};

/** @throws {RangeError} where the paper's bounds do not hold, with what to do about it */
export function checkRules({ viewSize, heal, swap }: GbpsRules, written = inFile): void {
  const view = written('view_size', viewSize);
  if (viewSize < VIEW_SIZE_MIN) {
    throw new RangeError(`${view} leaves nothing to exchange; it must be ${VIEW_SIZE_MIN} or more`);
  }
  if (viewSize > VIEW_SIZE_MAX) {
    throw new RangeError(`${view} is no partial view; ${VIEW_SIZE_MAX} at most`);
  }
  const half = bufferSize(viewSize);
  if (heal + swap > half) {
    throw new RangeError(
      `${written('heal', heal)} and ${written('swap', swap)} together exceed half a view of ${viewSize}: ` +
        `an exchange brings ${half} descriptors, and no more can make room for them; ` +
        `lower one of the two, or write ${written('view_size', 2 * (heal + swap))} at least`,
    );
  }
}

/** Descriptors in a message: half a view, the sender's own among them. */
export function bufferSize(viewSize: number): number {
  return Math.floor(viewSize / 2);
}

/** Descriptors on their way, packed as those of the views that they come from and go to. */
export interface Buffer {
  readonly descriptors: Int32Array;
  size: number;
}

/** Room for a message. */
export function createBuffer(viewSize: number): Buffer {
  return { descriptors: new Int32Array(bufferSize(viewSize)), size: 0 };
}

/**
 * Whom to gossip with: the paper's `selectPeer()`.
 *
 * @param isLive leaves out who is known to be gone; the paper assumes that this can be told
 * @returns −1 when there is nobody
 */
export function selectPeer(
  views: Views,
  node: number,
  selection: GbpsRules['selection'],
  random: Random,
  isLive?: (peer: number) => boolean,
): number {
  const { descriptors, peerBits } = views;
  const size = views.sizes[node]!;
  if (size === 0) return -1;
  const base = node * views.capacity;
  const mask = peerMask(peerBits);
  const first = random.below(size);
  if (selection === 'rand') {
    for (let step = 0; step < size; step++) {
      // The first is any; where it is gone, so are its chances, and another is drawn from the rest.
      const slot = step === 0 ? first : random.below(size);
      const peer = descriptors[base + slot]! & mask;
      if (isLive === undefined || isLive(peer)) return peer;
    }
  }
  // From a random place on, so that the order of the slots favours nobody among equals.
  let oldest = -1;
  let age = -1;
  for (let left = size, slot = first; left > 0; left--, slot = slot + 1 === size ? 0 : slot + 1) {
    const descriptor = descriptors[base + slot]!;
    if (descriptor >> peerBits <= age) continue;
    const peer = descriptor & mask;
    if (isLive !== undefined && !isLive(peer)) continue;
    oldest = peer;
    age = descriptor >> peerBits;
  }
  return oldest;
}

/**
 * What to send: the node itself, new, and half a view less one of the others. The paper shuffles the view, moves the `heal`
 * oldest to its end and sends its head; here the head alone is drawn, for nobody looks at the order of the rest.
 */
export function fillBuffer(
  views: Views,
  node: number,
  self: number,
  { viewSize, heal }: GbpsRules,
  random: Random,
  buffer: Buffer,
): void {
  const { descriptors, capacity } = views;
  const { draws } = memory;
  const sent = buffer.descriptors;
  const size = views.sizes[node]!;
  const base = node * capacity;
  let young = size;
  if (heal > 0 && heal < size) {
    moveOldestToEnd(views, node, heal, random);
    young -= heal;
  }
  const count = Math.min(size, bufferSize(viewSize) - 1);
  sent[0] = self;
  const drawn = Math.min(count, young - 1);
  // One draw serves for two slots: 16 bits are plenty to choose among so few.
  random.fillBits(draws, (drawn + 1) >> 1);
  for (let i = 0; i < drawn; i++) {
    const bits = (draws[i >> 1]! >>> ((i & 1) << 4)) & 0xffff;
    const at = base + i;
    const other = at + ((bits * (young - i)) >>> 16);
    const descriptor = descriptors[other]!;
    descriptors[other] = descriptors[at]!;
    descriptors[at] = descriptor;
    sent[i + 1] = descriptor;
  }
  for (let i = Math.max(0, drawn); i < count; i++) sent[i + 1] = descriptors[base + i]!;
  buffer.size = count + 1;
}

/** Brings these peers to the head of the view, as far as they are still in it; how many are. */
export function moveToHead(views: Views, node: number, wanted: readonly number[]): number {
  const { descriptors, peerBits } = views;
  const base = node * views.capacity;
  const end = base + views.sizes[node]!;
  let head = base;
  for (let i = base; i < end; i++) {
    if (wanted.includes(peerOf(descriptors[i]!, peerBits))) swapSlots(descriptors, i, head++);
  }
  return head - base;
}

/** Everything in the view grows older. The paper does so once in each thread, active and passive, after its exchange. */
export function increaseAges(views: Views, node: number, by = 1): void {
  const { descriptors, peerBits } = views;
  const base = node * views.capacity;
  const end = base + views.sizes[node]!;
  const limit = ageLimit(peerBits);
  const step = Math.min(by, limit);
  const mask = peerMask(peerBits);
  // The greatest that can grow by a whole step; nobody gets older than the limit.
  const last = ((limit - step) << peerBits) | mask;
  for (let i = base; i < end; i++) {
    const descriptor = descriptors[i]!;
    descriptors[i] =
      descriptor <= last
        ? descriptor + (step << peerBits)
        : (descriptor & mask) | (limit << peerBits);
  }
}

/** Forgets a peer that did not answer. */
export function removePeer(views: Views, node: number, peer: number): void {
  const { descriptors, peerBits } = views;
  const base = node * views.capacity;
  const last = base + views.sizes[node]! - 1;
  for (let i = base; i <= last; i++) {
    if (peerOf(descriptors[i]!, peerBits) !== peer) continue;
    swapSlots(descriptors, i, last);
    views.sizes[node] = last - base;
    return;
  }
}

/**
 * Which of several equally old ones go to the end is left to chance. Written without a branch for each descriptor: which ones are old
 * is anybody's guess, a processor's too, and wrong guesses would take most of the time.
 */
function moveOldestToEnd(views: Views, node: number, heal: number, random: Random): void {
  const { descriptors, peerBits } = views;
  const { ages, isOld, ties, misplaced, places } = memory;
  const size = views.sizes[node]!;
  const base = node * views.capacity;
  const young = size - heal;
  for (let i = 0; i < size; i++) ages[i] = descriptors[base + i]! >> peerBits;
  const { age: oldest, taken } = findAgeLimit(ages, size, heal);
  // Turning the view by a random distance makes `the first of the equals` any of them.
  const turn = random.below(size);
  let equals = 0;
  let first = 0;
  for (let i = 0; i < size; i++) {
    const age = descriptors[base + i]! >> peerBits;
    isOld[i] = isLess(oldest, age);
    ties[equals] = i;
    const isTie = isSame(oldest, age);
    equals += isTie;
    first += isTie & isLess(i, turn);
  }
  for (let i = 0; i < taken; i++) isOld[ties[(first + i) % equals]!] = 1;
  // As many old ones stand in front as young ones at the end: they change places.
  let count = 0;
  for (let i = 0; i < young; i++) {
    misplaced[count] = i;
    count += isOld[i]!;
  }
  let found = 0;
  for (let i = size - 1; i >= young; i--) {
    places[found] = i;
    found += 1 - isOld[i]!;
  }
  for (let i = 0; i < count; i++) swapSlots(descriptors, base + misplaced[i]!, base + places[i]!);
}

function swapSlots(descriptors: Numbers, i: number, j: number): void {
  const descriptor = descriptors[i]!;
  descriptors[i] = descriptors[j]!;
  descriptors[j] = descriptor;
}
