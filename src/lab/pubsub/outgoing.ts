/**
 * What a program publishes, on its way to the links. What is published in one go, and what gathers while a batch is stored or the links are
 * full, goes in one parcel, under one signature; messages of one topic that follow each other in it are packed into one payload, and encrypted
 * at once. So whoever publishes faster than the group can take it waits, and nothing is lost.
 */

import { canonicalLength } from '../../core/canonical.ts';
import { Refusal } from '../../core/errors.ts';
import type { Value } from '../../core/value.ts';
import type { Published } from '../../algorithms/pubsub/author.ts';
import { BATCH_MESSAGES_MAX, type Item } from '../../algorithms/pubsub/messages.ts';

/** Bytes that may wait to be published; a program that does not wait for what it published is refused then, in words. */
export const WAITING_BYTES_MAX = 16 * 1024 * 1024;

/** Bytes of a parcel: enough that a signature costs little, and not so many that the first message waits for the last. */
const PARCEL_BYTES_MAX = 48 * 1024;

/**
 * Bytes that are being encrypted, stored and signed at a time; while there are some, less than a parcel waits for more. A disk that takes 50 ms
 * still lets 5 MB a second pass, and links that are full take as much once more.
 */
const UNDER_WAY_BYTES_MAX = 256 * 1024;

/** What a message has beside its payload, about. */
const OVERHEAD_BYTES = 16;

/** The member that publishes. */
export interface OutgoingHost {
  /** Whether the links to those whom a topic concerns take more now. */
  hasRoom(topic: string): boolean;
  /** Encrypts what is to be published to a topic; a promise when that takes time. */
  seal(topic: string, payload: Value): Value | Promise<Value>;
  /** Takes an item; fulfilled with its first number when it is stored and on its way. @throws {Refusal} */
  enqueue(item: Item): Promise<Published>;
  /** Makes batches of what was taken. */
  flush(): void;
}

interface Waiting {
  readonly topic: string;
  readonly payload: Value;
  readonly retain: boolean;
  readonly bytes: number;
  readonly resolve: (published: Published) => void;
  readonly reject: (error: unknown) => void;
}

/** Messages that share a payload. */
interface Run {
  readonly messages: readonly Waiting[];
  readonly bytes: number;
}

/** The messages of one member that wait to be published. */
export class Outgoing {
  readonly #host: OutgoingHost;
  #waiting: Waiting[] = [];
  /** How many of them are gone. */
  #taken = 0;
  #bytes = 0;
  #underWay = 0;
  #isDue = false;
  /** Set while parcels are being encrypted: what comes later leaves behind them. */
  #sealing: Promise<void> | undefined;
  #isClosed = false;

  constructor(host: OutgoingHost) {
    this.#host = host;
  }

  /** Messages that wait. */
  get size(): number {
    return this.#waiting.length - this.#taken;
  }

