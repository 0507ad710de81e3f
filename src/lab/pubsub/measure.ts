/**
 * Measuring a group honestly: messages are published at the times that a rate prescribes, whether or not the last was delivered, and how long one
 * took counts from the time at which it was *due*. A slow system cannot make its own load lighter (no coordinated omission).
 */

import type { Value } from '../../core/value.ts';
import type { PubSub } from './create-pubsub.ts';
import type { Subscription, TopicMessage } from './subscription.ts';

/** What is published. */
export interface Offered {
  readonly topic: string;
  readonly count: number;
  /** Messages a second; all at once when it is Infinity. */
  readonly perSecond: number;
  /** Bytes of filling in each. */
  readonly bytes: number;
}

/** What one subscriber heard. */
export interface Heard {
  readonly delivered: number;
  readonly duplicates: number;
  /** Out of their author's order. */
  readonly disordered: number;
  /** How long each took, in milliseconds, in the order of arrival. */
  readonly latenciesMs: readonly number[];
  /** When the first and the last came. */
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Publishes at a rate; fulfilled when the last is stored and on its way. */
export async function publishOpenLoop(
  member: PubSub,
  { topic, count, perSecond, bytes }: Offered,
  now: () => number,
): Promise<void> {
  const filling = 'x'.repeat(bytes);
  const beginMs = now();
  const dueMs = (index: number): number => beginMs + (index * 1000) / perSecond;
  let published: Promise<unknown> = Promise.resolve();
  const open = new Set<Promise<unknown>>();
  for (let index = 0; index < count;) {
    const nowMs = now();
    while (index < count && dueMs(index) <= nowMs) {
      const due = dueMs(index);
      const one = member.publish(topic, { n: index, due, filling });
      open.add(one);
      one.finally(() => open.delete(one)).catch(() => {});
      published = one;
      index++;
    }
    if (index < count) await pause(dueMs(index) - now());
  }
  await Promise.all([...open, published]);
}

/** Collects what one subscription hears. */
export class Listener {
  readonly #subscription: Subscription;
  readonly #now: () => number;
  readonly #seen = new Map<string, number>();
  readonly #names = new Set<string>();
  readonly #latenciesMs: number[] = [];
  #duplicates = 0;
  #disordered = 0;
  #firstMs = 0;
  #lastMs = 0;

  constructor(subscription: Subscription, now: () => number) {
    this.#subscription = subscription;
    this.#now = now;
    subscription.on((message) => this.#take(message));
  }

  /** What it heard so far. */
  get heard(): Heard {
    return {
      ...{
        delivered: this.#names.size,
        duplicates: this.#duplicates,
        disordered: this.#disordered,
      },
      ...{ latenciesMs: this.#latenciesMs, firstMs: this.#firstMs, lastMs: this.#lastMs },
    };
  }

  close(): void {
    this.#subscription.close();
  }

  #take({ origin, life, sequence, payload, how }: TopicMessage): void {
    if (how !== 'new') return;
    const nowMs = this.#now();
    const name = `${life}/${origin}:${sequence}`;
    if (this.#names.has(name)) this.#duplicates++;
    this.#names.add(name);
    if (sequence < (this.#seen.get(origin) ?? 0)) this.#disordered++;
    this.#seen.set(origin, sequence);
    this.#latenciesMs.push(nowMs - Number((payload as { readonly due?: Value }).due));
    if (this.#firstMs === 0) this.#firstMs = nowMs;
    this.#lastMs = nowMs;
  }
}

/** A pause that is no longer than it has to be: a timer's step is a millisecond, and four where timers are nested. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (ms > 5) {
      setTimeout(resolve, ms - 4);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
