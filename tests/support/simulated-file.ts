/** A file that can be crashed: what was not flushed is lost sector by sector, in any order. */

import type { Random } from '../../src/core/random.ts';
import type { StorageFile } from '../../src/storage/files/storage-file.ts';

const SECTOR_BYTES = 512;

/** What happened since the last flush. */
type Unsynced =
  | { readonly kind: 'write'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly size: number };

/** It outlives those who have it open. */
export class SimulatedFile {
  #life = 0;
  #seen = new Uint8Array(0);
  #durable = new Uint8Array(0);
  #unsynced: Unsynced[] = [];
  /** How long it may get. */
  bytesMax = Infinity;
  /** Whether the next write fails, half done. */
  isFailing = false;

  get size(): number {
    return this.#seen.length;
  }

  read(at: number, length: number): Uint8Array {
    return this.#seen.slice(at, at + length);
  }

  write(at: number, bytes: Uint8Array): void {
    const isFull = at + bytes.length > this.bytesMax;
    const isWhole = !this.isFailing && !isFull;
    for (let start = 0; start < bytes.length; start += SECTOR_BYTES) {
      if (!isWhole && start >= bytes.length / 2) break;
      const piece = bytes.slice(start, start + SECTOR_BYTES);
      this.#do({ kind: 'write', at: at + start, bytes: piece });
    }
    if (isFull) throw new DOMException('no space', 'QuotaExceededError');
    if (this.isFailing) {
      this.isFailing = false;
      throw new DOMException('the disk refused', 'UnknownError');
    }
  }

  truncate(size: number): void {
    this.#do({ kind: 'truncate', size });
  }

  async flush(): Promise<void> {
    const [flushed, life] = [this.#unsynced.length, this.#life];
    await Promise.resolve();
    if (life !== this.#life) return new Promise(() => {});
    for (const each of this.#unsynced.splice(0, flushed)) this.#durable = done(this.#durable, each);
  }

  /** Opens it. After a crash whoever had it open does nothing to it any more, and waits for ever. */
  open(): StorageFile {
    const life = this.#life;
    const isAlive = () => life === this.#life;
    const size = () => this.size;
    return {
      get size() {
        return size();
      },
      read: (at, length) => this.read(at, length),
      write: (at, bytes) => void (isAlive() && this.write(at, bytes)),
      truncate: (to) => void (isAlive() && this.truncate(to)),
      flush: () => (isAlive() ? this.flush() : new Promise(() => {})),
      close: () => {},
    };
  }

  /** The power is cut: of what was not flushed some sectors are there, and others not. */
  crash(random: Random): void {
    for (const each of this.#unsynced) {
      if (random.chance(0.5)) this.#durable = done(this.#durable, each);
    }
    this.#life++;
    this.#unsynced = [];
    this.#seen = this.#durable.slice();
  }

  /** Changes one bit. */
  damage(at: number): void {
    this.#seen[at]! ^= 4;
    this.#durable[at]! ^= 4;
  }

  #do(each: Unsynced): void {
    this.#seen = done(this.#seen, each);
    this.#unsynced.push(each);
  }
}

function done(bytes: Uint8Array<ArrayBuffer>, each: Unsynced): Uint8Array<ArrayBuffer> {
  const size =
    each.kind === 'write' ? Math.max(bytes.length, each.at + each.bytes.length) : each.size;
  const result = new Uint8Array(size);
  result.set(bytes.subarray(0, size));
  if (each.kind === 'write') result.set(each.bytes, each.at);
  return result;
}
