/**
 * What every cycle engine is: a network of nodes that gossip once a cycle, all in a few typed arrays, without messages or time.
 *
 * A cycle is the unit of the papers: every living node acts once, in random order, and an exchange happens at one stroke. That is
 * what makes a million nodes fit into one thread; what a network does between two events is the simulator's business.
 */

import type { Random } from '../../core/random.ts';

/** One network, ready for its next cycle. */
export interface OverlayEngine {
  /** All nodes, the dead and those still to come among them. */
  readonly nodes: number;
  /** 1 for a node that lives. */
  readonly alive: Uint8Array;
  /** 1 for a node that works for the adversary; those come first: `byzantine` of them. */
  readonly byzantine: number;
  /** Slots of a node: its view has those from `node * capacity`. */
  readonly capacity: number;
  /** Who is in a slot; −1 where it is empty. */
  peerAt(slot: number): number;
  /** How many slots of a node may be filled, from its first. */
  degree(node: number): number;
  /** Everybody acts once. */
  cycle(): void;
  /** This node is gone from now on; nobody is told. */
  kill(node: number): void;
  /** Exchanges so far: a node asked or told another and was heard. */
  readonly exchanges: number;
  /** Evaluations of a ranking function so far; 0 where there is none. */
  readonly hashes: number;
  /** The share of Byzantine nodes in what correct nodes gave out as samples; undefined where a sampler gives out none. */
  sampledByzantine?(): number | undefined;
  /** Counts samples from here on, where samples are given out one by one. */
  forgetSamples?(): void;
}

/** How the views look before the first cycle. */
export type Start = 'random' | 'lattice' | 'growing';

/** Fills all views: `random` peers, all different, or on the `lattice` the nearest neighbours of a ring. */
export function fillViews(
  peers: Int32Array,
  nodes: number,
  size: number,
  start: 'random' | 'lattice',
  random: Random,
): void {
  const stride = peers.length / nodes;
  for (let node = 0; node < nodes; node++) {
    const base = node * stride;
    for (let i = 0; i < size; i++) {
      peers[base + i] =
        start === 'lattice'
          ? latticePeer(node, i, nodes)
          : anotherPeer(peers, base, i, node, nodes, random);
    }
  }
}

/** One to the right, one to the left, two to the right … */
function latticePeer(node: number, i: number, nodes: number): number {
  const distance = (i >> 1) + 1;
  return (node + (i % 2 === 0 ? distance : nodes - distance)) % nodes;
}

function anotherPeer(
  peers: Int32Array,
  base: number,
  filled: number,
  self: number,
  nodes: number,
  random: Random,
): number {
  for (;;) {
    const peer = random.below(nodes);
    if (peer === self) continue;
    let isKnown = false;
    for (let i = base; i < base + filled && !isKnown; i++) isKnown = peers[i] === peer;
    if (!isKnown) return peer;
  }
}

/** Puts `order` into random order. */
export function shuffle(order: Int32Array, count: number, random: Random): void {
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const node = order[i]!;
    order[i] = order[j]!;
    order[j] = node;
  }
}
