/**
 * Carries signals between pages over the links of nodes, while no server does it: so a network goes on making links among its members
 * when the server is gone.
 *
 * A signal to a node that is linked here goes there. One to a node to which a way is known, because a signal of its came that way, goes that
 * way. Otherwise it goes to all neighbours, each of which passes it on once: the answer then finds its way back by where the question came
 * from. Nobody vouches for what is carried; whoever is at the other end of the link it leads to must prove who it is.
 */

import type { NodeId } from '../../core/id.ts';
import { CARRIED_HOPS_MAX, CARRIED_PER_SECOND_MAX } from '../../net/limits.ts';
import type { CarriedEnvelope } from '../envelope.ts';

/** What the carriage needs of its node. */
export interface CarriageHost {
  readonly id: NodeId;
  /** Nodes to which frames flow now. */
  linked(): Iterable<NodeId>;
  isLinked(node: NodeId): boolean;
  nowMs(): number;
  send(to: NodeId, envelope: CarriedEnvelope): void;
  /** Something for this node's page. */
  arrived(from: NodeId, text: string): void;
}

/** Signals that are remembered, so that each is passed on once. */
const SEEN_MAX = 4096;
/** Ways that are remembered. */
const WAYS_MAX = 1024;

/** The carriage of one node. */
export class Carriage {
  readonly #host: CarriageHost;
  readonly #seen = new Set<string>();
  /** The neighbour from which the latest signal of a node came. */
  readonly #ways = new Map<NodeId, NodeId>();
  /** Signals of each neighbour in this second. */
  readonly #counts = new Map<NodeId, number>();
  #second = 0;
  #number = 0;

  constructor(host: CarriageHost) {
    this.#host = host;
  }

  /** Sends something of this node's page on its way. */
  carry(to: NodeId, text: string): void {
    // Numbers of an earlier life of this node must not be met again.
    const number = Math.floor(this.#host.nowMs()) * 1000 + (++this.#number % 1000);
    const from = this.#host.id;
    this.#pass({ kind: 'carried', from, number, to, hops: CARRIED_HOPS_MAX, text }, undefined);
  }

  /** A neighbour passed something on. */
  take(neighbour: NodeId, envelope: CarriedEnvelope): void {
    const { from, number, to, hops, text } = envelope;
    if (from === this.#host.id || !this.#isWithinRate(neighbour)) return;
    const name = `${from} ${number}`;
    if (this.#seen.has(name)) return;
    remember(this.#seen, name);
    this.#ways.delete(from);
    this.#ways.set(from, neighbour);
    if (this.#ways.size > WAYS_MAX) this.#ways.delete(this.#ways.keys().next().value!);
    if (to === this.#host.id) this.#host.arrived(from, text);
    else if (hops > 1) this.#pass({ ...envelope, hops: hops - 1 }, neighbour);
  }

  #pass(envelope: CarriedEnvelope, cameFrom: NodeId | undefined): void {
    const { to, from } = envelope;
    const way = this.#host.isLinked(to) ? to : this.#ways.get(to);
    if (way !== undefined && way !== cameFrom && this.#host.isLinked(way)) {
      this.#host.send(way, envelope);
      return;
    }
    for (const neighbour of this.#host.linked()) {
      if (neighbour !== cameFrom && neighbour !== from) this.#host.send(neighbour, envelope);
    }
  }

  #isWithinRate(neighbour: NodeId): boolean {
    const second = Math.floor(this.#host.nowMs() / 1000);
    if (second !== this.#second) this.#counts.clear();
    this.#second = second;
    const count = (this.#counts.get(neighbour) ?? 0) + 1;
    this.#counts.set(neighbour, count);
    return count <= CARRIED_PER_SECOND_MAX;
  }
}

function remember(seen: Set<string>, name: string): void {
  seen.add(name);
  if (seen.size > SEEN_MAX) seen.delete(seen.values().next().value!);
}
