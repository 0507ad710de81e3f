/**
 * What is sent where nodes heal. Their views stand in order of age, so that the oldest are the end of a view and nobody has to look for
 * them.
 */

import type { Random } from '../../core/random.ts';
import type { Numbers } from '../roster.ts';
import { isLess } from './branchless.ts';
import { bufferSize, VIEW_SIZE_MAX, type Buffer, type GbpsRules, type Views } from './policy.ts';

const draws = new Int32Array(VIEW_SIZE_MAX);

/**
 * The node itself, and half a view less one of the others, in order of age: any of the young, and of the `heal` oldest only for want of
 * young ones.
 */
export function fillFromYoung(
  views: Views,
  node: number,
  self: number,
  { viewSize, heal, swap }: GbpsRules,
  random: Random,
  buffer: Buffer,
): void {
  const base = node * views.capacity;
  const size = views.sizes[node]!;
  const young = heal < size ? size - heal : size;
  if (young < size) mixEquals(views, base, size, young, random);
  const count = Math.min(size, bufferSize(viewSize) - 1);
  buffer.descriptors[0] = self;
  buffer.size = 1;
  take(views, base, 0, young, Math.min(count, young), random, buffer);
  // Marks are looked at by who swaps.
  if (swap > 0 || count > young) {
    take(views, base, young, size, count + 1 - buffer.size, random, buffer);
  }
}

/** Marks and copies `count` of the slots from `from` to `to`, each as likely as any other, in their order. */
function take(
  { descriptors }: Views,
  base: number,
  from: number,
  to: number,
  count: number,
  random: Random,
  buffer: Buffer,
): void {
  const { marks } = buffer;
  const sent = buffer.descriptors;
  // One draw serves for two slots. Where all or none are taken, any will do.
  if (count > 0 && count < to - from) random.fillBits(draws, (to - from + 1) >> 1);
  let taken = buffer.size;
  let left = count;
  for (let slot = from; slot < to; slot++) {
    const draw = slot - from;
    const bits = (draws[draw >> 1]! >>> ((draw & 1) << 4)) & 0xffff;
    // Knuth's selection sampling (TAOCP 2, 3.4.2, S), without a branch.
    const isTaken = isLess(Math.imul(bits, to - slot), left << 16);
    marks[slot] = isTaken;
    sent[taken] = descriptors[base + slot]!;
    taken += isTaken;
    left -= isTaken;
  }
  buffer.size = taken;
}

/** Who of several that are equally old is among the young is left to chance: as many draws as the smaller part of them. */
function mixEquals(
  { descriptors, peerBits }: Views,
  base: number,
  size: number,
  young: number,
  random: Random,
): void {
  const cut = base + young;
  const age = descriptors[cut]! >> peerBits;
  let first = cut;
  while (first > base && descriptors[first - 1]! >> peerBits === age) first--;
  if (first === cut) return;
  let end = cut + 1;
  while (end < base + size && descriptors[end]! >> peerBits === age) end++;
  if (cut - first <= end - cut) {
    for (let i = first; i < cut; i++) swap(descriptors, i, i + random.below(end - i));
  } else {
    for (let i = end - 1; i >= cut; i--) swap(descriptors, i, first + random.below(i - first + 1));
  }
}

function swap(descriptors: Numbers, i: number, j: number): void {
  const descriptor = descriptors[i]!;
  descriptors[i] = descriptors[j]!;
  descriptors[j] = descriptor;
}
