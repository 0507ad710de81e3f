/**
 * The desk of a node: what comes in is noted, what has become ready is delivered, and between the two lies one write to the store. While a
 * write is under way, what comes meanwhile gathers for the next one: the faster messages come, the more of them share a write.
 */

import type { Delivered } from './messages.ts';

/** What follows when a write is durable. */
export interface Consequences {
  readonly deliveries: Delivered[];
  readonly acts: (() => void)[];
}

/** What surrounds a desk. */
export interface DeskOwner {
  /** Stores all or nothing. */
  store(entries: Readonly<Record<string, unknown>>): Promise<void>;
  /** What is to be known as durable is taken now; called before each write. */
  gather(): void;
  /** Happens when it is stored, in order. */
  deliver(delivered: Delivered): void;
}

/** Writes first, acts afterwards. */
export class Desk {
  readonly #owner: DeskOwner;
  readonly #persists: boolean;
  #entries: Record<string, unknown> = {};
  #isDirty = false;
  #next: Consequences = { deliveries: [], acts: [] };
  #writing: Promise<void> | undefined;

  constructor(owner: DeskOwner, persists: boolean) {
    this.#owner = owner;
    this.#persists = persists;
  }

  /** To be stored with the next write; undefined removes it. */
  put(key: string, value: unknown): void {
    if (!this.#persists) return;
    this.#entries[key] = value;
    this.#isDirty = true;
  }

  /** To be delivered when what is put now is durable. */
  deliver(deliveries: readonly Delivered[]): void {
    for (const delivered of deliveries) this.#next.deliveries.push(delivered);
  }

  /** To be done when what is put now is durable, after the deliveries. */
  afterwards(act: () => void): void {
    this.#next.acts.push(act);
  }

  /** Writes what there is, unless a write is under way: then it follows. @returns what to wait for; undefined when all is done */
  flush(): Promise<void> | undefined {
    if (this.#writing !== undefined) return this.#writing;
    this.#owner.gather();
    const { deliveries, acts } = this.#next;
    if (!this.#isDirty) {
      this.#act();
      return undefined;
    }
    const entries = this.#entries;
    this.#entries = {};
    this.#isDirty = false;
    this.#next = { deliveries: [], acts: [] };
    this.#writing = this.#owner.store(entries).then(() => {
      this.#writing = undefined;
      this.#follow(deliveries, acts);
      return this.flush();
    });
    return this.#writing;
  }

  #act(): void {
    while (this.#next.deliveries.length > 0 || this.#next.acts.length > 0) {
      const { deliveries, acts } = this.#next;
      this.#next = { deliveries: [], acts: [] };
      this.#follow(deliveries, acts);
    }
  }

  #follow(deliveries: readonly Delivered[], acts: readonly (() => void)[]): void {
    for (const delivered of deliveries) this.#owner.deliver(delivered);
    for (const act of acts) act();
  }
}
