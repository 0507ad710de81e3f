/**
 * The log, in memory: everything since the snapshot. Chunks of entries that nothing will change are shared by all forks of a
 * state, so that a copy costs one reference for {@link CHUNK} entries; its hash is the chain at its end.
 */

import { StatePart } from '../../core/machine-state.ts';
import { placed, type Entry, type Proposal } from './entry.ts';

/** Entries of a chunk: what a fork copies at most. */
const CHUNK = 64;

/** The entry that the snapshot ends with; all zero before there is one. */
export interface LogBase {
  readonly index: number;
  readonly term: number;
  readonly chain: number;
}

const NOTHING: LogBase = { index: 0, term: 0, chain: 0 };

/** Entries `base.index + 1` to `lastIndex`. Indexes are from 1. */
export class Log extends StatePart {
  /** Where the entries begin. */
  base: LogBase;
  /** Bytes of the entries. */
  bytes = 0;
  private chunks: (readonly Entry[])[] = [];
  private tail: Entry[] = [];
  /** Entries at the beginning of the first chunk that are compacted already. */
  private skipped = 0;

  constructor(base = NOTHING) {
    super();
    this.base = base;
  }

  override fork(): Log {
    const copy = new Log(this.base);
    copy.bytes = this.bytes;
    copy.chunks = [...this.chunks];
    copy.tail = [...this.tail];
    copy.skipped = this.skipped;
    return copy;
  }

  override canonical(): unknown {
    return { base: this.base.index, last: this.lastIndex, chain: this.chain };
  }

  /** Number of entries. */
  get length(): number {
    return this.chunks.length * CHUNK + this.tail.length - this.skipped;
  }

  get lastIndex(): number {
    return this.base.index + this.length;
  }

  get lastTerm(): number {
    return this.termAt(this.lastIndex)!;
  }

  /** Digest of everything from the first entry ever to the last. */
  get chain(): number {
    return this.chainAt(this.lastIndex);
  }

  /** The entry at `index`, or undefined when it is compacted or not there yet. */
  at(index: number): Entry | undefined {
    if (index <= this.base.index) return undefined;
    const place = index - this.base.index - 1 + this.skipped;
    const chunk = Math.floor(place / CHUNK);
    return (this.chunks[chunk] ?? (chunk === this.chunks.length ? this.tail : undefined))?.[
      place % CHUNK
    ];
  }

  /** Term of the entry at `index`; known of the base too. */
  termAt(index: number): number | undefined {
    return index === this.base.index ? this.base.term : this.at(index)?.term;
  }

  /** Digest of the log up to `index`. @throws {RangeError} for an index that is not there */
  chainAt(index: number): number {
    const chain = index === this.base.index ? this.base.chain : this.at(index)?.chain;
    if (chain === undefined) throw new RangeError(`the log has no entry ${index}`);
    return chain;
  }

  append(proposal: Proposal): Entry {
    const entry = placed(proposal, this.lastIndex + 1, this.chain);
    this.tail.push(entry);
    this.bytes += entry.size;
    if (this.tail.length === CHUNK) {
      this.chunks.push(this.tail);
      this.tail = [];
    }
    return entry;
  }

  /** Removes the entries from `index` on. */
  truncate(index: number): void {
    if (index > this.lastIndex) return;
    const keep = Math.max(0, index - this.base.index - 1) + this.skipped;
    for (let i = index; i <= this.lastIndex; i++) this.bytes -= this.at(i)!.size;
    const whole = Math.floor(keep / CHUNK);
    if (whole < this.chunks.length) {
      this.tail = this.chunks[whole]!.slice(0, keep % CHUNK);
      this.chunks.length = whole;
    } else {
      this.tail.length = keep % CHUNK;
    }
  }

  /** Removes the entries up to `index`: a snapshot has them. */
  compact(index: number): void {
    if (index <= this.base.index) return;
    const { term, chain } = this.at(index)!;
    for (let i = this.base.index + 1; i <= index; i++) this.bytes -= this.at(i)!.size;
    this.skipped += index - this.base.index;
    this.base = { index, term, chain };
    while (this.skipped >= CHUNK && this.chunks.length > 0) {
      this.chunks.shift();
      this.skipped -= CHUNK;
    }
  }

  /** Forgets everything: the log begins anew behind `base`. */
  reset(base: LogBase): void {
    this.base = base;
    this.bytes = 0;
    this.chunks = [];
    this.tail = [];
    this.skipped = 0;
  }

  /** Entries from `from` on, as many as both limits allow, but one at least. */
  slice(from: number, countMax: number, bytesMax: number): Entry[] {
    const entries: Entry[] = [];
    let bytes = 0;
    for (let index = from; entries.length < countMax; index++) {
      const entry = this.at(index);
      if (entry === undefined) break;
      bytes += entry.size;
      if (bytes > bytesMax && entries.length > 0) break;
      entries.push(entry);
    }
    return entries;
  }

  /**
   * The last index up to `index` whose term is at most `term`. Both sides of a refused append use it: at this place logs can agree at
   * the earliest (section 5.3 of the paper: one round for each conflicting term, not for each entry).
   */
  lastIndexOfTerm(index: number, term: number): number {
    let [low, high] = [this.base.index, Math.min(index, this.lastIndex)];
    // Terms only grow along a log.
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.termAt(middle)! <= term) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Something of every entry, the oldest first. */
  map<T>(look: (entry: Entry) => T): T[] {
    const result: T[] = [];
    this.chunks.forEach((chunk, i) => {
      for (let j = i === 0 ? this.skipped : 0; j < CHUNK; j++) result.push(look(chunk[j]!));
    });
    const from = this.chunks.length === 0 ? this.skipped : 0;
    for (let j = from; j < this.tail.length; j++) result.push(look(this.tail[j]!));
    return result;
  }
}
