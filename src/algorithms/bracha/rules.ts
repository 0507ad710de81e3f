/** What is decided on the way to a delivery: who counts, and how many are enough. */

import type { NodeId } from '../../core/id.ts';
import { amplification, deliveryQuorum, echoQuorum } from './quorums.ts';

/** Rules of {@link Bracha}. */
export const rules = {
  echoQuorum,
  amplification,
  deliveryQuorum,
  hear,
  supporters,
};

/** The first word of each node counts: a liar's second word must not count for another value. */
function hear(words: Map<NodeId, string>, from: NodeId, value: string): boolean {
  if (words.has(from)) return false;
  words.set(from, value);
  return true;
}

/** How many nodes said `value`. */
function supporters(words: ReadonlyMap<NodeId, string>, value: string): number {
  let result = 0;
  for (const word of words.values()) if (word === value) result++;
  return result;
}
