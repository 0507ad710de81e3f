/**
 * Snapshots in a key-value store: its `putAll` is all or nothing, and that is what an installation needs. So whatever has a `Store` has
 * snapshots.
 *
 * Two kinds of records: `part/ID/OFFSET` holds the bytes from that offset on with their checksum, and `snapshots` is the list of the complete
 * ones. The sum of the parts of a snapshot that is received is kept in `receiving/ID`, so that no part is read again.
 */

import { checksum } from '../core/checksum.ts';
import type { Store } from '../core/ports.ts';
import type { SnapshotInfo, SnapshotStore } from '../core/snapshot-store.ts';
import { CorruptRecord } from '../core/storage-error.ts';
import type { Value } from '../core/value.ts';

/** One for use, and one for those who are being sent it while the next is installed. */
export const SNAPSHOTS_KEPT = 2;

/** Where the parts of a snapshot begin, and what they sum up to. */
interface Parts {
  readonly offsets: readonly number[];
  readonly size: number;
  readonly checksum: number;
}

interface Complete extends Parts {
  readonly info: SnapshotInfo;
}

const NO_PARTS: Parts = { offsets: [], size: 0, checksum: 0 };

/** The snapshots of one log. */
export class StoredSnapshots implements SnapshotStore {
  readonly #store: Store;
  readonly #name: string;
  readonly #kept: number;
  /** The tail of what was asked: one thing is done after the other. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param store of its own: it uses every key
   * @param name of the log, for errors
   * @param kept how many complete snapshots there are at most
   */
  constructor(store: Store, name: string, kept = SNAPSHOTS_KEPT) {
    this.#store = store;
    this.#name = name;
    this.#kept = kept;
  }

  list(): Promise<readonly SnapshotInfo[]> {
    return this.#next(async () => (await this.#complete()).map(({ info }) => info));
  }

  received(id: string): Promise<number> {
    return this.#next(async () => (await this.#parts(id)).size);
  }

  receive(id: string, offset: number, bytes: Uint8Array): Promise<void> {
    const own = bytes.slice();
    return this.#next(async () => {
      const complete = (await this.#complete()).find(({ info }) => info.id === id);
      if (complete !== undefined) throw new RangeError(`snapshot ${id} is complete`);
      const found = await this.#receiving(id);
      const before = offset === 0 ? NO_PARTS : found;
      if (offset !== before.size) {
        throw new RangeError(`snapshot ${id} has ${before.size} bytes; these are for ${offset}`);
      }
      const parts: Parts = {
        offsets: [...before.offsets, offset],
        size: offset + own.length,
        checksum: checksum(own, before.checksum),
      };
      const stale = offset === 0 ? without(id, found) : {};
      await this.#store.putAll({
        ...stale,
        [partKey(id, offset)]: { bytes: own, checksum: checksum(own) },
        [receivingKey(id)]: parts,
      });
    });
  }

  install(snapshot: SnapshotInfo): Promise<void> {
    return this.#next(async () => {
      const { id } = snapshot;
      const parts = await this.#receiving(id);
      if (parts.size !== snapshot.size || parts.checksum !== snapshot.checksum) {
        await this.#store.putAll({ ...without(id, parts), [receivingKey(id)]: undefined });
        throw new CorruptRecord(
          this.#place(id),
          `is not what was sent: ${parts.size} of ${snapshot.size} bytes, checksum ${parts.checksum} instead of ${snapshot.checksum}`,
        );
      }
      const all = [{ info: snapshot, ...parts }, ...(await this.#complete())];
      const gone = all.slice(this.#kept).map((old) => without(old.info.id, old));
      const others = await this.#store.entries('receiving/');
      const abandoned = others
        .map(([key, value]) => [key.slice('receiving/'.length), value] as const)
        .filter(([other]) => other !== id)
        .map(([other, value]) => without(other, value as unknown as Parts));
      const finished = Object.fromEntries(others.map(([key]) => [key, undefined]));
      const kept = all.slice(0, this.#kept);
      // The list comes first: where a disk tears what is promised to be one write, there is too much rather than too little.
      await this.#store.putAll({
        snapshots: kept,
        ...finished,
        ...Object.assign({}, ...gone, ...abandoned),
      });
    });
  }

  read(id: string, offset: number, bytesMax: number): Promise<Uint8Array> {
    return this.#next(async () => {
      const found = (await this.#complete()).find(({ info }) => info.id === id);
      if (found === undefined) throw new RangeError(`there is no complete ${this.#place(id)}`);
      const result = new Uint8Array(Math.max(0, Math.min(bytesMax, found.size - offset)));
      const end = offset + result.length;
      for (const [i, start] of found.offsets.entries()) {
        const next = found.offsets[i + 1] ?? found.size;
        if (next <= offset || start >= end) continue;
        const bytes = await this.#part(id, start, next - start);
        const piece = bytes.subarray(Math.max(0, offset - start), end - start);
        result.set(piece, Math.max(0, start - offset));
      }
      return result;
    });
  }

  erase(): Promise<void> {
    return this.#next(async () => {
      const keys = (await this.#store.entries()).map(([key]) => [key, undefined]);
      await this.#store.putAll(Object.fromEntries(keys) as Record<string, undefined>);
    });
  }

  async #part(id: string, offset: number, size: number): Promise<Uint8Array> {
    const stored = (await this.#store.get(partKey(id, offset))) as unknown as
      | { readonly bytes: Uint8Array; readonly checksum: number }
      | undefined;
    if (stored === undefined) {
      throw new CorruptRecord(this.#place(id), `lacks its bytes from ${offset} on`);
    }
    if (stored.bytes.length !== size || checksum(stored.bytes) !== stored.checksum) {
      throw new CorruptRecord(this.#place(id), `is damaged from byte ${offset} on`);
    }
    return stored.bytes;
  }

  async #parts(id: string): Promise<Parts> {
    const complete = (await this.#complete()).find(({ info }) => info.id === id);
    return complete ?? this.#receiving(id);
  }

  async #receiving(id: string): Promise<Parts> {
    return ((await this.#store.get(receivingKey(id))) as Parts | undefined) ?? NO_PARTS;
  }

  async #complete(): Promise<readonly Complete[]> {
    const stored: Value | undefined = await this.#store.get('snapshots');
    return (stored as unknown as readonly Complete[] | undefined) ?? [];
  }

  #place(id: string): string {
    return `snapshot ${id} of ${this.#name}`;
  }

  #next<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#last.then(action);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

function partKey(id: string, offset: number): string {
  return `part/${id}/${offset}`;
}

function receivingKey(id: string): string {
  return `receiving/${id}`;
}

/** Removes the parts of a snapshot. */
function without(id: string, { offsets }: Parts): Record<string, undefined> {
  return Object.fromEntries(offsets.map((offset) => [partKey(id, offset), undefined]));
}
