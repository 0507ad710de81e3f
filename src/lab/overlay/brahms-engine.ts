/** Brahms in rounds: the rules of the chapter on typed arrays of all nodes. */

import {
  clearSampler,
  NOBODY,
  renewedView,
  sharesOf,
  showSamplers,
  type BrahmsRules,
  type Samplers,
  type Shares,
} from '../../algorithms/brahms/rounds.ts';
import { hashText, type Random } from '../../core/random.ts';
import { fillViews, type OverlayEngine } from './engine.ts';
import { Seen } from './seen.ts';

/** A network for {@link BrahmsEngine}. */
export interface BrahmsNetwork extends BrahmsRules {
  readonly nodes: number;
  readonly start: 'random' | 'lattice';
  readonly byzantine: number;
  /** Pushes of each Byzantine node a round. */
  readonly force: number;
  /** Pushes that a correct node sends in a round, and pulls as many; 0 for the paper's α·l₁ and β·l₁. */
  readonly messages: number;
  /** Samplers that give out their sample and are seeded anew together; the paper's keep theirs, that is 0. */
  readonly refresh: number;
  /** Rounds between two refreshes. */
  readonly refreshEvery: number;
  readonly random: Random;
}

/** A network of nodes that sample by {@link BrahmsRules}. */
export class BrahmsEngine implements OverlayEngine {
  readonly nodes: number;
  readonly capacity: number;
  readonly peers: Int32Array;
  readonly alive: Uint8Array;
  readonly byzantine: number;
  readonly samplers: Samplers;
  exchanges = 0;
  hashes = 0;
  /** Correct nodes that had too many pushes in the last round. */
  blocked = 0;
  readonly #network: BrahmsNetwork;
  readonly #shares: Shares;
  readonly #sent: Pick<Shares, 'pushes' | 'pulls'>;
  readonly #sizes: Uint16Array;
  readonly #keys: Int32Array;
  readonly #seen: Seen;
  /** Pushes of the round: how many reached each node, and the first of them, as many as its view can hold. */
  readonly #pushes: Int32Array;
  readonly #pushed: Int32Array;
  readonly #pulled: Int32Array;
  /** The views that the round began with, for it renews them one by one. */
  readonly #before: Int32Array;
  #round = 0;
  #next = 0;
  #samples = 0;
  #bad = 0;

  constructor(network: BrahmsNetwork) {
    const { nodes, viewSize, samplerSize, start, random, messages } = network;
    this.#network = network;
    this.#shares = sharesOf(network);
    this.#sent = messages > 0 ? { pushes: messages, pulls: messages } : this.#shares;
    this.nodes = nodes;
    this.capacity = viewSize;
    this.byzantine = network.byzantine;
    this.peers = new Int32Array(nodes * viewSize);
    this.#before = new Int32Array(nodes * viewSize);
    this.#sizes = new Uint16Array(nodes).fill(viewSize);
    this.alive = new Uint8Array(nodes).fill(1);
    this.samplers = {
      samplerSize,
      seeds: new Int32Array(nodes * samplerSize),
      peers: new Int32Array(nodes * samplerSize),
      ranks: new Float64Array(nodes * samplerSize),
    };
    for (let at = 0; at < nodes * samplerSize; at++) clearSampler(this.samplers, at, random);
    this.#keys = keysOf(nodes);
    this.#seen = new Seen(nodes);
    this.#pushes = new Int32Array(nodes);
    this.#pushed = new Int32Array(nodes * viewSize);
    this.#pulled = new Int32Array(this.#sent.pulls * viewSize);
    fillViews(this.peers, nodes, viewSize, start, random);
    for (let node = this.byzantine; node < nodes; node++) {
      for (let i = 0; i < viewSize; i++) this.#show(node, this.peers[node * viewSize + i]!);
    }
  }

  degree(node: number): number {
    return this.#sizes[node]!;
  }

  peerAt(slot: number): number {
    return this.peers[slot]!;
  }

  kill(node: number): void {
    this.alive[node] = 0;
  }

