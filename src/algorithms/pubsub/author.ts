/** The author's side: what is to be published waits for the next batch, is numbered, and bears what was known when it was said. */

import { canonicalLength } from '../../core/canonical.ts';
import { Refusal } from '../../core/errors.ts';
import type { Portion } from './allowance.ts';
import { BATCH_MESSAGES_MAX, sizeOf, type Item } from './messages.ts';
import { streamOf, type StreamId } from './streams.ts';
import { topicProblem } from './topics.ts';

/** Bytes that may wait: whoever publishes faster than its store writes has to wait. */
const QUEUE_BYTES_MAX = 4 * 1024 * 1024;

/** Bytes of one batch: with signature and base64 it fits into one message of the layer below. */
const BATCH_BYTES_MAX = 384 * 1024;

/** Lamport times that may have been used and not stored, where storing comes behind: many times what one moment can hold. */
const UNSTORED_TIMES = 100_000;

/** The number that a message was given, or the first of a run. */
export interface Published {
  readonly life: number;
  readonly sequence: number;
}

/** What of a batch its author writes. */
export interface Draft {
  readonly life: number;
  readonly first: number;
  readonly lamport: number;
  readonly after: Record<StreamId, number>;
  readonly messages: readonly Item[];
  /** Tells those who wait that it is durable. */
  readonly done: () => void;
}

interface Waiting {
  readonly item: Item;
  readonly bytes: number;
  readonly published: (published: Published) => void;
}

/** Numbers what one node publishes. */
export class Author {
  readonly #payloadBytesMax: number;
  readonly #waiting: Waiting[] = [];
  #bytes = 0;
  /** What it had when it published last. */
  #knew: Readonly<Record<StreamId, number>> = {};
  #said = 0;
  life = 0;
  /** Number of the next message. */
  next = 1;
  /** Greatest Lamport time that was met (Lamport 1978). */
  lamport = 0;

  constructor(payloadBytesMax: number) {
    this.#payloadBytesMax = payloadBytesMax;
  }

  /** Number of the last message that was said, or may be: what comes after may still be lost in a crash. */
  get said(): number {
    return this.#said;
  }

  /** Whether anything waits to be published. */
  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Takes a message; fulfilled with its number when it is durable here. @throws {Refusal} when it is none, or too much waits */
  add(item: Item): Promise<Published> {
    const problem = topicProblem(item.topic);
    if (problem !== undefined)
      throw new Refusal(`the topic '${item.topic.slice(0, 80)}' ${problem}`);
    const bytes = canonicalLength(item.payload) + 2 * item.topic.length;
    if (bytes > this.#payloadBytesMax) {
      throw new Refusal(`a message of ${bytes} bytes; ${this.#payloadBytesMax} are allowed`);
    }
    if (this.#bytes + bytes > QUEUE_BYTES_MAX) {
      throw new Refusal('too much waits to be published: wait for what was published before');
    }
    this.#bytes += bytes;
    return new Promise((published) => this.#waiting.push({ item, bytes, published }));
  }

  /** Goes on where it was; begins a new life when it does not know that, or does so for the first time. */
  restore(
    self: (Pick<Author, 'life' | 'next' | 'lamport'> & { readonly isBehind?: boolean }) | undefined,
    nowMs: number,
  ): void {
    const { life = -1, next = 1, lamport = 0, isBehind = false } = self ?? {};
    this.life = self === undefined || isBehind ? Math.max(Math.floor(nowMs), life + 1) : life;
    this.next = this.life === life ? next : 1;
    this.lamport = isBehind ? lamport + UNSTORED_TIMES : lamport;
    this.#said = this.next - 1;
  }

  /** A message with this number is being said: whoever asks may be told of it. What waited for the store may come after what did not. */
  saying(number: number): void {
    this.#said = Math.max(this.#said, number);
  }

  /** Hears a Lamport time. */
  hear(lamport: number): void {
    this.lamport = Math.max(this.lamport, lamport);
  }

  /** The next batch of what waits, of about this size at most; undefined when nothing does. */
  draft(me: string, have: Readonly<Record<StreamId, number>>, portion: Portion): Draft | undefined {
    const taken = this.#take(portion);
    if (taken.length === 0) return undefined;
    const size = sizeOf(taken.map(({ item }) => item));
    const own = streamOf(me, this.life);
    const changed = Object.entries(have).filter(
      ([stream, number]) => stream !== own && number > (this.#knew[stream] ?? 0),
    );
    this.#knew = have;
    const [first, lamport, life] = [this.next, this.lamport + 1, this.life];
    this.next += size;
    this.lamport += size;
    return {
      ...{ life, first, lamport, after: Object.fromEntries(changed) },
      messages: taken.map(({ item }) => item),
      done: () => {
        let sequence = first;
        for (const { item, published } of taken) {
          published({ life, sequence });
          sequence += item.count ?? 1;
        }
      },
    };
  }

  /** What of it goes into one batch. */
  #take(portion: Portion): readonly Waiting[] {
    const sizeMax = Math.min(BATCH_MESSAGES_MAX, portion.messages);
    const bytesMax = Math.min(BATCH_BYTES_MAX, portion.bytes);
    let [count, size, bytes] = [0, 0, 0];
    for (const { item, bytes: own } of this.#waiting) {
      size += item.count ?? 1;
      bytes += own;
      if (count > 0 && (size > sizeMax || bytes > bytesMax)) break;
      count++;
      this.#bytes -= own;
    }
    return this.#waiting.splice(0, count);
  }
}
