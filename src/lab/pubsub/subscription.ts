/** What a subscription gives its reader: messages one after the other, from a queue that does not grow without bound. */

import { canonicalLength } from '../../core/canonical.ts';
import type { Value } from '../../core/value.ts';
import type { Delivered } from '../../algorithms/pubsub/messages.ts';
import { BoundedQueue } from './bounded-queue.ts';

/** A message as a program gets it. */
export type TopicMessage = Omit<Delivered, 'payload' | 'count'> & { readonly payload: Value };

/** The messages of an item that was opened: one, or those that were packed together; undefined when they are none. */
export function messagesOf(
  { count, ...item }: Delivered,
  payload: Value,
): readonly TopicMessage[] | undefined {
  if (count === 1) return [{ ...item, payload }];
  if (!Array.isArray(payload) || payload.length !== count) return undefined;
  const { pattern, order, topic, origin, life, sent_at, how, sequence, lamport } = item;
  return (payload as readonly Value[]).map((each, index) => ({
    pattern,
    order,
    topic,
    payload: each,
    origin,
    life,
    sent_at,
    how,
    sequence: sequence + index,
    lamport: lamport + index,
  }));
}

/** Messages that wait for a reader, and their bytes: whoever does not read for longer loses the oldest, and is told how many. */
export const QUEUE_MAX = 10_000;
export const QUEUE_BYTES_MAX = 32 * 1024 * 1024;

/** What a message has beside its payload, about. */
const OVERHEAD_BYTES = 256;

/** The member that delivers. */
export interface SubscriptionHost {
  /** Ends the subscription by agreement. */
  end(): Promise<void>;
  /** Delivers no more here. */
  detach(): void;
  /** So many messages were dropped since the subscription was made, `now` of them at this moment. */
  lagging(lost: number, now: number): void;
}

/** One subscription: `for await (const message of subscription)`, or {@link Subscription.on}. */
export class Subscription implements AsyncIterable<TopicMessage> {
  readonly pattern: string;
  readonly order: Delivered['order'];
  readonly #host: SubscriptionHost;
  readonly #listeners = new Set<(message: TopicMessage) => void>();
  readonly #queue = new BoundedQueue<TopicMessage>(
    { count: QUEUE_MAX, bytes: QUEUE_BYTES_MAX },
    ({ payload }) => canonicalLength(payload) + OVERHEAD_BYTES,
  );
  #wake: (() => void) | undefined;
  #isRead = false;
  #hasEnded = false;
  #lost = 0;

  /** Made by `subscribe`. */
  constructor({ pattern, order }: Pick<Delivered, 'pattern' | 'order'>, host: SubscriptionHost) {
    this.pattern = pattern;
    this.order = order;
    this.#host = host;
  }

  /** Messages that were dropped because nobody read them in time. */
  get lost(): number {
    return this.#lost;
  }

  /** Messages that wait to be read. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Bytes of their payloads, and about what is around them. */
  get waitingBytes(): number {
    return this.#queue.bytes;
  }

  /** Calls back with each message. Returns how to end that. What came before anybody listened is given to the first listener. */
  on(listener: (message: TopicMessage) => void): () => void {
    this.#listeners.add(listener);
    if (!this.#isRead) for (const message of this.#queue.drain()) listener(message);
    return () => void this.#listeners.delete(listener);
  }

  /** Each message once; the loop ends when the subscription does. */
  async *[Symbol.asyncIterator](): AsyncIterator<TopicMessage> {
    this.#isRead = true;
    for (;;) {
      const next = this.#queue.shift();
      if (next !== undefined) yield next;
      else if (this.#hasEnded) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Ends the subscription, by agreement with the others. @throws {Refusal} in a minority */
  async unsubscribe(): Promise<void> {
    if (this.#hasEnded) return;
    await this.#host.end();
    this.close();
  }

  /** A message has come; called by the member. */
  take(message: TopicMessage): void {
    for (const listener of this.#listeners) listener(message);
    if (this.#listeners.size > 0 && !this.#isRead) return;
    this.lose(this.#queue.push(message).length);
    this.#wake?.();
  }

  /** So many messages were dropped before it could read them; called by the member. */
  lose(count: number): void {
    if (count === 0) return;
    this.#lost += count;
    this.#host.lagging(this.#lost, count);
  }

  /** Stops reading: loops end, and the subscription goes on for others, and for later. */
  close(): void {
    this.#hasEnded = true;
    this.#host.detach();
    this.#wake?.();
  }
}
