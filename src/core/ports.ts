/**
 * The ports: everything an algorithm gets from the world. Offline they are seeded and virtual, live they are real; an algorithm cannot
 * tell, and so the same file runs in both.
 */

import type { NodeId } from './id.ts';
import type { Value } from './value.ts';

/** A timer that was set. */
export interface Timer {
  /** Stops it; without effect when it has fired or was stopped. */
  cancel(): void;
}

/** Time of the node, in milliseconds. Stands still within a turn. */
export interface Clock {
  /** Milliseconds since the run began at this node. */
  now(): number;
  /** Calls back once after `delayMs`. */
  after(delayMs: number, callback: () => unknown): Timer;
}

/** What a store's fulfilled promise is worth. */
export type Survival =
  /** Nothing: the data goes with the process. */
  | 'nothing'
  /** The data survives a crash of the tab and of the browser; a power cut may lose what was written last. */
  | 'tab crash'
  /** The browser has handed the data to the disk, and was told that it is there. */
  | 'power cut';

/**
 * Durable key-value storage of one algorithm of one node. A reloaded tab finds what it had stored.
 *
 * A promise is fulfilled when the data would survive what {@link survives} names. Writes become durable in the order in which they were
 * asked for, awaited or not, and a read sees every write that was asked for before it. `src/storage` implements it, and whoever else passes
 * the suite in `src/storage/conformance`.
 *
 * When a write fails with a `StorageError`, it left nothing behind, and so did every write after it: what was asked for later may
 * rest on it. The store is of no use any more; the node stops, and finds what is durable when it comes back.
 */
export interface Store {
  /** Which store it is, and what its promises are worth where there is a choice: `indexeddb-strict`. */
  readonly kind: string;
  readonly survives: Survival;
  /**
   * The value under `key`, or undefined.
   * @throws {CorruptRecord} when what comes back is not what was stored
   */
  get(key: string): Promise<Value | undefined>;
  /** Stores one value. */
  put(key: string, value: unknown): Promise<void>;
  /**
   * Stores several values and removes those given as undefined, all or none of them.
   *
   * @throws {ValueError} when one is no value: nothing was stored, and the store goes on
   * @throws {StorageError} when storage fails: {@link StorageFull}, {@link StorageTaken}
   */
  putAll(entries: Readonly<Record<string, unknown>>): Promise<void>;
  /** Removes a value. */
  delete(key: string): Promise<void>;
  /**
   * All entries whose key begins with `prefix`, in order of their keys.
   * @throws {CorruptRecord} naming the first that is damaged
   */
  entries(prefix?: string): Promise<readonly (readonly [key: string, value: Value])[]>;
  /**
   * After a {@link StorageFull}, and when every write since has been answered: takes writes again. Whoever calls it has kept what was
   * refused, and writes it first. False when it cannot; a store without it never can, and is of no use after a failure.
   */
  resume?(): boolean;
  /** What is left when `entries` has met damage, for whoever can do without the rest; where a store can tell. */
  salvage?(): Promise<Salvage>;
}

/** What is left of a store with damage in it. */
export interface Salvage {
  /** In order of their keys. */
  readonly whole: readonly (readonly [key: string, value: Value])[];
  /** Keys of entries that are not what was stored. */
  readonly damaged: readonly string[];
}

/** Makes and checks signatures. Offline they are ideal and immediate, live they are Ed25519. */
export interface Signer {
  /** 64 bytes over `content`, by this node. */
  sign(content: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** Whether `signature` over `content` was made by `signer`. Unknown signers sign nothing. */
  verify(signer: NodeId, content: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>;
}

/** Severity of a log line. `trace` shows with -vv, `debug` with -v. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** A node's log. */
export type Logger = { readonly [level in LogLevel]: (text: string) => void };
