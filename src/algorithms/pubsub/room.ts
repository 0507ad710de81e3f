/** Whether there is room on the disk: what a full one refused is kept, and written first when it is tried again. */

import { StorageFull } from '../../core/storage-error.ts';

/** What surrounds it. */
export interface RoomOwner {
  /** Whether the store, which was full, takes writes again: everything that it refused is here, and comes first. */
  resume(): boolean;
  /** There is no room, and why; or there is some again. */
  full(why: string | undefined): void;
}

/** The room of one node. */
export class Room {
  readonly #owner: RoomOwner;
  #refused: Readonly<Record<string, unknown>> = {};
  #problem: string | undefined;

  constructor(owner: RoomOwner) {
    this.#owner = owner;
  }

  /** Why nothing can be stored; undefined while all is well. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** What is to be written: what was refused as well, where nothing newer stands in its place. */
  with(entries: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return { ...this.#refused, ...entries };
  }

  /** A write is durable. */
  stored(): void {
    if (this.#problem === undefined) return;
    this.#refused = {};
    this.#problem = undefined;
    this.#owner.full(undefined);
  }

  /** A write has failed. @throws what it failed with, unless the disk was full and may have room again */
  failed(error: unknown, entries: Readonly<Record<string, unknown>>): void {
    if (!(error instanceof StorageFull) || !this.#owner.resume()) throw error;
    this.#refused = entries;
    const isNews = this.#problem === undefined;
    this.#problem = error.message;
    if (isNews) this.#owner.full(error.message);
  }
}
