/** Basalt in units of time: the rules of the chapter on typed arrays of all nodes. */

import {
  choosePeer,
  clearSlot,
  forgetPeer,
  NOBODY,
  offer,
  takeSamples,
  type Slots,
} from '../../algorithms/basalt/slots.ts';
import type { Random } from '../../core/random.ts';
import { keysOf } from './brahms-engine.ts';
import { fillViews, shuffle, type OverlayEngine } from './engine.ts';

/** A network for {@link BasaltEngine}. */
export interface BasaltNetwork {
  readonly nodes: number;
  readonly viewSize: number;
  /** Slots that give out a sample and are seeded anew together. */
  readonly refresh: number;
  /** Cycles between two refreshes. */
  readonly refreshEvery: number;
  /** False to leave the hit counters out, and talk to the peer of any slot: only to show what they are good for. */
  readonly counted: boolean;
  readonly start: 'random' | 'lattice';
  readonly byzantine: number;
  /** Pushes of each Byzantine node a cycle. */
  readonly force: number;
  readonly random: Random;
}

/** A network of nodes that sample as Basalt does. */
export class BasaltEngine implements OverlayEngine, Slots {
  readonly nodes: number;
  readonly capacity: number;
  readonly viewSize: number;
  readonly alive: Uint8Array;
  readonly byzantine: number;
  readonly seeds: Int32Array;
  readonly peers: Int32Array;
  readonly ranks: Uint32Array;
  readonly hits: Int32Array;
  exchanges = 0;
  hashes = 0;
  readonly #network: BasaltNetwork;
  readonly #keys: Int32Array;
  readonly #order: Int32Array;
  readonly #candidates: Int32Array;
  readonly #candidateKeys: Int32Array;
  readonly #keyOf = (peer: number): number => this.#keys[peer]!;
  #cycle = 0;
  #next = 0;
  #samples = 0;
  #bad = 0;

  constructor(network: BasaltNetwork) {
    const { nodes, viewSize, random, start } = network;
    this.#network = network;
    this.nodes = nodes;
    this.capacity = viewSize;
    this.viewSize = viewSize;
    this.byzantine = network.byzantine;
    this.alive = new Uint8Array(nodes).fill(1);
    this.seeds = new Int32Array(nodes * viewSize);
    this.peers = new Int32Array(nodes * viewSize);
    this.ranks = new Uint32Array(nodes * viewSize);
    this.hits = new Int32Array(nodes * viewSize);
    this.#keys = keysOf(nodes);
    this.#order = Int32Array.from({ length: nodes }, (_, node) => node);
    this.#candidates = new Int32Array(viewSize + 1);
    this.#candidateKeys = new Int32Array(viewSize + 1);
    const known = new Int32Array(nodes * viewSize);
    fillViews(known, nodes, viewSize, start, random);
    for (let node = 0; node < nodes; node++) {
      for (let i = 0; i < viewSize; i++) {
        clearSlot(this, node * viewSize + i, random);
        this.#candidates[i] = known[node * viewSize + i]!;
      }
      if (node >= this.byzantine) this.#offer(node, viewSize);
    }
  }

  degree(node: number): number {
    return node < this.byzantine ? 0 : this.capacity;
  }

  peerAt(slot: number): number {
    return this.peers[slot]!;
  }

  kill(node: number): void {
    this.alive[node] = 0;
  }

  cycle(): void {
    const { random, refresh, refreshEvery } = this.#network;
    shuffle(this.#order, this.nodes, random);
    for (const node of this.#order) {
      if (this.alive[node] === 0) continue;
      if (node < this.byzantine) this.#attack(node);
      else this.#gossip(node);
    }
    this.#cycle++;
    if (this.#cycle % refreshEvery > 0) return;
    for (let node = this.byzantine; node < this.nodes; node++) {
      if (this.alive[node] === 1) this.#sample(node);
    }
    this.#next = (this.#next + refresh) % this.capacity;
  }

  sampledByzantine(): number | undefined {
    return this.#samples === 0 ? undefined : this.#bad / this.#samples;
  }

  /** Counts samples from here on. */
  forgetSamples(): void {
    this.#samples = 0;
    this.#bad = 0;
  }

  /** Pulls from one peer and pushes to another. */
  #gossip(node: number): void {
    const pulled = this.#choose(node);
    if (pulled !== NOBODY) {
      if (this.alive[pulled] === 1) this.#offerFrom(pulled, node);
      else this.#forget(node, pulled);
    }
    const told = this.#choose(node);
    if (told === NOBODY || told < this.byzantine) return;
    if (this.alive[told] === 1) this.#offerFrom(node, told);
    else this.#forget(node, told);
  }

  #choose(node: number): number {
    const { counted, random } = this.#network;
    if (counted) return choosePeer(this, node, random);
    return this.peers[node * this.capacity + random.below(this.capacity)]!;
  }

  /** Floods correct nodes at random with nodes of the adversary. */
  #attack(node: number): void {
    const { force, random } = this.#network;
    for (let i = 0; i < force; i++) {
      const target = this.byzantine + random.below(this.nodes - this.byzantine);
      if (this.alive[target] === 1) this.#offerFrom(node, target);
    }
  }

  /** What `teller` says is its view and itself; one of the adversary's names its own. */
  #offerFrom(teller: number, node: number): void {
    this.exchanges++;
    let count = 0;
    const base = teller * this.capacity;
    for (let i = 0; i < this.capacity; i++) {
      const peer =
        teller < this.byzantine
          ? this.#network.random.below(this.byzantine)
          : this.peers[base + i]!;
      if (peer !== NOBODY && peer !== node) this.#candidates[count++] = peer;
    }
    this.#candidates[count++] = teller;
    this.#offer(node, count);
  }

  #offer(node: number, count: number): void {
    const candidates = this.#candidates;
    const keys = this.#candidateKeys;
    for (let i = 0; i < count; i++) keys[i] = this.#keys[candidates[i]!]!;
    this.hashes += offer(this, node, candidates, keys, count);
  }

  /** A peer that did not answer leaves its slots, which choose again among the others. */
  #forget(node: number, peer: number): void {
    this.hashes += forgetPeer(this, node, peer, this.#keyOf);
  }

  #sample(node: number): void {
    const { random, refresh } = this.#network;
    const note = (evaluations: number) => (this.hashes += evaluations);
    const samples = takeSamples(this, node, this.#next, refresh, random, this.#keyOf, note);
    for (const sample of samples) {
      this.#samples++;
      if (sample < this.byzantine) this.#bad++;
    }
  }
}
