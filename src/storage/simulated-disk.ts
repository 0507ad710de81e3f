/**
 * A disk that can be crashed: writes take time to become durable, and what is not durable is lost, torn or kept, as one wishes.
 *
 * A write is durable when its promise is fulfilled, one after the other, and not before. Reading sees every write at once, as the cache
 * of an operating system does; after a crash it sees what the disk has kept.
 */

import { decodeCanonical, encodeCanonical } from '../core/canonical.ts';
import type { LogStore, Store } from '../core/ports.ts';
import type { Random } from '../core/random.ts';
import type { Value } from '../core/value.ts';

/** How long writes take, and who waits. */
export interface DiskTiming {
  /** Milliseconds that the next write takes. */
  syncMs(): number;
  /** Calls back after so long, in a turn of the node. Never, once the node is down. */
  after(delayMs: number, callback: () => void): void;
  /** Milliseconds since the run began. */
  now(): number;
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
}

/** One node's disk. It outlives the node's incarnations. */
export class SimulatedDisk {
  /** What is durable. */
  readonly #stores = new Map<string, Map<string, Uint8Array>>();
  readonly #logs = new Map<string, LogFile>();
  /** What the node has open. */
  readonly #openStores = new Map<string, Store>();
  readonly #openLogs = new Map<string, LogStore>();
  #timing: DiskTiming;
  #underWay: Write[] = [];
  #busyUntilMs = 0;

  constructor(timing: DiskTiming) {
    this.#timing = timing;
  }

  /** A key-value store on it; the same for the same path, until a crash. */
  store(path: string): Store {
    return opened(this.#openStores, path, () => {
      const durable = opened(this.#stores, path, () => new Map<string, Uint8Array>());
      return new DiskStore(durable, (pieces) => this.#write(pieces));
    });
  }

  /** A log on it; the same for the same path, until a crash. */
  log(path: string): LogStore {
    return opened(this.#openLogs, path, () => {
      const durable = opened(this.#logs, path, () => ({ first: 1, records: [] }));
      return new DiskLog(durable, (pieces) => this.#write(pieces));
    });
  }

  /** True when nothing has become durable. */
  get isEmpty(): boolean {
    const isUnused = (file: LogFile) => file.first === 1 && file.records.length === 0;
    return (
      [...this.#stores.values()].every((store) => store.size === 0) &&
      [...this.#logs.values()].every(isUnused)
    );
  }

  /**
   * The node goes down. Stores and logs have to be opened again, and show what was kept.
   *
   * @param how `kept`: every write is there, `unsynced`: those under way are lost, `torn`: of each a part of its pieces is there, drawn
   *   from `random`
   * @param timing of the next incarnation
   */
  crash(how: 'kept' | 'unsynced' | 'torn', random: Random, timing: DiskTiming): CrashDamage {
    let [lost, torn] = [0, 0];
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
    this.#openLogs.clear();
    this.#busyUntilMs = 0;
    this.#timing = timing;
    return { lost, torn };
  }

  /** Forgets everything; for a node that is down. */
  wipe(): void {
    this.#stores.clear();
    this.#logs.clear();
  }

  /** Fulfilled when the write is durable; writes become so in their order. */
  #write(pieces: Write['pieces']): Promise<void> {
    const write: Write = { pieces };
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

/** Writes pieces; fulfilled when they are durable. */
type WriteThrough = (pieces: Write['pieces']) => Promise<void>;

class DiskStore implements Store {
  readonly #durable: Map<string, Uint8Array>;
  /** With the writes that are under way. */
  readonly #seen: Map<string, Uint8Array>;
  readonly #write: WriteThrough;

  constructor(durable: Map<string, Uint8Array>, write: WriteThrough) {
    this.#durable = durable;
    this.#seen = new Map(durable);
    this.#write = write;
  }

  async get(key: string): Promise<Value | undefined> {
    const bytes = this.#seen.get(key);
    return bytes === undefined ? undefined : decodeCanonical(bytes);
  }

  put(key: string, value: unknown): Promise<void> {
    return this.putAll({ [key]: value });
  }

  async putAll(entries: Readonly<Record<string, unknown>>): Promise<void> {
    // All are encoded before the first is stored: a value that cannot be stored leaves nothing behind.
    const encoded = Object.entries(entries).map(
      ([key, value]) => [key, value === undefined ? undefined : encodeCanonical(value)] as const,
    );
    for (const [key, bytes] of encoded) set(this.#seen, key, bytes);
    await this.#write(
      encoded.map(
        ([key, bytes]) =>
          () =>
            set(this.#durable, key, bytes),
      ),
    );
  }

  delete(key: string): Promise<void> {
    return this.putAll({ [key]: undefined });
  }

  async entries(prefix = ''): Promise<readonly (readonly [string, Value])[]> {
    return [...this.#seen.keys()]
      .filter((key) => key.startsWith(prefix))
      .toSorted()
      .map((key) => [key, decodeCanonical(this.#seen.get(key)!)] as const);
  }
}

/** Records with consecutive indexes from `first`. */
interface LogFile {
  first: number;
  records: Uint8Array[];
}

class DiskLog implements LogStore {
  readonly #durable: LogFile;
  /** With the writes that are under way. */
  readonly #seen: LogFile;
  readonly #write: WriteThrough;

  constructor(durable: LogFile, write: WriteThrough) {
    this.#durable = durable;
    this.#seen = { first: durable.first, records: [...durable.records] };
    this.#write = write;
  }

  async firstIndex(): Promise<number> {
    return this.#seen.first;
  }

  async lastIndex(): Promise<number> {
    return this.#seen.first + this.#seen.records.length - 1;
  }

  async append(records: readonly unknown[]): Promise<number> {
    const encoded = records.map(encodeCanonical);
    const last = this.#seen.first + this.#seen.records.length + encoded.length - 1;
    await this.#both(encoded.map((bytes) => (file) => file.records.push(bytes)));
    return last;
  }

  async read(from: number, to: number): Promise<readonly Value[]> {
    const { first, records } = this.#seen;
    const start = Math.max(0, from - first);
    return records.slice(start, Math.max(start, to - first + 1)).map(decodeCanonical);
  }

  truncateAfter(index: number): Promise<void> {
    return this.#both([
      ({ records, first }) => {
        records.length = Math.min(records.length, Math.max(0, index - first + 1));
      },
    ]);
  }

  truncateBefore(index: number): Promise<void> {
    return this.#both([
      (file) => {
        const count = Math.min(file.records.length, Math.max(0, index - file.first));
        file.records = file.records.slice(count);
        file.first += count;
      },
    ]);
  }

  /** Does it to what is seen now, and to what is durable later. */
  async #both(steps: readonly ((file: LogFile) => void)[]): Promise<void> {
    for (const step of steps) step(this.#seen);
    await this.#write(steps.map((step) => () => step(this.#durable)));
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
