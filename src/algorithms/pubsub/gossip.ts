/** What a node counts of the messages that it spreads and hears, and how long they took. */

import { sizeOf, type Batch, type Delivered } from './messages.ts';

/** Latencies that are remembered: the latest. */
const LATENCIES_MAX = 1000;

/** Latencies that a node shows: few, for everything that it shows is looked at after every turn. */
const SHOWN_MAX = 20;

/** Counts of one node, in messages: a batch counts as many as it holds. */
export class Gossip {
  /** Put on links to neighbours by the node itself; what a layer below spreads is not among them. */
  sent = 0;
  /** Heard from others for the first time. */
  received = 0;
  /** Heard again. */
  duplicates = 0;
  readonly #latenciesMs: number[] = [];
  #latencies = 0;
  #shown: readonly number[] = [];

  /** A batch goes to so many neighbours. */
  sends({ messages }: Batch, neighbours: number): void {
    this.sent += sizeOf(messages) * neighbours;
  }

  /** A batch came, and this was found. */
  hears({ messages }: Batch, reception: string): void {
    if (reception === 'new' || reception === 'ahead') this.received += sizeOf(messages);
    else if (reception === 'known') this.duplicates += sizeOf(messages);
  }

  /** A message is delivered; `how` old it is says nothing when it is history. */
  delivers({ how, sent_at, origin }: Delivered, id: string, nowMs: number): void {
    if (how !== 'new' || origin === id) return;
    const latencyMs = nowMs - sent_at;
    this.#latenciesMs[this.#latencies++ % LATENCIES_MAX] = latencyMs;
    this.#shown = [...this.#shown.slice(1 - SHOWN_MAX), latencyMs];
  }

  /** Milliseconds from an author to here, by the clocks of both: the latest thousand deliveries of what others said. */
  get latenciesMs(): readonly number[] {
    return this.#latenciesMs;
  }

  /** The latest of them, for the eye. */
  get latestMs(): readonly number[] {
    return this.#shown;
  }
}
