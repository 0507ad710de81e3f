/**
 * A disk that can be crashed: writes take time to become durable, and what is not durable is lost, torn or kept, as one wishes. It can also
 * be full, refuse a write, and give back something else than it was given.
 *
 * A write is durable when its promise is fulfilled, one after the other, and not before. Reading sees every write at once, as the cache
 * of an operating system does; after a crash it sees what the disk has kept.
 */

import { decodeCanonical, encodeCanonical } from '../core/canonical.ts';
import type { Salvage, Store } from '../core/ports.ts';
import type { Random } from '../core/random.ts';
import { StorageError, StorageFull } from '../core/storage-error.ts';
import type { Value } from '../core/value.ts';
import { placeOf, salvaged, seal, unseal } from './sealed.ts';

/** How long writes take, and who waits. */
export interface DiskTiming {
  /** Milliseconds that the next write takes. */
  syncMs(): number;
  /** Calls back after so long, in a turn of the node. Never, once the node is down. */
  after(delayMs: number, callback: () => void): void;
  /** Milliseconds since the run began. */
  now(): number;
  /** A write failed: the node stops, and never hears of it. Unless given, whoever asked for the write does. */
  failed?(error: StorageError): void;
}

/** What a crash did to the writes that were under way. */
export interface CrashDamage {
  /** Writes of which nothing is left. */
  readonly lost: number;
  /** Writes of which a part is left. */
  readonly torn: number;
}

/** A write under way: what it will do to the durable part, in pieces that can be torn from each other. */
interface Write {
  readonly pieces: readonly (() => void)[];
  /** Bytes that it adds at most. */
  readonly bytes: number;
}

/** One node's disk. It outlives the node's incarnations. */
export class SimulatedDisk {
  /** What is durable. */
  readonly #stores = new Map<string, Map<string, Uint8Array>>();
  /** What the node has open. */
  readonly #openStores = new Map<string, Store>();
  #timing: DiskTiming;
  #underWay: Write[] = [];
  #busyUntilMs = 0;
  /** How much it holds. */
  #bytesMax = Infinity;
  /** What the next write meets. */
  #refusal: StorageError | undefined;

  constructor(timing: DiskTiming) {
    this.#timing = timing;
  }

  /** A key-value store on it; the same for the same path, until a crash. */
  store(path: string): Store {
    return opened(this.#openStores, path, () => {
      const durable = opened(this.#stores, path, () => new Map<string, Uint8Array>());
      return new DiskStore(path, durable, (write) => this.#write(write));
    });
  }

  /** True when nothing has become durable. */
  get isEmpty(): boolean {
    return [...this.#stores.values()].every((store) => store.size === 0);
  }

  /**
   * The node goes down. Stores have to be opened again, and show what was kept.
   *
   * @param how `kept`: every write is there, `unsynced`: those under way are lost, `torn`: of each a part of its pieces is there, drawn
   *   from `random`
   * @param timing of the next incarnation
   */
  crash(how: 'kept' | 'unsynced' | 'torn', random: Random, timing: DiskTiming): CrashDamage {
    let [lost, torn] = [0, 0];
    this.#refusal = undefined;
    for (const { pieces } of this.#underWay) {
      const count = pieces.length;
      const keeps = how === 'kept' ? count : how === 'torn' ? random.integer(0, count) : 0;
      for (const piece of pieces.slice(0, keeps)) piece();
      if (keeps === count) continue;
      if (keeps === 0) lost++;
      else torn++;
    }
    this.#underWay = [];
    this.#openStores.clear();
    this.#busyUntilMs = 0;
    this.#timing = timing;
    return { lost, torn };
  }

  /** From now on it holds no more than what it has. */
  fill(): void {
    this.#bytesMax = this.#bytesStored();
  }

  /** There is space again, and no write is refused. */
  relent(): void {
    this.#bytesMax = Infinity;
    this.#refusal = undefined;
  }

  /** From now on it holds no more than so many bytes: what does not fit fails, and all that comes after it until the next crash. */
  limit(bytesMax: number): void {
    this.#bytesMax = bytesMax;
  }

  /** The next write fails, and all that come after it until the next crash. */
  failNext(): void {
    this.#refusal = new StorageError('the disk refused a write');
  }

  /** Changes a bit of what is durable under `key`, for a node that is down. @throws {RangeError} when nothing is */
  damage(path: string, key: string, random: Random): void {
    const bytes = this.#stores.get(path)?.get(key);
    if (bytes === undefined) throw new RangeError(`nothing is stored as ${placeOf(path, key)}`);
    bytes[random.integer(0, bytes.length - 1)]! ^= 1 << random.integer(0, 7);
  }

  /** Changes a bit of anything that is durable, for a node that is down. The place; undefined when nothing is there. */
  damageAny(random: Random): string | undefined {
    const places = [...this.#stores].flatMap(([path, store]) =>
      [...store.keys()].toSorted().map((key) => [path, key] as const),
    );
    if (places.length === 0) return undefined;
    const [path, key] = random.pick(places);
    this.damage(path, key, random);
    return placeOf(path, key);
  }

  /** Forgets everything; for a node that is down. */
  wipe(): void {
    this.#stores.clear();
  }

  #bytesStored(): number {
    const stores = [...this.#stores.values()].flatMap((store) => [...store.values()]);
    const waiting = this.#underWay.reduce((sum, { bytes }) => sum + bytes, 0);
    return stores.reduce((sum, { length }) => sum + length, waiting);
  }

  /** Fulfilled when the write is durable; writes become so in their order. */
  #write(write: Write): Promise<void> {
    if (this.#bytesMax < Infinity && this.#bytesStored() + write.bytes > this.#bytesMax) {
      this.#refusal ??= new StorageFull(`the disk holds no more than ${this.#bytesMax} bytes`);
    }
    if (this.#refusal !== undefined) {
      if (this.#timing.failed === undefined) return Promise.reject(this.#refusal);
      this.#timing.failed(this.#refusal);
      return new Promise(() => {});
    }
    const { pieces } = write;
    this.#underWay.push(write);
    const timing = this.#timing;
    const nowMs = timing.now();
    this.#busyUntilMs = Math.max(this.#busyUntilMs, nowMs) + timing.syncMs();
    return new Promise((resolve) => {
      timing.after(this.#busyUntilMs - nowMs, () => {
        this.#underWay.splice(this.#underWay.indexOf(write), 1);
        for (const piece of pieces) piece();
        resolve();
      });
    });
  }
}

/** Writes; fulfilled when it is durable. */
type WriteThrough = (write: Write) => Promise<void>;

class DiskStore implements Store {
  readonly kind = 'simulated';
  readonly survives = 'power cut';
  readonly #path: string;
  readonly #durable: Map<string, Uint8Array>;
  /** With the writes that are under way. */
  readonly #seen: Map<string, Uint8Array>;
  readonly #write: WriteThrough;

