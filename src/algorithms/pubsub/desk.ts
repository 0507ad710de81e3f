/**
 * The desk of a node: what comes in is noted, what has become ready is delivered, and between the two lies one write to the store. While a
 * write is under way, what comes meanwhile gathers for the next one: the faster messages come, the more of them share a write. Where writes
 * may come behind, nothing waits for them, and they share one even longer.
 *
 * Where there is no room to store anything, what others said is delivered from memory, and what is to be published waits. It is tried again
 * now and then.
 */

import type { Timer } from '../../core/ports.ts';
import type { Delivered } from './messages.ts';
import { Room, type RoomOwner } from './room.ts';

/** What follows when a write is durable. */
export interface Consequences {
  readonly deliveries: Delivered[];
  readonly acts: (() => void)[];
}

/** What surrounds a desk. */
export interface DeskOwner extends RoomOwner {
  /** Stores all or nothing. */
  store(entries: Readonly<Record<string, unknown>>): Promise<void>;
  /** What is to be known as durable is taken now; called before each write. */
  gather(): void;
  /** Happens when it is stored, in order. */
  deliver(delivered: Delivered): void;
  /** Whether a message is stored elsewhere, whatever becomes of this store: it is somebody else's. */
  isStored(delivered: Delivered): boolean;
  after(delayMs: number, callback: () => unknown): Timer;
}

/** How a desk stores: before it acts, while what is published is said already, behind all of it, or never. */
export type Storing = 'before' | 'beside' | 'behind' | 'never';

/** Milliseconds that writes gather where they may come behind: a crash forgets so much. */
const BEHIND_MS = 20;

/** Writes first, acts afterwards. */
export class Desk {
  readonly #owner: DeskOwner;
  readonly #storing: Storing;
  readonly #room: Room;
  #entries: Record<string, unknown> = {};
  #isDirty = false;
  #next: Consequences = { deliveries: [], acts: [] };
  /** To be delivered when the write that is under way is durable. */
  #underWay: readonly Delivered[] = [];
  #writing: Promise<void> | undefined;
  #timer: Timer | undefined;
  #isActing = false;
  #hasMore = false;
  #isTrying = false;

  constructor(owner: DeskOwner, storing: Storing) {
    this.#owner = owner;
    this.#storing = storing;
    this.#room = new Room(owner);
  }

  /** Why nothing can be stored now; undefined while all is well. */
  get problem(): string | undefined {
    return this.#room.problem;
  }

  /** To be stored with the next write; undefined removes it. */
  put(key: string, value: unknown): void {
    if (this.#storing === 'never') return;
    this.#entries[key] = value;
    this.#isDirty = true;
  }

  /** To be delivered when what is put now is durable. */
  deliver(deliveries: readonly Delivered[]): void {
    for (const delivered of deliveries) this.#next.deliveries.push(delivered);
  }

  /** What will be delivered, and has not been. */
  get pending(): readonly Delivered[] {
    return [...this.#underWay, ...this.#next.deliveries];
  }

  /** To be done when what is put now is durable, after the deliveries. */
  afterwards(act: () => void): void {
    this.#next.acts.push(act);
  }

  /** Writes what there is, unless a write is under way: then it follows. @returns what to wait for; undefined when all is done */
  flush(): Promise<void> | undefined {
    if (this.#storing === 'behind') return this.#flushBehind();
    if (this.#writing !== undefined) {
      // What is published meanwhile may be said.
      if (this.#storing === 'beside') this.#owner.gather();
      return this.#writing;
    }
    this.#owner.gather();
    const { deliveries, acts } = this.#next;
    if (!this.#isDirty) {
      this.#act();
      return undefined;
    }
    if (this.#room.problem !== undefined && !this.#isTrying) {
      this.#deliverUnstored();
      return undefined;
    }
    this.#next = { deliveries: [], acts: [] };
    this.#underWay = deliveries;
    this.#writing = this.#write(
      () => {
        this.#underWay = [];
        this.#follow(deliveries, acts);
        return this.flush();
      },
      () => {
        this.#underWay = [];
        this.#next.deliveries.unshift(...deliveries);
        this.#next.acts.unshift(...acts);
        this.#deliverUnstored();
        return undefined;
      },
    );
    return this.#writing;
  }

  /** Tries once more, where there was no room; called now and then. */
  retry(): Promise<void> | undefined {
    if (this.#room.problem === undefined || this.#writing !== undefined) return undefined;
    this.#isTrying = true;
    const waiting = this.flush();
    this.#isTrying = false;
    return waiting;
  }

  /** Fulfilled when everything that was put is stored. */
  async settle(): Promise<void> {
    await this.flush();
    if (this.#storing !== 'behind') return;
    await this.#writing;
    if (this.#isDirty) await this.#write(none, none);
  }

  #flushBehind(): undefined {
    this.#hasMore = true;
    // What acts may bring more, which comes after it.
    if (this.#isActing) return undefined;
    this.#isActing = true;
    while (this.#hasMore) {
      this.#hasMore = false;
      this.#owner.gather();
      this.#act();
    }
    this.#isActing = false;
    this.#writeSoon();
    return undefined;
  }

  #writeSoon(): void {
    if (!this.#isDirty || this.#timer !== undefined || this.#writing !== undefined) return;
    this.#timer = this.#owner.after(BEHIND_MS, () => {
      this.#timer = undefined;
      if (!this.#isDirty) return undefined;
      this.#writing = this.#write(() => this.#writeSoon(), none);
      return this.#writing;
    });
  }

  #write(stored: () => Promise<void> | void, refused: () => Promise<void> | void): Promise<void> {
    const entries = this.#room.with(this.#taken());
    return this.#owner.store(entries).then(
      () => {
        this.#writing = undefined;
        this.#room.stored();
        return stored();
      },
      (error: unknown) => {
        this.#writing = undefined;
        this.#room.failed(error, entries);
        this.#isDirty = true;
        return refused();
      },
    );
  }

  /** Nothing can be stored now: what others said is delivered all the same. */
  #deliverUnstored(): void {
    const { deliveries } = this.#next;
    for (const delivered of deliveries.splice(0)) {
      if (this.#owner.isStored(delivered)) this.#owner.deliver(delivered);
      else deliveries.push(delivered);
    }
  }

  #taken(): Record<string, unknown> {
    const entries = this.#entries;
    this.#entries = {};
    this.#isDirty = false;
    return entries;
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

function none(): void {}
