/** HyParView in cycles: the rules of the chapter, each message delivered at once, in the order of sending. */

import {
  onDisconnect,
  onFailure,
  onForwardJoin,
  onJoin,
  onNeighbor,
  onNeighborReply,
  onShuffle,
  onShuffleReply,
  promote,
  shuffleViews,
  type HyparviewRules,
  type Membership,
  type MembershipOut,
  type Step,
} from '../../algorithms/hyparview/membership.ts';
import type { Random } from '../../core/random.ts';
import { shuffle, type OverlayEngine } from './engine.ts';

/** A network for {@link HyparviewEngine}. */
export interface HyparviewNetwork extends HyparviewRules {
  readonly nodes: number;
  readonly random: Random;
}

type Delivery = (to: Membership<number>) => void;

/** A network of nodes that follow {@link HyparviewRules}. They join one after the other, each through any that is there. */
export class HyparviewEngine implements OverlayEngine {
  readonly nodes: number;
  readonly capacity: number;
  readonly peers: Int32Array;
  readonly alive: Uint8Array;
  readonly byzantine = 0;
  readonly hashes = 0;
  exchanges = 0;
  readonly members: readonly Membership<number>[];
  readonly #network: HyparviewNetwork;
  readonly #order: Int32Array;
  readonly #queue: { readonly to: number; readonly from: number; readonly act: Delivery }[] = [];
  readonly #step: Step<number>;
  #speaker = 0;

  constructor(network: HyparviewNetwork) {
    const { nodes, activeSize, random } = network;
    this.#network = network;
    this.nodes = nodes;
    this.capacity = activeSize;
    this.peers = new Int32Array(nodes * activeSize).fill(-1);
    this.alive = new Uint8Array(nodes).fill(1);
    this.#order = Int32Array.from({ length: nodes }, (_, node) => node);
    this.members = Array.from({ length: nodes }, (_, self) => {
      return { self, active: [], passive: [], asked: null };
    });
    this.#step = { rules: network, random, out: this.#mouth() };
    for (let node = 1; node < nodes; node++) this.#join(node, random.below(node));
    this.#publish();
  }

  degree(): number {
    return this.capacity;
  }

  peerAt(slot: number): number {
    return this.peers[slot]!;
  }

  kill(node: number): void {
    this.alive[node] = 0;
  }

  /** Neighbours that are gone are noticed, views are repaired and shuffled. */
  cycle(): void {
    shuffle(this.#order, this.nodes, this.#network.random);
    for (const node of this.#order) {
      if (this.alive[node] === 1) this.repair(node);
    }
    for (const node of this.#order) {
      if (this.alive[node] === 0) continue;
      this.#speaker = node;
      shuffleViews(this.members[node]!, this.#step);
      this.exchanges++;
      this.#settle();
    }
    this.#publish();
  }

  /** What a broken connection does at once: whoever is gone leaves the views, and others are asked until the view is full. */
  repair(node: number): void {
    const me = this.members[node]!;
    for (const peer of [...me.active]) {
      if (this.alive[peer] === 0) onFailure(me, peer);
    }
    const tries = me.passive.length;
    for (let i = 0; i < tries && me.active.length < this.capacity; i++) {
      this.#speaker = node;
      if (!promote(me, this.#step)) break;
      this.#settle();
    }
  }

  #join(node: number, contact: number): void {
    const me = this.members[node]!;
    me.active.push(contact);
    this.#speaker = contact;
    onJoin(this.members[contact]!, node, this.#step);
    this.#settle();
  }

  #mouth(): MembershipOut<number> {
    const say = (to: number, act: (from: number) => Delivery): void => {
      const from = this.#speaker;
      this.#queue.push({ to, from, act: act(from) });
    };
    const step = () => this.#step;
    return {
      forwardJoin: (to, newcomer, walk) =>
        say(to, (from) => (me) => onForwardJoin(me, from, newcomer, walk, step())),
      neighbor: (to, urgent) => say(to, (from) => (me) => onNeighbor(me, from, urgent, step())),
      neighborReply: (to, accepted) =>
        say(to, (from) => (me) => onNeighborReply(me, from, accepted, step())),
      disconnect: (to) => say(to, (from) => (me) => onDisconnect(me, from, step())),
      shuffle: (to, origin, peers, walk) =>
        say(to, (from) => (me) => onShuffle(me, from, origin, peers, walk, step())),
      shuffleReply: (to, peers) => say(to, () => (me) => onShuffleReply(me, peers, step())),
    };
  }

  /** Delivers until nobody has anything to say. Who speaks to the dead notices. */
  #settle(): void {
    for (let at = 0; at < this.#queue.length; at++) {
      const { to, from, act } = this.#queue[at]!;
      if (this.alive[to] === 0) {
        onFailure(this.members[from]!, to);
        continue;
      }
      this.#speaker = to;
      act(this.members[to]!);
    }
    this.#queue.length = 0;
  }

  #publish(): void {
    for (const { self, active } of this.members) {
      for (let i = 0; i < this.capacity; i++) {
        this.peers[self * this.capacity + i] = active[i] ?? -1;
      }
    }
  }
}
