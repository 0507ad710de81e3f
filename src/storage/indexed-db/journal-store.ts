/**
 * A key-value store in IndexedDB that is written often and read once: a journal. Whatever is written together is one record, however many entries
 * it has, so a transaction is one `put`. Databases take some ten thousand of those a second and no more; entries in them are nearly free.
 *
 * Records are numbered, and only ever removed from the oldest on: so what a later record says of a key always wins over what is left of an
 * earlier one. When more than half of the journal is out of date, what still counts in the oldest records is written again with the next record, and
 * they are removed in the same transaction.
 */

import { decodeCanonical, encodeCanonical } from '../../core/canonical.ts';
import { messageOf } from '../../core/errors.ts';
import type { Store, Survival } from '../../core/ports.ts';
import { CorruptRecord } from '../../core/storage-error.ts';
import type { Value } from '../../core/value.ts';
import { GroupCommit } from '../group-commit.ts';
import { placeOf, seal, unseal } from '../sealed.ts';
import { storageErrorOf } from './database.ts';
import { write, type Values, type Writable } from './writing.ts';

/** What a write does to a key: sealed bytes, or null for what is removed. */
type Part = readonly [key: string, sealed: Uint8Array | null];

/** A record that is kept. */
interface Kept {
  readonly bytes: number;
  /** Keys whose latest value is in it, and the bytes of each. */
  readonly live: Map<string, number>;
}

/** Bytes out of date that are tolerated beside as many as there are in use: below it nobody notices them. */
const SLACK_BYTES = 256 * 1024;

/** Bytes that one record writes again at most, so that no write takes much longer than the others. */
const CARRIED_BYTES_MAX = 64 * 1024;

/** Digits of a record's number: enough for every safe integer, so that keys sort as numbers do. */
const NUMBER_DIGITS = 16;

/** The store of one path. */
export class JournalStore implements Store {
  readonly kind: string;
  readonly survives: Survival;
  readonly #writable: Writable;
  readonly #path: string;
  readonly #group: GroupCommit<readonly Part[]>;
  /** From the oldest on. */
  readonly #records = new Map<number, Kept>();
  readonly #recordOf = new Map<string, number>();
  #bytes = 0;
  #liveBytes = 0;
  #next = 1;
  #loading: Promise<void> | undefined;
  #isLoaded = false;

  constructor(writable: Writable, path: string) {
    this.kind = `indexeddb-${writable.durability}`;
    this.survives = writable.durability === 'strict' ? 'power cut' : 'tab crash';
    this.#writable = writable;
    this.#path = path;
    this.#group = new GroupCommit((writes) => this.#commit(writes.flat()));
  }