  constructor(path: string, durable: Map<string, Uint8Array>, write: WriteThrough) {
    this.#path = path;
    this.#durable = durable;
    this.#seen = new Map(durable);
    this.#write = write;
  }

  async get(key: string): Promise<Value | undefined> {
    const bytes = this.#seen.get(key);
    return bytes === undefined ? undefined : this.#open(key, bytes);
  }

  put(key: string, value: unknown): Promise<void> {
    return this.putAll({ [key]: value });
  }

  async putAll(entries: Readonly<Record<string, unknown>>): Promise<void> {
    // All are encoded before the first is stored: a value that cannot be stored leaves nothing behind.
    const encoded = Object.entries(entries).map(([key, value]) => {
      if (value === undefined) return [key, undefined] as const;
      return [key, seal(encodeCanonical(value), placeOf(this.#path, key))] as const;
    });
    for (const [key, bytes] of encoded) set(this.#seen, key, bytes);
    await this.#write({
      pieces: encoded.map(
        ([key, bytes]) =>
          () =>
            set(this.#durable, key, bytes),
      ),
      bytes: encoded.reduce((sum, [, bytes]) => sum + (bytes?.length ?? 0), 0),
    });
  }

  delete(key: string): Promise<void> {
    return this.putAll({ [key]: undefined });
  }

  async entries(prefix = ''): Promise<readonly (readonly [string, Value])[]> {
    return [...this.#seen.keys()]
      .filter((key) => key.startsWith(prefix))
      .toSorted()
      .map((key) => [key, this.#open(key, this.#seen.get(key)!)] as const);
  }

  async salvage(): Promise<Salvage> {
    const entries = [...this.#seen].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return salvaged(entries, (key, sealed) => this.#open(key, sealed));
  }

  #open(key: string, sealed: Uint8Array): Value {
    return decodeCanonical(unseal(sealed, placeOf(this.#path, key)));
  }
}

function set(map: Map<string, Uint8Array>, key: string, bytes: Uint8Array | undefined): void {
  if (bytes === undefined) map.delete(key);
  else map.set(key, bytes);
}

function opened<T>(files: Map<string, T>, path: string, make: () => T): T {
  const file = files.get(path) ?? make();
  files.set(path, file);
  return file;
}
