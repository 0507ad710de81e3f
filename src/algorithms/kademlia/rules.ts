/** The decisions of Kademlia. */

import { commonPrefix, type Position } from './positions.ts';

/** Which bucket of a node another belongs to: the number of bits that they have in common. */
function bucketOf(own: Position, other: Position): number {
  return commonPrefix(own, other);
}

/** Whether a bucket takes one more. */
function hasRoom(size: number, k: number): boolean {
  return size < k;
}

/** Whether a lookup with so many questions under way asks one more. */
function mayAsk(asking: number, alpha: number): boolean {
  return asking < alpha;
}

/** Rules of {@link Kademlia}. */
export const rules = { bucketOf, hasRoom, mayAsk };
