/**
 * The rules of gossip-based peer sampling (Jelasity et al., ACM TOCS 25(3), 2007), as functions on numbers.
 *
 * Peers are whole numbers here, and the views of any number of nodes stand one after the other in plain or typed arrays:
 * the Machine keeps one view in lists, the engine for large networks a million of them in typed arrays, and both follow
 * these lines.
 */

import type { Random } from '../../core/random.ts';
import type { Numbers } from '../roster.ts';
import { fillFromYoung } from './by-age.ts';
import { peerMask, peerOf } from './descriptor.ts';
import { bufferSize, VIEW_SIZE_MAX, type Buffer, type GbpsRules, type Views } from './policy.ts';

/**
 * What is drawn while a buffer is filled. It means nothing from one call to the next, so one serves all nodes. A constant of the
 * module, because engines then know where it is: an exchange takes two thirds of the time that it takes with memory passed to it.
 */
const draws = new Int32Array(VIEW_SIZE_MAX);

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
  rules: GbpsRules,
  random: Random,
  buffer: Buffer,
): void {
  if (rules.heal > 0) {
    fillFromYoung(views, node, self, rules, random, buffer);
    return;
  }
  const { descriptors, capacity } = views;
  const sent = buffer.descriptors;
  const size = views.sizes[node]!;
  const base = node * capacity;
  const count = Math.min(size, bufferSize(rules.viewSize) - 1);
  sent[0] = self;
  const drawn = Math.min(count, size - 1);
  // One draw serves for two slots: 16 bits are plenty to choose among so few.
  random.fillBits(draws, (drawn + 1) >> 1);
  for (let i = 0; i < drawn; i++) {
    const bits = (draws[i >> 1]! >>> ((i & 1) << 4)) & 0xffff;
    const at = base + i;
    const other = at + ((bits * (size - i)) >>> 16);
    const descriptor = descriptors[other]!;
    descriptors[other] = descriptors[at]!;
    descriptors[at] = descriptor;
    sent[i + 1] = descriptor;
  }
  for (let i = Math.max(0, drawn); i < count; i++) sent[i + 1] = descriptors[base + i]!;
  buffer.size = count + 1;
}

/** Finds again what a buffer was filled with, as far as these peers are still in the view: others may have written meanwhile. */
export function findSent(
  views: Views,
  node: number,
  wanted: readonly number[],
  { heal }: GbpsRules,
  sent: Buffer,
): void {
  const { descriptors, peerBits } = views;
  const base = node * views.capacity;
  sent.size = 1;
  for (let slot = 0; slot < views.sizes[node]!; slot++) {
    const isSent = wanted.includes(peerOf(descriptors[base + slot]!, peerBits));
    sent.marks[slot] = isSent ? 1 : 0;
    if (!isSent) continue;
    // Where nobody heals, what was sent stands at the head.
    if (heal === 0) swapSlots(descriptors, base + slot, base + sent.size - 1);
    sent.size++;
  }
}

/** Forgets a peer that did not answer. The others keep their order. */
export function removePeer(views: Views, node: number, peer: number): void {
  const { descriptors, peerBits } = views;
  const base = node * views.capacity;
  const end = base + views.sizes[node]!;
  let kept = base;
  for (let i = base; i < end; i++) {
    const descriptor = descriptors[i]!;
    descriptors[kept] = descriptor;
    if (peerOf(descriptor, peerBits) !== peer) kept++;
  }
  views.sizes[node] = kept - base;
}

function swapSlots(descriptors: Numbers, i: number, j: number): void {
  const descriptor = descriptors[i]!;
  descriptors[i] = descriptors[j]!;
  descriptors[j] = descriptor;
}
