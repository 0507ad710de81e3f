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

/**
 * Durable key-value storage of one algorithm of one node. A reloaded tab finds what it had stored.
 *
 * A promise is fulfilled when the data would survive a crash of the tab.
 */
export interface Store {
  /** The value under `key`, or undefined. */
  get(key: string): Promise<Value | undefined>;
  /** Stores one value. */
  put(key: string, value: unknown): Promise<void>;
  /** Stores several values and removes those given as undefined, all or none of them. */
  putAll(entries: Readonly<Record<string, unknown>>): Promise<void>;
  /** Removes a value. */
  delete(key: string): Promise<void>;
  /** All entries whose key begins with `prefix`, in order of their keys. */
  entries(prefix?: string): Promise<readonly (readonly [key: string, value: Value])[]>;
}

/**
 * A durable append-only log: records with consecutive indexes from {@link firstIndex}.
 *
 * Every method's promise is fulfilled when its effect would survive a crash of the tab; an append or a truncation is all or nothing.
 */
export interface LogStore {
  /** Index of the oldest record kept; 1 in a new log. */
  firstIndex(): Promise<number>;
  /** Index of the newest record; `firstIndex − 1` when there is none. */
  lastIndex(): Promise<number>;
  /** Appends records and returns the index of the last. */
  append(records: readonly unknown[]): Promise<number>;
  /** The records from `from` to `to`, both included, as far as they exist. */
  read(from: number, to: number): Promise<readonly Value[]>;
  /** Removes every record behind `index`. */
  truncateAfter(index: number): Promise<void>;
  /** Removes every record before `index` (compaction). */
  truncateBefore(index: number): Promise<void>;
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
