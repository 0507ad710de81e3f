/** How many messages went over the network, and how many an operation cost: what Maelstrom reports as `:net`. */

import type { NodeId } from '../core/id.ts';

/** Messages of one kind. A doubled message is received twice, a lost one never. */
export interface TrafficCounts {
  readonly sent: number;
  readonly received: number;
}

/** Everything that was sent. */
export interface TrafficReport {
  readonly all: TrafficCounts;
  /** To and from clients. */
  readonly clients: TrafficCounts;
  /** Between nodes, and between nodes and services. */
  readonly servers: TrafficCounts;
  /** Messages between servers for each operation that a client called; undefined when none was. */
  readonly msgs_per_op: number | undefined;
}

/** Counts the messages of one run. */
export class Traffic {
  readonly #isClient: (id: NodeId) => boolean;
  readonly #clients = { sent: 0, received: 0 };
  readonly #servers = { sent: 0, received: 0 };

  constructor(isClient: (id: NodeId) => boolean) {
    this.#isClient = isClient;
  }

  sent(src: NodeId, dest: NodeId): void {
    this.#countsFor(src, dest).sent++;
  }

  received(src: NodeId, dest: NodeId): void {
    this.#countsFor(src, dest).received++;
  }

  /** Messages that were sent and have not been received: they are on their way, or lost. */
  get underWay(): number {
    const [clients, servers] = [this.#clients, this.#servers];
    return clients.sent + servers.sent - clients.received - servers.received;
  }

  report(operations: number): TrafficReport {
    const clients = { ...this.#clients };
    const servers = { ...this.#servers };
    const all = {
      sent: clients.sent + servers.sent,
      received: clients.received + servers.received,
    };
    const msgs_per_op = operations === 0 ? undefined : servers.sent / operations;
    return { all, clients, servers, msgs_per_op };
  }

  #countsFor(src: NodeId, dest: NodeId): { sent: number; received: number } {
    return this.#isClient(src) || this.#isClient(dest) ? this.#clients : this.#servers;
  }
}
