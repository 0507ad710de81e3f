/**
 * The rules of gossip-based peer sampling (Jelasity et al., ACM TOCS 25(3), 2007), as functions on numbers.
 *
 * Peers are whole numbers here, and the views of any number of nodes stand one after the other in plain or typed arrays:
 * the Machine keeps one view in lists, the engine for large networks a million of them in typed arrays, and both follow
 * these lines.
 */

import type { Random } from '../../core/random.ts';
import type { Numbers } from '../roster.ts';
import { nthGreatest } from './nth-greatest.ts';

/** The views of some nodes: node `i` has the slots from `i * capacity`, `sizes[i]` of them filled. */
export interface Views {
  readonly capacity: number;
  readonly peers: Numbers;
  readonly ages: Numbers;
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

/** Ages stop here: they fit into 16 bits, and whoever is older is just as old. */
export const AGE_MAX = 65_535;

/** The smallest view of which half can be sent: the sender itself and nobody else. */
export const VIEW_SIZE_MIN = 2;

/** @throws {RangeError} where the paper's bounds do not hold */
export function checkRules({ viewSize, heal, swap }: GbpsRules): void {
  if (viewSize < VIEW_SIZE_MIN) {
    throw new RangeError(`view_size: ${viewSize} leaves nothing to exchange; it must be 2 or more`);
  }
  const half = Math.floor(viewSize / 2);
  if (heal + swap > half) {
    throw new RangeError(
      `heal: ${heal} and swap: ${swap} together exceed half a view of ${viewSize}: ` +
        `an exchange brings ${half} descriptors, and no more can make room for them`,
    );
  }
}

/** Descriptors in a message: half a view, the sender's own among them. */
export function bufferSize(viewSize: number): number {
  return Math.floor(viewSize / 2);
}

/** Descriptors on their way. */
export interface Buffer {
  readonly peers: Numbers;
  readonly ages: Numbers;
  size: number;
}

/** Room for a message. */
export function createBuffer(viewSize: number): Buffer {
  const size = bufferSize(viewSize);
  return { peers: new Int32Array(size), ages: new Uint16Array(size), size: 0 };
}

/** Memory that an exchange needs while it lasts; one serves any number of nodes, one after the other. */
export interface Workspace {
  /** What was received and may stay. */
  readonly peers: Int32Array;
  readonly ages: Uint16Array;
  /** Slots of the view that became free. */
  readonly free: Int32Array;
  /** Bears the stamp for each slot of the view, then for each place in `peers`, whose descriptor goes. */
  readonly gone: Int32Array;
  readonly sorted: Uint16Array;
  /** A hash table from peer to its place in `peers`, plus the stamp times the length of `peers`: less than that is of an earlier exchange. */
  readonly table: Int32Array;
  /** Another for each exchange, so that nothing needs to be cleared. */
  stamp: number;
}

/** A workspace for views of this size. */
export function createWorkspace(viewSize: number): Workspace {
  const received = bufferSize(viewSize);
  const all = viewSize + received;
  // Eight times as many places as descriptors: hardly two of them collide.
  let places = 8;
  while (places < 8 * received) places *= 2;
  return {
    peers: new Int32Array(received),
    ages: new Uint16Array(received),
    free: new Int32Array(viewSize),
    gone: new Int32Array(all),
    sorted: new Uint16Array(all),
    table: new Int32Array(places),
    stamp: 0,
  };
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
  const size = views.sizes[node]!;
  if (size === 0) return -1;
  const base = node * views.capacity;
  const first = random.below(size);
  if (selection === 'rand') {
    for (let step = 0; step < size; step++) {
      // The first is any; where it is gone, so are its chances, and another is drawn from the rest.
      const slot = step === 0 ? first : random.below(size);
      const peer = views.peers[base + slot]!;
      if (isLive === undefined || isLive(peer)) return peer;
    }
  }
  // From a random place on, so that the order of the slots favours nobody among equals.
  let oldest = -1;
  let age = -1;
  for (let step = 0; step < size; step++) {
    const slot = base + ((first + step) % size);
    const peer = views.peers[slot]!;
    if (views.ages[slot]! > age && (isLive === undefined || isLive(peer))) {
      oldest = peer;
      age = views.ages[slot]!;
    }
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
  workspace: Workspace,
  buffer: Buffer,
): void {
  const { peers, ages, capacity } = views;
  const size = views.sizes[node]!;
  const base = node * capacity;
  let young = size;
  if (heal > 0 && heal < size) {
    moveOldestToEnd(views, node, heal, random, workspace);
    young -= heal;
  }
  const count = Math.min(size, bufferSize(viewSize) - 1);
  buffer.peers[0] = self;
  buffer.ages[0] = 0;
  let bits = 0;
  for (let i = 0; i < count; i++) {
    if (i < young - 1) {
      // One draw serves for two slots: 16 bits are plenty to choose among so few.
      bits = (i & 1) === 0 ? random.bits() : bits >>> 16;
      swapSlots(peers, ages, base + i, base + i + (((bits & 0xffff) * (young - i)) >>> 16));
    }
    buffer.peers[i + 1] = peers[base + i]!;
    buffer.ages[i + 1] = ages[base + i]!;
  }
  buffer.size = count + 1;
}

/** Brings these peers to the head of the view, as far as they are still in it; how many are. */
export function moveToHead(views: Views, node: number, wanted: readonly number[]): number {
  const { peers, ages } = views;
  const base = node * views.capacity;
  const end = base + views.sizes[node]!;
  let head = base;
  for (let i = base; i < end; i++) {
    if (wanted.includes(peers[i]!)) swapSlots(peers, ages, i, head++);
  }
  return head - base;
}

/** Everything in the view grows older. The paper does so once in each thread, active and passive, after its exchange. */
export function increaseAges(views: Views, node: number, by = 1): void {
  const base = node * views.capacity;
  const end = base + views.sizes[node]!;
  const { ages } = views;
  for (let i = base; i < end; i++) ages[i] = Math.min(AGE_MAX, ages[i]! + by);
}

/** Forgets a peer that did not answer. */
export function removePeer(views: Views, node: number, peer: number): void {
  const { peers, ages } = views;
  const base = node * views.capacity;
  const last = base + views.sizes[node]! - 1;
  for (let i = base; i <= last; i++) {
    if (peers[i] !== peer) continue;
    swapSlots(peers, ages, i, last);
    views.sizes[node] = last - base;
    return;
  }
}

/** Which of several equally old ones go to the end is left to chance: the search for them begins anywhere. */
function moveOldestToEnd(
  views: Views,
  node: number,
  heal: number,
  random: Random,
  { sorted }: Workspace,
): void {
  const { peers, ages, capacity } = views;
  const size = views.sizes[node]!;
  const base = node * capacity;
  for (let i = 0; i < size; i++) sorted[i] = ages[base + i]!;
  const limit = nthGreatest(sorted, size, heal);
  let equals = heal;
  for (let i = 0; i < size; i++) if (sorted[i]! > limit) equals--;
  // Turning the view by a random distance first makes `the first ones` any ones.
  for (let i = random.below(size), left = size; left > 0; left--, i = i + 1 === size ? 0 : i + 1) {
    if (ages[base + i] === limit && equals > 0) {
      equals--;
      sorted[i] = 1;
    } else {
      sorted[i] = ages[base + i]! > limit ? 1 : 0;
    }
  }
  let back = size - 1;
  for (let front = 0; front < size - heal; front++) {
    if (sorted[front] === 0) continue;
    while (sorted[back] === 1) back--;
    swapSlots(peers, ages, base + front, base + back);
    back--;
  }
}

function swapSlots(peers: Numbers, ages: Numbers, i: number, j: number): void {
  const peer = peers[i]!;
  peers[i] = peers[j]!;
  peers[j] = peer;
  const age = ages[i]!;
  ages[i] = ages[j]!;
  ages[j] = age;
}