  async get(key: string): Promise<Value | undefined> {
    return this.#reading(async () => {
      const number = this.#recordOf.get(key);
      if (number === undefined) return undefined;
      const record = await this.#writable.database.get('values', this.#keyOf(number));
      const [, sealed] = this.#parts(number, record).find(([name]) => name === key)!;
      return this.#open(key, sealed!);
    });
  }

  put(key: string, value: unknown): Promise<void> {
    return this.putAll({ [key]: value });
  }

  async putAll(entries: Readonly<Record<string, unknown>>): Promise<void> {
    const parts = Object.entries(entries).map(([key, value]): Part => {
      if (value === undefined) return [key, null];
      return [key, seal(encodeCanonical(value), placeOf(this.#path, key))];
    });
    await this.#group.add(parts);
  }

  delete(key: string): Promise<void> {
    return this.putAll({ [key]: undefined });
  }

  async entries(prefix = ''): Promise<readonly (readonly [string, Value])[]> {
    return this.#reading(async () => {
      const latest = new Map<string, Uint8Array | null>();
      for (const [number, record] of await this.#readAll()) {
        for (const [key, sealed] of this.#parts(number, record)) latest.set(key, sealed);
      }
      const found: (readonly [string, Value])[] = [];
      for (const [key, sealed] of latest) {
        if (sealed !== null && key.startsWith(prefix)) found.push([key, this.#open(key, sealed)]);
      }
      return found.toSorted(([a], [b]) => (a < b ? -1 : 1));
    });
  }

  /** What is there is read again: the write that was refused had been noted already. */
  resume(): boolean {
    if (!this.#group.resume()) return false;
    this.#records.clear();
    this.#recordOf.clear();
    [this.#bytes, this.#liveBytes, this.#next] = [0, 0, 1];
    [this.#loading, this.#isLoaded] = [undefined, false];
    return true;
  }

  /** Reads behind every write that was asked for. */
  async #reading<T>(read: () => Promise<T>): Promise<T> {
    this.#group.flush();
    try {
      await this.#load();
      return await read();
    } catch (error) {
      throw storageErrorOf(error);
    }
  }

  async #commit(written: readonly Part[]): Promise<void> {
    if (!this.#isLoaded) await this.#load();
    // A key that was written several times is written once, as the last one wants it.
    const parts = [...new Map(written.map((part) => [part[0], part]))].map(([, part]) => part);
    const number = this.#next++;
    for (const [key] of parts) this.#forget(key);
    const carried = this.#carry(number);
    for (const [key, sealed] of parts) {
      if (sealed !== null) this.#note(number, key, sealed.length);
    }
    const dead = this.#dropOldest();
    const range =
      dead === undefined
        ? undefined
        : IDBKeyRange.bound(this.#keyOf(dead[0]), this.#keyOf(dead[1]));
    let failure: unknown;
    try {
      await write(this.#writable, (values) => {
        if (carried.size === 0) return this.#put(values, number, parts, range);
        const putting = this.#read(values, carried).then((old) =>
          Promise.all(this.#put(values, number, [...parts, ...old], range)),
        );
        // What goes wrong between two requests leaves nothing of either.
        return [putting.catch((error: unknown) => ((failure = error), values.transaction.abort()))];
      });
    } catch (error) {
      throw failure === undefined ? error : storageErrorOf(failure);
    }
  }

  #put(
    values: Values,
    number: number,
    parts: readonly Part[],
    dead: IDBKeyRange | undefined,
  ): readonly Promise<unknown>[] {
    const put = values.put(encodeCanonical(parts), this.#keyOf(number));
    return dead === undefined ? [put] : [put, values.delete(dead)];
  }

  /** What is carried on from old records. */
  async #read(
    values: Values,
    carried: ReadonlyMap<number, ReadonlySet<string>>,
  ): Promise<readonly Part[]> {
    const found: Part[] = [];
    for (const [number, keys] of carried) {
      const record = await values.get(this.#keyOf(number));
      found.push(...this.#parts(number, record).filter(([key]) => keys.has(key)));
    }
    return found;
  }

  /** When too much is out of date: what counts of the oldest records belongs to the new one. */
  #carry(number: number): ReadonlyMap<number, ReadonlySet<string>> {
    const carried = new Map<number, ReadonlySet<string>>();
    this.#records.set(number, { bytes: 0, live: new Map() });
    let [freed, moved] = [0, 0];
    for (const [old, { live, bytes }] of this.#records) {
      const isTidy = this.#bytes - freed <= 2 * this.#liveBytes + SLACK_BYTES;
      if (old === number || isTidy || moved > CARRIED_BYTES_MAX) break;
      if (live.size > 0) carried.set(old, new Set(live.keys()));
      for (const [key, size] of live) {
        this.#forget(key);
        this.#note(number, key, size);
        moved += size;
      }
      freed += bytes;
    }
    return carried;
  }

  /** Forgets the oldest records as far as nothing of them counts: the first and the last of them. */
  #dropOldest(): readonly [number, number] | undefined {
    let dead: [number, number] | undefined;
    for (const [number, { live, bytes }] of this.#records) {
      if (live.size > 0 || number === this.#next - 1) break;
      this.#records.delete(number);
      this.#bytes -= bytes;
      dead = [dead?.[0] ?? number, number];
    }
    return dead;
  }

  #note(number: number, key: string, bytes: number): void {
    const kept = this.#records.get(number)!;
    kept.live.set(key, bytes);
    this.#records.set(number, { ...kept, bytes: kept.bytes + bytes });
    this.#recordOf.set(key, number);
    this.#bytes += bytes;
    this.#liveBytes += bytes;
  }

  #forget(key: string): void {
    const number = this.#recordOf.get(key);
    if (number === undefined) return;
    const { live } = this.#records.get(number)!;
    this.#liveBytes -= live.get(key)!;
    live.delete(key);
    this.#recordOf.delete(key);
  }

  #load(): Promise<void> {
    this.#loading ??= this.#readJournal();
    return this.#loading;
  }

  async #readJournal(): Promise<void> {
    const records = await this.#readAll();
    for (const [number, record] of records.length > 0 ? records : await this.#moveIn()) {
      this.#records.set(number, { bytes: 0, live: new Map() });
      for (const [key, sealed] of this.#parts(number, record)) {
        this.#forget(key);
        if (sealed !== null) this.#note(number, key, sealed.length);
      }
      this.#next = number + 1;
    }
    this.#isLoaded = true;
  }

  /** What an `IndexedDbStore` of the same path has left becomes the first record. */
  async #moveIn(): Promise<readonly (readonly [number, Uint8Array])[]> {
    const { database } = this.#writable;
    const range = IDBKeyRange.bound([this.#path], [this.#path, []], false, true);
    const transaction = database.transaction('values');
    const [keys, sealed] = await Promise.all([
      transaction.store.getAllKeys(range),
      transaction.store.getAll(range),
    ]);
    if (keys.length === 0) return [];
    const record = encodeCanonical(keys.map(([, key], at): Part => [key, sealed[at]!]));
    await write(this.#writable, (values) => [
      values.put(record, this.#keyOf(1)),
      values.delete(range),
    ]);
    return [[1, record]];
  }

  async #readAll(): Promise<readonly (readonly [number, Uint8Array])[]> {
    const path = this.#journal;
    const range = IDBKeyRange.bound([path], [path, []], false, true);
    const transaction = this.#writable.database.transaction('values');
    const [keys, records] = await Promise.all([
      transaction.store.getAllKeys(range),
      transaction.store.getAll(range),
    ]);
    return keys.map(([, key], at) => [Number(key), records[at]!] as const);
  }

  /** What a record says. Its values are checked when they are read. */
  #parts(number: number, record: Uint8Array | undefined): readonly Part[] {
    try {
      return decodeCanonical(record!) as unknown as readonly Part[];
    } catch (error) {
      throw new CorruptRecord(
        placeOf(this.#journal, String(number)),
        `is none: ${messageOf(error)}`,
      );
    }
  }

  #open(key: string, sealed: Uint8Array): Value {
    return decodeCanonical(unseal(sealed, placeOf(this.#path, key)));
  }

  get #journal(): string {
    return `journal/${this.#path}`;
  }

  #keyOf(number: number): [path: string, key: string] {
    return [this.#journal, String(number).padStart(NUMBER_DIGITS, '0')];
  }
}
