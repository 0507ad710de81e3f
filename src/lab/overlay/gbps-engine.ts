/** GBPS in cycles: the rules of the chapter on typed arrays of all nodes. */

import { increaseAges } from '../../algorithms/gbps/ageing.ts';
import { peerBitsFor, peerOf } from '../../algorithms/gbps/descriptor.ts';
import { mergeBuffer } from '../../algorithms/gbps/merge-buffer.ts';
import { fillBuffer, removePeer, selectPeer } from '../../algorithms/gbps/partial-view.ts';
import {
  bufferSize,
  createBuffer,
  type Buffer,
  type GbpsRules,
  type Views,
} from '../../algorithms/gbps/policy.ts';
import type { Random } from '../../core/random.ts';
import { fillViews, shuffle, type OverlayEngine, type Start } from './engine.ts';

/** What happens when a node picks a peer that is dead. */
export type OnFailed =
  /** It can tell, and picks among the living: the paper's assumption. */
  | 'skip'
  /** Its turn is wasted, and it forgets the peer: what a timeout does. */
  | 'remove'
  /** Its turn is wasted. */
  | 'keep';

/** A network for {@link GbpsEngine}. */
export interface GbpsNetwork extends GbpsRules {
  readonly nodes: number;
  /** False for push alone. */
  readonly pull: boolean;
  readonly onFailed: OnFailed;
  readonly start: Start;
  /** How many nodes, the first ones, work for the adversary. */
  readonly byzantine: number;
  /** Pushes of each of them a cycle. */
  readonly force: number;
  readonly random: Random;
}

/** With `growing`, a hundredth of the nodes joins in each cycle: the paper's 100 of 10⁴. */
const GROWTH = 100;

/** A network of nodes that sample by {@link GbpsRules}. */
export class GbpsEngine implements OverlayEngine, Views {
  readonly nodes: number;
  readonly capacity: number;
  readonly descriptors: Int32Array;
  readonly peerBits: number;
  readonly sizes: Uint16Array;
  readonly alive: Uint8Array;
  readonly byzantine: number;
  readonly hashes = 0;
  exchanges = 0;
  readonly #network: GbpsNetwork;
  readonly #order: Int32Array;
  readonly #sent: Buffer;
  readonly #answered: Buffer;
  readonly #isLive = (peer: number): boolean => this.alive[peer] === 1;
  #joined: number;
  #deaths = 0;

  constructor(network: GbpsNetwork) {
    const { nodes, viewSize, start, random } = network;
    this.#network = network;
    this.nodes = nodes;
    this.capacity = viewSize;
    this.byzantine = network.byzantine;
    this.peerBits = peerBitsFor(nodes);
    this.descriptors = new Int32Array(nodes * viewSize);
    this.sizes = new Uint16Array(nodes);
    this.alive = new Uint8Array(nodes);
    this.#order = Int32Array.from({ length: nodes }, (_, node) => node);
    this.#sent = createBuffer(viewSize);
    this.#answered = createBuffer(viewSize);
    this.#joined = start === 'growing' ? 1 : nodes;
    this.alive.fill(1, 0, this.#joined);
    if (start === 'growing') return;
    // A peer that was never heard of before has the age 0, and is its own descriptor.
    fillViews(this.descriptors, nodes, viewSize, start, random);
    this.sizes.fill(viewSize);
  }

  degree(node: number): number {
    return this.sizes[node]!;
  }

  peerAt(slot: number): number {
    return peerOf(this.descriptors[slot]!, this.peerBits);
  }

  kill(node: number): void {
    if (this.alive[node] === 1) this.#deaths++;
    this.alive[node] = 0;
  }

  cycle(): void {
    if (this.#joined < this.nodes) this.#grow();
    const order = this.#order;
    shuffle(order, this.#joined, this.#network.random);
    for (let i = 0; i < this.#joined; i++) {
      const node = order[i]!;
      if (this.alive[node] === 0) continue;
      if (node < this.byzantine) this.#attack();
      else this.#gossip(node);
    }
  }

  /** The newcomers know the first node, and nobody else. */
  #grow(): void {
    const until = Math.min(this.nodes, this.#joined + Math.max(1, Math.round(this.nodes / GROWTH)));
    for (; this.#joined < until; this.#joined++) {
      this.alive[this.#joined] = 1;
      this.sizes[this.#joined] = 1;
      this.descriptors[this.#joined * this.capacity] = 0;
    }
  }

  /** The active thread, and the passive one at the other end. */
  #gossip(node: number): void {
    const { selection, onFailed, random } = this.#network;
    const isLive = this.#deaths > 0 && onFailed === 'skip' ? this.#isLive : undefined;
    const peer = selectPeer(this, node, selection, random, isLive);
    if (peer < 0) return;
    if (this.alive[peer] === 0) {
      if (onFailed === 'remove') removePeer(this, node, peer);
      increaseAges(this, node);
      return;
    }
    this.exchanges++;
    fillBuffer(this, node, node, this.#network, random, this.#sent);
    this.#receive(peer, this.#sent);
    if (this.#network.pull) {
      mergeBuffer(this, node, node, this.#network, random, this.#answered, 1, this.#sent);
    } else {
      increaseAges(this, node);
    }
  }

  /** The passive thread; with pull, the answer is in `#answered`. */
  #receive(peer: number, buffer: Buffer): void {
    const { random, pull } = this.#network;
    if (peer < this.byzantine) {
      this.#lie(this.#answered);
      return;
    }
    if (pull) fillBuffer(this, peer, peer, this.#network, random, this.#answered);
    const sent = pull ? this.#answered : undefined;
    mergeBuffer(this, peer, peer, this.#network, random, buffer, 1, sent);
  }

  /** Pushes descriptors of the adversary's nodes, all new, to correct nodes at random. */
  #attack(): void {
    const { random, force } = this.#network;
    for (let push = 0; push < force; push++) {
      const target = this.byzantine + random.below(this.nodes - this.byzantine);
      if (this.alive[target] === 0) continue;
      this.exchanges++;
      this.#lie(this.#sent);
      this.#receive(target, this.#sent);
    }
  }

  #lie(buffer: Buffer): void {
    const { descriptors } = buffer;
    buffer.size = bufferSize(this.#network.viewSize);
    for (let i = 0; i < buffer.size; i++) {
      descriptors[i] = this.#network.random.below(this.byzantine);
    }
  }
}