  cycle(): void {
    this.#before.set(this.peers);
    this.#pushes.fill(0);
    this.blocked = 0;
    for (let node = 0; node < this.nodes; node++) {
      if (this.alive[node] === 0) continue;
      if (node < this.byzantine) this.#attack(node);
      else this.#push(node);
    }
    for (let node = this.byzantine; node < this.nodes; node++) {
      if (this.alive[node] === 1) this.#renew(node);
    }
    this.#round++;
    const { refresh, refreshEvery } = this.#network;
    if (refresh > 0 && this.#round % refreshEvery === 0) this.#refresh();
  }

  sampledByzantine(): number | undefined {
    if (this.#network.refresh > 0) {
      return this.#samples === 0 ? undefined : this.#bad / this.#samples;
    }
    let all = 0;
    let bad = 0;
    const { samplerSize, peers } = this.samplers;
    for (let node = this.byzantine; node < this.nodes; node++) {
      if (this.alive[node] === 0) continue;
      for (let at = node * samplerSize; at < (node + 1) * samplerSize; at++) {
        if (peers[at] === NOBODY) continue;
        all++;
        if (peers[at]! < this.byzantine) bad++;
      }
    }
    return all === 0 ? undefined : bad / all;
  }

  /** Counts what is given out from here on; samplers that keep what they have are asked at the end. */
  forgetSamples(): void {
    this.#samples = 0;
    this.#bad = 0;
  }

  /** One group of samplers after the other gives out what it has, as the slots of Basalt do. */
  #refresh(): void {
    const { samplerSize, peers } = this.samplers;
    const { refresh, random } = this.#network;
    for (let node = this.byzantine; node < this.nodes; node++) {
      if (this.alive[node] === 0) continue;
      for (let i = 0; i < refresh; i++) {
        const at = node * samplerSize + ((this.#next + i) % samplerSize);
        if (peers[at] !== NOBODY) {
          this.#samples++;
          if (peers[at]! < this.byzantine) this.#bad++;
        }
        clearSampler(this.samplers, at, random);
      }
      this.#seen.clear(node);
    }
    this.#next = (this.#next + refresh) % samplerSize;
  }

  #push(node: number): void {
    const base = node * this.capacity;
    const size = this.#sizes[node]!;
    for (let i = 0; i < this.#sent.pushes; i++) {
      const target = this.#before[base + this.#network.random.below(size)]!;
      this.#arrive(target, node);
    }
  }

  #attack(node: number): void {
    const { force, random } = this.#network;
    for (let i = 0; i < force; i++) {
      this.#arrive(this.byzantine + random.below(this.nodes - this.byzantine), node);
    }
  }

  #arrive(target: number, from: number): void {
    if (this.alive[target] === 0 || target < this.byzantine) return;
    this.exchanges++;
    const count = this.#pushes[target]!++;
    // The Machine keeps as many, and every push is shown to the samplers, kept or not.
    if (count < this.capacity) this.#pushed[target * this.capacity + count] = from;
    this.#show(target, from);
  }

  /** The pulls of the round, then what became of it. */
  #renew(node: number): void {
    const { random } = this.#network;
    const pulls = this.#pull(node);
    const pushes = this.#pushes[node]!;
    const base = node * this.capacity;
    const pushedKept = Math.min(pushes, this.capacity);
    const pushed = this.#pushed.subarray(base, base + pushedKept);
    if (this.#network.limited && pushes > this.#shares.pushes) this.blocked++;
    const harvest = { pushed, pushes, pushedKept, pulled: this.#pulled, pulls };
    const view = renewedView(this.#network, this.#shares, harvest, this.#history(node), random);
    if (view !== undefined) {
      this.peers.set(view, base);
      this.#sizes[node] = view.length;
    }
    this.#probe(node);
  }

  /** Who is pulled answers with its view; one of the adversary's with its own nodes. How many peers came. */
  #pull(node: number): number {
    const { random } = this.#network;
    const base = node * this.capacity;
    let pulled = 0;
    for (let i = 0; i < this.#sent.pulls; i++) {
      const target = this.#before[base + random.below(this.#sizes[node]!)]!;
      if (this.alive[target] === 0) continue;
      this.exchanges++;
      const size = target < this.byzantine ? this.capacity : this.#sizes[target]!;
      for (let j = 0; j < size; j++) {
        const peer =
          target < this.byzantine
            ? random.below(this.byzantine)
            : this.#before[target * this.capacity + j]!;
        if (peer === node) continue;
        this.#pulled[pulled++] = peer;
        this.#show(node, peer);
      }
    }
    return pulled;
  }

  #history(node: number): number[] {
    const { samplerSize, peers } = this.samplers;
    const known: number[] = [];
    for (let at = node * samplerSize; at < (node + 1) * samplerSize; at++) {
      if (peers[at] !== NOBODY) known.push(peers[at]!);
    }
    return known;
  }

  #show(node: number, peer: number): void {
    if (peer === node || !this.#seen.add(node, peer)) return;
    showSamplers(this.samplers, node, peer, this.#keys[peer]!);
    this.hashes += this.samplers.samplerSize;
  }

  /** One sampler after the other asks whether the peer that it holds still lives. */
  #probe(node: number): void {
    const { samplerSize, peers } = this.samplers;
    const at = node * samplerSize + (this.#round % samplerSize);
    if (peers[at] === NOBODY || this.alive[peers[at]!] === 1) return;
    clearSampler(this.samplers, at, this.#network.random);
    // What comes from now on is new to this sampler; showing it to the others again changes nothing.
    this.#seen.clear(node);
  }
}

/** The rank keys of n0, n1 …: those that the chapter gives to nodes of these names. */
export function keysOf(nodes: number): Int32Array {
  return Int32Array.from({ length: nodes }, (_, node) => hashText(`n${node}`));
}
