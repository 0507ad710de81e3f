/**
 * A log: records with consecutive indexes, and a few named values beside them (a term, a vote, what was applied).
 *
 * It has one way to change, {@link LogStore.write}, and a write is all or nothing: what has to be true together (a vote and its term, the
 * end of a log that is replaced by another) is written together, so that no crash can come between. `StoredLog` makes one of any `Store`.
 */

import type { Survival } from './ports.ts';
import type { Value, ValueMap } from './value.ts';

/** What a log holds beside its records. */
export interface LogState {
  /** Index of the oldest record kept; 1 in a new log. */
  readonly first: number;
  /** Index of the newest record; `first − 1` when there is none. */
  readonly last: number;
  /** The named values. */
  readonly metadata: ValueMap;
}

/** One change of a log. Its parts are done in the order in which they stand here, all of them or none. */
export interface LogChange {
  /** Sets named values; undefined removes one. The others stay. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /**
   * Index of the first record of `append`, or of the next one to come: what the log had from here on is gone. From `first` to
   * `last + 1`; the end of the log unless given.
   */
  readonly at?: number;
  /** New records. */
  readonly append?: readonly unknown[];
  /**
   * Forgets every record before this index (compaction). Beyond the end it forgets all, and the next record has this index: so a log
   * goes on behind an installed snapshot. Where the log already begins later, nothing happens.
   */
  readonly startAt?: number;
}

/** A durable log. Whatever is asked first is done first, awaited or not, and a read sees every write that was asked before it. */
export interface LogStore {
  readonly kind: string;
  readonly survives: Survival;
  /** @throws {CorruptRecord} when the named values are damaged */
  state(): Promise<LogState>;
  /**
   * The records from `from` to `to`, both included, as far as they exist.
   *
   * @param bytesMax ends the list before this many encoded bytes are exceeded; one record is always returned
   * @throws {CorruptRecord} naming the first record that is damaged or missing
   */
  read(from: number, to: number, bytesMax?: number): Promise<readonly Value[]>;
  /**
   * Fulfilled when the change is as durable as {@link survives} says.
   *
   * @throws {ValueError} when a record is no value, and {RangeError} when `at` would leave a gap: nothing was written, the log goes on
   * @throws {StorageError} as {@link Store.putAll} does
   */
  write(change: LogChange): Promise<void>;
}
