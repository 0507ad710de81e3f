/** What a subscription gives its reader: messages one after the other, from a queue that does not grow without bound. */

import type { Value } from '../../core/value.ts';
import type { Delivered } from '../../algorithms/pubsub/messages.ts';

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
    ...{ pattern, order, topic, payload: each, origin, life, sent_at, how },
    ...{ sequence: sequence + index, lamport: lamport + index },
  }));
}

/** Messages that wait for a reader: whoever does not read for longer loses the oldest, and is told how many. */
export const QUEUE_MAX = 10_000;

/** The member that delivers. */
export interface SubscriptionHost {
  /** Ends the subscription by agreement. */
  end(): Promise<void>;
  /** Delivers no more here. */
  detach(): void;
  /** So many messages were dropped. */
  lagging(lost: number): void;
}

/** One subscription: `for await (const message of subscription)`, or {@link Subscription.on}. */
export class Subscription implements AsyncIterable<TopicMessage> {
  readonly pattern: string;
  readonly order: Delivered['order'];
  readonly #host: SubscriptionHost;
  readonly #listeners = new Set<(message: TopicMessage) => void>();
  #queue: TopicMessage[] = [];
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
    return this.#queue.length;
  }

  /** Calls back with each message. Returns how to end that. What came before anybody listened is given to the first listener. */
  on(listener: (message: TopicMessage) => void): () => void {
    this.#listeners.add(listener);
    if (!this.#isRead) for (const message of this.#queue.splice(0)) listener(message);
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
    this.#queue.push(message);
    if (this.#queue.length > QUEUE_MAX) {
      this.#queue = this.#queue.slice(QUEUE_MAX / 2);
      this.#lost += QUEUE_MAX / 2;
      this.#host.lagging(this.#lost);
    }
    this.#wake?.();
  }

  /** Stops reading: loops end, and the subscription goes on for others, and for later. */
  close(): void {
    this.#hasEnded = true;
    this.#host.detach();
    this.#wake?.();
  }
}
