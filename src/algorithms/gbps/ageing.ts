/** How descriptors grow older. */

import { ageLimit, peerMask } from './descriptor.ts';
import type { Views } from './policy.ts';

/** Everything in the view grows older. The paper does so once in each thread, active and passive, after its exchange. */
export function increaseAges(views: Views, node: number, by = 1): void {
  const { descriptors, peerBits } = views;
  const base = node * views.capacity;
  const end = base + views.sizes[node]!;
  const limit = ageLimit(peerBits);
  const step = Math.min(by, limit);
  const mask = peerMask(peerBits);
  const last = greatestThatAges(step, peerBits);
  for (let i = base; i < end; i++) {
    const descriptor = descriptors[i]!;
    descriptors[i] =
      descriptor <= last
        ? descriptor + (step << peerBits)
        : (descriptor & mask) | (limit << peerBits);
  }
}

/** The greatest descriptor that can grow by so much; nobody gets older than the limit. Less than any where none can. */
export function greatestThatAges(by: number, peerBits: number): number {
  return by > ageLimit(peerBits)
    ? -1
    : ((ageLimit(peerBits) - by) << peerBits) | peerMask(peerBits);
}
