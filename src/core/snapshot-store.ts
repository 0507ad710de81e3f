/**
 * Snapshots of one algorithm of one node: what a state machine was at one point of its log, so that the log before it can be
 * forgotten, and so that a node that is far behind can be sent the state instead of the history.
 *
 * A snapshot comes in chunks and is invisible until it is installed, which is one step: after a crash there is the old one or the new one,
 * and a part that was received is found again, so that a transfer goes on where it stopped. Only the newest few are kept.
 */

import type { Value } from './value.ts';

/** A complete snapshot. */
export interface SnapshotInfo {
  /** Unique among the snapshots of a log; Raft's is made of term and index. */
  readonly id: string;
  /** What it is a snapshot of, in the words of the algorithm: index, term, membership. */
  readonly label: Value;
  readonly size: number;
  /** CRC-32 of all its bytes ({@link checksum}). */
  readonly checksum: number;
}

/** Where snapshots are kept. Whatever is asked first is done first, awaited or not. */
export interface SnapshotStore {
  /** Complete snapshots, the newest first. */
  list(): Promise<readonly SnapshotInfo[]>;
  /** How many bytes of this snapshot are there, complete or not: a transfer goes on from here. 0 when it is unknown. */
  received(id: string): Promise<number>;
  /**
   * Stores the next bytes of a snapshot that is not yet complete. At offset 0 a new reception begins, and forgets the part of an earlier
   * one.
   *
   * @param offset how many bytes there are already
   * @throws {RangeError} when they are not so many: nothing was stored
   */
  receive(id: string, offset: number, bytes: Uint8Array): Promise<void>;
  /**
   * Makes a received snapshot the newest one, and forgets those beyond the number that is kept, and parts of others.
   *
   * @throws {CorruptRecord} when size or checksum of what was received are not these: the part is forgotten
   */
  install(snapshot: SnapshotInfo): Promise<void>;
  /**
   * At most `bytesMax` bytes from `offset` on; none behind the end.
   *
   * @throws {CorruptRecord} when a part is damaged or missing, {RangeError} when there is no such complete snapshot
   */
  read(id: string, offset: number, bytesMax: number): Promise<Uint8Array>;
  /** Forgets all of them, and what was received. */
  erase(): Promise<void>;
}
