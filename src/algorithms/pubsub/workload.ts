/** What a node does by itself in the runs of the chapter: publishes, counts what it is delivered, and says when it has done its part. */

import type { NodeId } from '../../core/id.ts';
import type { Timer } from '../../core/ports.ts';
import type { FieldsOutput } from '../../core/schema.ts';
import type { Value } from '../../core/value.ts';
import { keys, type Found } from './disk.ts';
import type { Batch, Delivered } from './messages.ts';
import { key } from './registry.ts';
import type { settings } from './settings.ts';
import { streamOf, type StreamId } from './streams.ts';
import { messageName } from './subscriptions.ts';

/** The node that it works for. */
export interface WorkloadOwner {
  readonly id: NodeId;
  readonly settings: FieldsOutput<typeof settings>;
  readonly author: { readonly life: number; readonly next: number };
  readonly subscriptions: { readonly size: number };
  readonly desk: { put(key: string, value: unknown): void };
  publish(topic: string, payload: Value): Promise<unknown>;
  after(delayMs: number, callback: () => unknown): Timer;
  terminate(): void;
}

/** What was known when something was published. */
export interface Said {
  readonly first: number;
  readonly topics: readonly string[];
  /** Messages that were there, by stream. */
  readonly knew: Readonly<Record<StreamId, number>>;
}

/** One node's work. */
export class Workload {
  readonly #owner: WorkloadOwner;
  readonly #orders = new Map<string, string[]>();
  readonly #said: Said[] = [];
  #delivered = 0;
  #written = 0;
  #begun = 0;
  #hasEnded = false;

  constructor(owner: WorkloadOwner) {
    this.#owner = owner;
  }

  /** What it published, for runs that are judged. */
  get said(): readonly Said[] {
    return this.#said;
  }

  get isDone(): boolean {
    const { publish, expect, subscribe } = this.#owner.settings;
    return (
      this.#begun >= publish &&
      this.#delivered >= expect &&
      this.#owner.subscriptions.size >= subscribe.length
    );
  }

  /** By subscription: what was delivered, in its order. */
  orders(): Record<string, readonly string[]> {
    return Object.fromEntries(Array.from(this.#orders, ([name, order]) => [name, [...order]]));
  }

  /** Begins, or goes on after a restart: what has a number was published. */
  begin(): void {
    const { publish, publish_after } = this.#owner.settings;
    this.#begun = Math.min(publish, this.#owner.author.next - 1);
    if (this.#begun < publish) this.#owner.after(publish_after, () => this.#publish());
  }

  /** A batch of this node's has its numbers. */
  published({ first, messages }: Batch, knew: Readonly<Record<StreamId, number>>): void {
    if (!this.#owner.settings.report_orders) return;
    this.#said.push({ first, topics: messages.map(({ topic }) => topic), knew });
  }

  /** Notes what is delivered, with what is stored before it. */
  due(message: Delivered): void {
    const { report_orders, expect } = this.#owner.settings;
    // What counts has to be remembered over a restart.
    if (message.how === 'retained' || (!report_orders && expect === 0)) return;
    this.#owner.desk.put(keys.delivered(this.#written++), [nameOf(message), messageName(message)]);
  }

  delivered(message: Delivered): void {
    if (message.how === 'retained') return;
    this.#delivered += message.count;
    if (this.#owner.settings.report_orders) this.#note(nameOf(message), messageName(message));
  }

  /** What was delivered before a restart counts. */
  restore({ delivered, batches, self }: Found): void {
    this.#written = delivered.length;
    this.#delivered = delivered.length;
    for (const [subscription, name] of delivered) this.#note(subscription!, name!);
    if (!this.#owner.settings.report_orders || self === undefined) return;
    const own = streamOf(this.#owner.id, self.life);
    for (const { batch } of batches) {
      const { signer, life, first, messages, after } = batch as unknown as Batch;
      if (streamOf(signer, life) !== own) continue;
      this.#said.push({ first, topics: messages.map(({ topic }) => topic), knew: after });
    }
  }

  /** Ends when everything is done. */
  look(): void {
    const { publish, expect } = this.#owner.settings;
    if (this.#hasEnded || publish + expect === 0 || !this.isDone) return;
    this.#hasEnded = true;
    this.#owner.terminate();
  }

  #note(subscription: string, name: string): void {
    const order = this.#orders.get(subscription) ?? [];
    order.push(name);
    this.#orders.set(subscription, order);
  }

  async #publish(): Promise<void> {
    const { id, settings } = this.#owner;
    const { topics, publish, publish_interval } = settings;
    const topic = topics[this.#begun % topics.length]!;
    const published = this.#owner.publish(topic, `${id} says ${this.#begun + 1}`);
    this.#begun++;
    if (this.#begun < publish) this.#owner.after(publish_interval, () => this.#publish());
    await published;
  }
}

function nameOf({ pattern, order }: Delivered): string {
  return key(pattern, order);
}
