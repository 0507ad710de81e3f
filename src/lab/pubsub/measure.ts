/**
 * Measuring a group honestly: messages are published at the times that a rate prescribes, whether or not the last was delivered, and how long one
 * took counts from the time at which it was *due*. A slow system cannot make its own load lighter (no coordinated omission).
 */

import type { Value } from '../../core/value.ts';
import type { TopicMessage } from './subscription.ts';

/** Who is measured, publishing: a member, or another library beside it. */
export interface Publisher {
  /** Fulfilled when more may be published; rejected when it was not. */
  publish(topic: string, payload: unknown): Promise<unknown>;
}

/** Who is measured, hearing. */
export interface Hearing {
  on(listener: (message: HeardMessage) => void): unknown;
  close(): void;
}

/** As much of a message as is measured. */
export type HeardMessage = Pick<TopicMessage, 'origin' | 'life' | 'sequence' | 'payload' | 'how'>;

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

/** Messages that are published and not yet stored, at most: a program that publishes has to wait at some point. What waits is late, and counts so. */
const PENDING_MAX = 20_000;

/** Publishes at a rate; fulfilled when the last is stored and on its way. @throws what a publication does */
export async function publishOpenLoop(
  member: Publisher,
  { topic, count, perSecond, bytes }: Offered,
  now: () => number,
): Promise<void> {
  const filling = 'x'.repeat(bytes);
  const beginMs = now();
  const dueMs = (index: number): number => beginMs + (index * 1000) / perSecond;
  let pending = 0;
  let failure: Error | undefined;
  const stored = (): void => void pending--;
  const failed = (error: Error): void => {
    failure ??= error;
    pending--;
  };
  for (let index = 0; index < count || pending > 0;) {
    const nowMs = now();
    while (index < count && pending < PENDING_MAX && dueMs(index) <= nowMs) {
      pending++;
      member.publish(topic, { n: index, due: dueMs(index), filling }).then(stored, failed);
      index++;
    }
    if (failure !== undefined) throw failure;
    // Whoever only waits for what is under way leaves the processor to it.
    const isSparse = 1000 / perSecond >= SPUN_FROM_MS;
    await (index < count && isSparse ? pause(dueMs(index) - now()) : delayed(1));
  }
}

/** Collects what one subscription hears. */
export class Listener {
  readonly #subscription: Hearing;
  readonly #now: () => number;
  readonly #seen = new Map<string, number>();
  readonly #names = new Set<string>();
  readonly #latenciesMs: number[] = [];
  #duplicates = 0;
  #disordered = 0;
  #firstMs = 0;
  #lastMs = 0;

  constructor(subscription: Hearing, now: () => number) {
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

  #take({ origin, life, sequence, payload, how }: HeardMessage): void {
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

/**
 * At higher rates several messages are due in one step of a timer, and looking at the clock between them would take the processor from those
 * that are measured.
 */
const SPUN_FROM_MS = 0.5;

/** The end of a pause is spent looking at the clock, between other tasks: timers take whole milliseconds and are late by one or two. */
const SPUN_MS = 3;

/** A pause, or the first part of it: delayed tasks are not held back as nested timers are. */
function pause(ms: number): Promise<void> {
  const whole = Math.floor(ms);
  return whole > SPUN_MS ? delayed(whole - SPUN_MS) : nextTask();
}

/** The next task, behind those that wait already. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** A task after so many whole milliseconds. */
function delayed(ms: number): Promise<void> {
  const { scheduler } = globalThis as { readonly scheduler?: TaskScheduler };
  if (scheduler !== undefined) return scheduler.postTask(() => {}, { delay: ms });
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

interface TaskScheduler {
  postTask(task: () => void, options: { readonly delay: number }): Promise<void>;
}
