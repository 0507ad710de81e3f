/**
 * What a program publishes, on its way to the links. Messages of one topic that follow each other are packed into one payload, and encrypted
 * and signed at once: what is published in one go, and what gathers while a batch is stored or the links are full. So whoever publishes
 * faster than the group can take it waits, and nothing is lost.
 */

import { canonicalLength } from '../../core/canonical.ts';
import { Refusal } from '../../core/errors.ts';
import type { Value } from '../../core/value.ts';
import type { Published } from '../../algorithms/pubsub/author.ts';
import { BATCH_MESSAGES_MAX, type Item } from '../../algorithms/pubsub/messages.ts';

/** Bytes that may wait to be published; a program that does not wait for what it published is refused then, in words. */
export const WAITING_BYTES_MAX = 16 * 1024 * 1024;

/** Bytes of messages that share a payload: enough that a signature and a key cost little, and not so many that the first waits for the last. */
const RUN_BYTES_MAX = 48 * 1024;

/** Bytes that are being stored and signed at a time; while there are some, less than a run waits for more. */
const UNDER_WAY_BYTES_MAX = 2 * RUN_BYTES_MAX;

/** What a message has beside its payload, about. */
const OVERHEAD_BYTES = 16;

/** The member that publishes. */
export interface OutgoingHost {
  /** Whether the links to those whom a topic concerns take more now. */
  hasRoom(topic: string): boolean;
  /** Encrypts what is to be published to a topic. */
  seal(topic: string, payload: Value): Value;
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

/** The messages of one member that wait to be published. */
export class Outgoing {
  readonly #host: OutgoingHost;
  #waiting: Waiting[] = [];
  /** How many of them are gone. */
  #taken = 0;
  #bytes = 0;
  #underWay = 0;
  #isDue = false;

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
      this.#send(this.#nextRun());
      hasSent = true;
    }
    if (hasSent) this.#host.flush();
  }

  /** Ends: what waits is refused. */
  close(): void {
    for (const { reject } of this.#waiting.splice(0).slice(this.#taken)) {
      reject(new Refusal('the member has stopped'));
    }
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
    const next = this.#waiting[this.#taken];
    if (next === undefined || !this.#host.hasRoom(next.topic)) return false;
    return (
      this.#underWay === 0 || (this.#bytes >= RUN_BYTES_MAX && this.#underWay < UNDER_WAY_BYTES_MAX)
    );
  }

  /** The next messages that can share a payload: of one topic, and none that is a last value. */
  #nextRun(): readonly Waiting[] {
    const begin = this.#taken;
    const { topic, retain } = this.#waiting[begin]!;
    let [end, bytes] = [begin, 0];
    while (end < this.#waiting.length && end - begin < BATCH_MESSAGES_MAX) {
      const next = this.#waiting[end]!;
      bytes += next.bytes;
      const fits = next.topic === topic && !next.retain && !retain && bytes <= RUN_BYTES_MAX;
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

  #send(run: readonly Waiting[]): void {
    const bytes = run.reduce((sum, each) => sum + each.bytes, 0);
    this.#bytes -= bytes;
    this.#underWay += bytes;
    this.#enqueue(run).then(
      ({ life, sequence }) => {
        this.#underWay -= bytes;
        for (const [index, { resolve }] of run.entries()) {
          resolve({ life, sequence: sequence + index });
        }
        this.flush();
      },
      (error: unknown) => {
        this.#underWay -= bytes;
        for (const { reject } of run) reject(error);
        this.flush();
      },
    );
  }

  async #enqueue(run: readonly Waiting[]): Promise<Published> {
    const { topic, payload, retain } = run[0]!;
    // A last value that ends is seen to, whoever has the key.
    if (retain && payload === null) return this.#host.enqueue({ topic, payload, retain });
    if (run.length === 1) {
      return this.#host.enqueue({ topic, payload: this.#host.seal(topic, payload), retain });
    }
    const sealed = this.#host.seal(
      topic,
      run.map((each) => each.payload),
    );
    return this.#host.enqueue({ topic, payload: sealed, retain, count: run.length });
  }
}
