/** What a node has subscribed to, and which of the messages that become ready are for whom. */

import type { Batch, Delivered, Item, Order } from './messages.ts';
import { key } from './registry.ts';
import { streamOf, type Kept, type StreamId } from './streams.ts';
import { matches } from './topics.ts';

/** One subscription of a node. */
export interface Subscription {
  readonly pattern: string;
  readonly order: Order;
  /** What the node had when it subscribed: that is history. */
  readonly since: Readonly<Record<StreamId, number>>;
  /** Whether it wants that too. */
  readonly history: boolean;
}

/** The subscriptions of one node. */
export class Subscriptions {
  readonly #all = new Map<string, Subscription>();

  get size(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): Iterator<Subscription> {
    return this.#all.values();
  }

  get(pattern: string, order: Order): Subscription | undefined {
    return this.#all.get(key(pattern, order));
  }

  add(subscription: Subscription): void {
    this.#all.set(key(subscription.pattern, subscription.order), subscription);
  }

  delete(pattern: string, order: Order): boolean {
    return this.#all.delete(key(pattern, order));
  }

  /** Deliveries of a batch that has become ready in this order. */
  of(order: Order, kept: Pick<Kept, 'batch' | 'stream'>): Delivered[] {
    const result: Delivered[] = [];
    for (const subscription of this.#all.values()) {
      if (subscription.order === order) result.push(...deliveriesTo(subscription, kept));
    }
    return result;
  }
}

/** What of a batch a subscription is delivered. */
export function deliveriesTo(
  subscription: Subscription,
  { batch, stream }: Pick<Kept, 'batch' | 'stream'>,
): Delivered[] {
  const { pattern, since, history } = subscription;
  const before = since[stream] ?? 0;
  const result: Delivered[] = [];
  let offset = 0;
  for (const item of batch.messages) {
    const isOld = batch.first + offset <= before;
    if ((!isOld || history) && matches(pattern, item.topic)) {
      result.push(deliveryOf(subscription, batch, offset, item, isOld ? 'history' : 'new'));
    }
    offset += item.count ?? 1;
  }
  return result;
}

/** A message of a batch, or a run of them, as a subscription delivers it. `offset` messages of the batch come before it. */
export function deliveryOf(
  { pattern, order }: Pick<Subscription, 'pattern' | 'order'>,
  batch: Batch,
  offset: number,
  { topic, payload, count = 1 }: Item,
  how: Delivered['how'],
): Delivered {
  const { signer: origin, life, first, lamport, sent_at } = batch;
  return {
    ...{ pattern, order, topic, payload, origin, life, count, sent_at, how },
    ...{ sequence: first + offset, lamport: lamport + offset },
  };
}

/** Name of a message: `7/n1:42`. */
export function messageName({
  origin,
  life,
  sequence,
}: Pick<Delivered, 'origin' | 'life' | 'sequence'>): string {
  return `${streamOf(origin, life)}:${sequence}`;
}