  /** Takes a message; fulfilled with its number when it is stored and on its way. @throws {Refusal} when too much waits */
  publish(topic: string, payload: Value, retain: boolean): Promise<Published> {
    const bytes = canonicalLength(payload) + OVERHEAD_BYTES;
    if (this.#bytes + bytes > WAITING_BYTES_MAX && this.size > 0) {
      throw new Refusal(
        `${this.size} messages wait to be published: wait for what was published before`,
      );
    }
    this.#bytes += bytes;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ topic, payload, retain, bytes, resolve, reject });
      this.#soon();
    });
  }

  /** Sends on what may go: called when there is room again. */
  flush(): void {
    let hasSent = false;
    while (this.#mayGo()) {
      this.#send(this.#nextParcel());
      hasSent = true;
    }
    if (hasSent) this.#host.flush();
  }

  /** Ends: what waits is refused. */
  close(): void {
    this.#isClosed = true;
    for (const { reject } of this.#waiting.splice(0).slice(this.#taken)) reject(stopped());
    [this.#taken, this.#bytes] = [0, 0];
  }

  /** What a program publishes in one go goes together. */
  #soon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.flush();
    });
  }

  #mayGo(): boolean {
    if (!this.#hasRoomForNext()) return false;
    return (
      this.#underWay === 0 ||
      (this.#bytes >= PARCEL_BYTES_MAX && this.#underWay < UNDER_WAY_BYTES_MAX)
    );
  }

  #hasRoomForNext(): boolean {
    const next = this.#waiting[this.#taken];
    return next !== undefined && this.#host.hasRoom(next.topic);
  }

  /** What goes together next, in runs: as far as the links to those whom it concerns have room. */
  #nextParcel(): readonly Run[] {
    const runs: Run[] = [];
    for (let room = PARCEL_BYTES_MAX; room > 0 && this.#hasRoomForNext();) {
      const messages = this.#nextRun(room);
      const bytes = messages.reduce((sum, each) => sum + each.bytes, 0);
      runs.push({ messages, bytes });
      room -= bytes;
      this.#bytes -= bytes;
      this.#underWay += bytes;
    }
    return runs;
  }

  /** The next messages that can share a payload: of one topic, and none that is a last value. */
  #nextRun(bytesMax: number): readonly Waiting[] {
    const begin = this.#taken;
    const { topic, retain } = this.#waiting[begin]!;
    let [end, bytes] = [begin, 0];
    while (end < this.#waiting.length && end - begin < BATCH_MESSAGES_MAX) {
      const next = this.#waiting[end]!;
      bytes += next.bytes;
      const fits = next.topic === topic && !next.retain && !retain && bytes <= bytesMax;
      if (end > begin && !fits) break;
      end++;
    }
    const run = this.#waiting.slice(begin, end);
    this.#taken = end;
    if (this.#taken * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#taken);
      this.#taken = 0;
    }
    return run;
  }

  /** Encrypts a parcel and hands it on, behind those before it. */
  #send(parcel: readonly Run[]): void {
    let items: readonly (Item | Promise<Item>)[];
    try {
      items = parcel.map(({ messages }) => this.#itemOf(messages));
    } catch (error) {
      for (const run of parcel) this.#refuse(run, error);
      return;
    }
    if (this.#sealing === undefined && items.every(isReady)) {
      this.#handOn(parcel, items);
      return;
    }
    const ready = Promise.all(items.map((item) => Promise.resolve(item)));
    const sealing: Promise<void> = Promise.all([ready, this.#sealing])
      .then(([sealed]) => {
        if (this.#isClosed) throw stopped();
        this.#handOn(parcel, sealed);
        this.#host.flush();
      })
      .catch((error: unknown) => {
        for (const run of parcel) this.#refuse(run, error);
      })
      .then(() => {
        if (this.#sealing === sealing) this.#sealing = undefined;
      });
    this.#sealing = sealing;
  }

  #itemOf(run: readonly Waiting[]): Item | Promise<Item> {
    const { topic, payload, retain } = run[0]!;
    // A last value that ends is seen to, whoever has the key.
    if (retain && payload === null) return { topic, payload, retain };
    const count = run.length === 1 ? {} : { count: run.length };
    const sealed = this.#host.seal(
      topic,
      run.length === 1 ? payload : run.map((each) => each.payload),
    );
    const itemWith = (box: Value): Item => ({ topic, payload: box, retain, ...count });
    return sealed instanceof Promise ? sealed.then(itemWith) : itemWith(sealed);
  }

  #handOn(parcel: readonly Run[], items: readonly Item[]): void {
    for (const [at, run] of parcel.entries()) {
      try {
        this.#host.enqueue(items[at]!).then(
          (first) => this.#published(run, first),
          (error: unknown) => this.#refuse(run, error),
        );
      } catch (error) {
        this.#refuse(run, error);
      }
    }
  }

  #published({ messages, bytes }: Run, { life, sequence }: Published): void {
    this.#underWay -= bytes;
    for (const [index, { resolve }] of messages.entries()) {
      resolve({ life, sequence: sequence + index });
    }
    this.flush();
  }

  #refuse({ messages, bytes }: Run, error: unknown): void {
    this.#underWay -= bytes;
    for (const { reject } of messages) reject(error);
    this.#soon();
  }
}

function isReady(item: Item | Promise<Item>): item is Item {
  return !(item instanceof Promise);
}

function stopped(): Refusal {
  return new Refusal('the member has stopped');
}
