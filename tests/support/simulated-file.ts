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
  #seen = new Image();
  readonly #durable = new Image();
  #unsynced: Unsynced[] = [];
  /** How long it may get. */
  bytesMax = Infinity;
  /** Whether the next write fails, half done. */
  isFailing = false;
  /** Whether the next flush fails, after whole writes. */
  isFlushFailing = false;

  get size(): number {
    return this.#seen.size;
  }

  read(at: number, length: number): Uint8Array {
    return this.#seen.read(at, length);
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
    if (this.isFlushFailing) {
      this.isFlushFailing = false;
      throw new DOMException('the disk refused', 'UnknownError');
    }
    const [flushed, life] = [this.#unsynced.length, this.#life];
    await Promise.resolve();
    if (life !== this.#life) return new Promise(() => {});
    for (const each of this.#unsynced.splice(0, flushed)) this.#durable.do(each);
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
      if (random.chance(0.5)) this.#durable.do(each);
    }
    this.#life++;
    this.#unsynced = [];
    this.#seen = this.#durable.copy();
  }

  /** Changes one bit. */
  damage(at: number): void {
    this.#seen.flip(at);
    this.#durable.flip(at);
  }

  #do(each: Unsynced): void {
    this.#seen.do(each);
    this.#unsynced.push(each);
  }
}

/** The bytes of a file. */
class Image {
  #bytes = new Uint8Array(1024);
  size = 0;

  read(at: number, length: number): Uint8Array {
    return this.#bytes.slice(at, Math.min(at + length, this.size));
  }

  do(each: Unsynced): void {
    if (each.kind === 'truncate') {
      this.#bytes.fill(0, each.size, this.size);
      this.size = Math.min(this.size, each.size);
      return;
    }
    const end = each.at + each.bytes.length;
    if (end > this.#bytes.length) {
      const longer = new Uint8Array(2 * end);
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    this.#bytes.set(each.bytes, each.at);
    this.size = Math.max(this.size, end);
  }

  flip(at: number): void {
    this.#bytes[at]! ^= 4;
  }

  copy(): Image {
    const copy = new Image();
    copy.#bytes = this.#bytes.slice();
    copy.size = this.size;
    return copy;
  }
}
