/** What was delivered to a member, on its way to the program's readers: decrypted, taken apart, in its order. */

import { canonicalLength } from '../../core/canonical.ts';
import { sizeOf, type Delivered } from '../../algorithms/pubsub/messages.ts';
import { BoundedQueue } from './bounded-queue.ts';
import { Gate, type Passage } from './gate.ts';
import type { Opened, PayloadKeys } from './payload-cipher.ts';
import { messagesOf, type Subscription } from './subscription.ts';

/** Items that wait for a program that has just started again: each is a message, or a run of them. */
const UNREAD_MAX = { count: 10_000, bytes: 32 * 1024 * 1024 };

/** What an item has beside its payload, about. */
const OVERHEAD_BYTES = 256;

/** The inbox of one member. */
export class Inbox {
  readonly #keys: PayloadKeys | undefined;
  readonly #notRead: (item: Delivered, why: string) => void;
  readonly #run: (code: () => void) => void;
  readonly #readers = new Map<string, Set<Subscription>>();
  /** By subscription: what was delivered after a restart, before the program subscribed again. */
  readonly #unread = new Map<string, BoundedQueue<Delivered>>();
  readonly #lagging: (subscription: Pick<Delivered, 'pattern' | 'order'>, now: number) => void;
  /** Items that are being decrypted, or have been, as long as anybody holds them. */
  readonly #openings = new WeakMap<Delivered, Opened | Promise<Opened>>();
  /** What waits for its key or is being decrypted, by reader. */
  readonly #gate = new Gate<Subscription, Delivered>(
    (reader, item) => this.#pass(reader, item),
    (item) => this.#notRead(item, 'it waited too long for its key'),
  );

  /**
   * @param notRead hears of an item that cannot be read, and why
   * @param lagging hears that so many messages of a subscription were dropped, for the program does not read it
   * @param run runs what comes later, unless the member has stopped: what a reader throws is the end of it
   */
  constructor(
    keys: PayloadKeys | undefined,
    notRead: (item: Delivered, why: string) => void,
    lagging: (subscription: Pick<Delivered, 'pattern' | 'order'>, now: number) => void,
    run: (code: () => void) => void,
  ) {
    this.#keys = keys;
    this.#notRead = notRead;
    this.#lagging = lagging;
    this.#run = run;
  }

  /** An item was delivered to a subscription. */
  take(item: Delivered): void {
    const name = nameOf(item);
    const readers = this.#readers.get(name);
    if (readers !== undefined && readers.size > 0) {
      // Also those that have to wait behind another are decrypted at once, side by side.
      void this.#openingOf(item);
      for (const reader of readers) this.#gate.take(reader, item);
      return;
    }
    const unread = this.#unread.get(name) ?? newQueue();
    this.#unread.set(name, unread);
    const dropped = sizeOf(unread.push(item));
    if (dropped > 0) this.#lagging(item, dropped);
  }

  /**
   * A program reads a subscription from now on: first what is given here, or else what was delivered before anybody read.
   *
   * @param history what is kept of the subscription; undefined when it is not asked for
   */
  open(reader: Subscription, history: readonly Delivered[] | undefined): void {
    const name = nameOf(reader);
    const earlier = this.#unread.get(name)?.drain() ?? [];
    this.#unread.delete(name);
    for (const item of history ?? earlier) this.#gate.take(reader, item);
    const readers = this.#readers.get(name) ?? new Set();
    this.#readers.set(name, readers.add(reader));
  }

  /** It reads no more. */
  close(reader: Subscription): void {
    this.#readers.get(nameOf(reader))?.delete(reader);
    this.#gate.forget(reader);
  }

  /** Whether nobody else reads what it reads. */
  isOnly(reader: Subscription): boolean {
    const readers = this.#readers.get(nameOf(reader));
    return readers?.size === 1 && readers.has(reader);
  }

  /** Everybody who reads. */
  get readers(): readonly Subscription[] {
    return Array.from(this.#readers.values(), (readers) => [...readers]).flat();
  }

  /** Something may be read now that could not be read before, or will not be. */
  look(): void {
    this.#gate.look();
  }

  #pass(reader: Subscription, item: Delivered): Passage {
    const opened = this.#openingOf(item);
    if (opened instanceof Promise || opened.kind === 'awaited') return 'awaited';
    const messages = opened.kind === 'open' ? messagesOf(item, opened.payload) : undefined;
    if (messages !== undefined) for (const each of messages) reader.take(each);
    else {
      const why = opened.kind === 'open' ? 'it is not what it claims to hold' : opened.reason;
      this.#notRead(item, why);
    }
    return 'passed';
  }

  /** What an item holds, or the promise to know it soon. */
  #openingOf(item: Delivered): Opened | Promise<Opened> {
    const known = this.#openings.get(item);
    if (known !== undefined) return known;
    const { origin, topic, payload } = item;
    if (this.#keys === undefined || payload === null) return { kind: 'open', payload };
    const opening = this.#keys.open(origin, topic, payload);
    if (opening instanceof Promise) {
      this.#openings.set(item, opening);
      void opening.then((opened) => {
        this.#openings.set(item, opened);
        this.#run(() => this.#gate.look());
      });
    } else if (opening.kind !== 'awaited') this.#openings.set(item, opening);
    return opening;
  }
}

function newQueue(): BoundedQueue<Delivered> {
  return new BoundedQueue(UNREAD_MAX, ({ payload }) => canonicalLength(payload) + OVERHEAD_BYTES);
}

function nameOf({ pattern, order }: Pick<Delivered, 'pattern' | 'order'>): string {
  return `${order} ${pattern}`;
}
