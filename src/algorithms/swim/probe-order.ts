/**
 * In which order a node probes the others: a random order, gone through to its end, then a new one (SWIM, Section 4.3). So a failed node
 * is probed by each other at the latest after 2n − 1 of its periods, which drawing anew each time cannot promise.
 */

import type { Random } from '../../core/random.ts';

/** The order of one node. */
export interface ProbeOrder<P> {
  readonly peers: P[];
  /** Where the next one stands. */
  at: number;
}

/** A newcomer takes a random place among those that are still to come, and is thus probed in this round. */
export function enterOrder<P>(order: ProbeOrder<P>, peer: P, random: Random): void {
  const place = order.at + random.below(order.peers.length - order.at + 1);
  order.peers.splice(place, 0, peer);
}

/** The next that `isWanted`; undefined when nobody is. */
export function nextInOrder<P>(
  order: ProbeOrder<P>,
  isWanted: (peer: P) => boolean,
  random: Random,
): P | undefined {
  // What is left of this round, and the whole of the next one: whoever is wanted stands there.
  for (let looked = 0; looked < 2 * order.peers.length; looked++) {
    if (order.at >= order.peers.length) {
      order.peers.splice(0, order.peers.length, ...random.shuffled(order.peers));
      order.at = 0;
    }
    const peer = order.peers[order.at++]!;
    if (isWanted(peer)) return peer;
  }
  return undefined;
}
