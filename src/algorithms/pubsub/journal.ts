/**
 * Everything that a node keeps of what was published: which messages have come, which of them may be delivered in causal order, and the
 * batches themselves for those who come later, within bounds. It does nothing by itself: what is to be stored, and what has become ready,
 * is for its owner to take.
 */

import { encodeCanonical, equalBytes } from '../../core/canonical.ts';
import { statementOf, type AnySigned } from '../../core/signed.ts';
import type { NodeId } from '../../core/id.ts';
import { sizeOf, type Batch } from './messages.ts';
import type { PubsubRules } from './rules.ts';
import {
  authorOf,
  batchAt,
  keptOf,
  newStream,
  streamOf,
  type Kept,
  type Stream,
  type StreamId,
} from './streams.ts';

/** Lives of one author of which something is known: what an older one said is refused, so that nobody can play it again. */
export const LIVES_MAX = 8;

/** Batches of one stream that wait for those before them; more come again by themselves. */
const AHEAD_MAX = 256;

/** What a node may keep, and how long. */
export interface Retention {
  readonly bytesMax: number;
  readonly ageMs: number;
  /** What is missing for so long is given up. */
  readonly gapMs: number;
}

/** What became of a batch. */
export type Reception = 'new' | 'known' | 'ahead' | 'conflict' | 'stale' | 'full' | 'limited';

/** Whether a batch that is new may come in, from its bytes and whether it is the next of its stream; what may not has to come again. */
export type Admission = (bytes: number, isNext: boolean) => boolean;

/** Messages that were given up: so many of a stream before this number. */
export interface Gap {
  readonly stream: StreamId;
  readonly from: number;
  readonly to: number;
}

/** How much is handed on at once. */
export interface Portion {
  readonly bytesMax: number;
  readonly countMax: number;
  /** Nothing that came later than this: the layer below may be bringing it at this moment. */
  readonly beforeMs?: number;
}

/** The journal of one node. */
export class Journal {
  readonly #streams = new Map<StreamId, Stream>();
  /** Streams with batches that wait for what they depend on. */
  readonly #waiting = new Set<Stream>();
  /** What is kept, in the order in which it came. */
  readonly #arrivals: Kept[] = [];
  readonly #retention: Retention;
  readonly #rules: PubsubRules;
  #bytes = 0;
  /** Batches that have come in the order of their authors, and in causal order, since the owner looked. */
  #arrived: Kept[] = [];
  #passed: Kept[] = [];
  /** Streams whose floor has risen, and batches that are kept no more. */
  #raised = new Set<Stream>();
  #dropped: Kept[] = [];

  constructor(retention: Retention, rules: PubsubRules) {
    this.#retention = retention;
    this.#rules = rules;
  }

  /** Bytes of the batches that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Every stream of which something is known. */
  get streams(): ReadonlyMap<StreamId, Stream> {
    return this.#streams;
  }

  /** How far everything has come. */
  have(): Record<StreamId, number> {
    return Object.fromEntries(Array.from(this.#streams, ([id, { have }]) => [id, have]));
  }

  /** Takes a batch whose signature is genuine. */
  take(batch: Batch, nowMs: number, admits: Admission = () => true): Reception {
    const stream = this.stream(batch.signer, batch.life);
    if (stream === undefined) return 'stale';
    const last = batch.first + sizeOf(batch.messages) - 1;
    if (this.#rules.isKnown(last, stream.have)) return this.#compare(stream, batch);
    if (batch.first <= stream.have) return 'conflict';
    const known = stream.ahead.get(batch.first);
    if (known !== undefined) return isSame(known.batch, batch) ? 'known' : 'conflict';
    const isNext = batch.first === stream.have + 1;
    const isFull = stream.ahead.size >= AHEAD_MAX || this.#isOverfull();
    if (isFull && !isNext) return 'full';
    const kept = keptOf(batch, nowMs);
    if (!admits(kept.bytes, isNext)) return 'limited';
    const { have } = stream;
    stream.ahead.set(batch.first, kept);
    this.#bytes += kept.bytes;
    this.#advance(stream, nowMs);
    return stream.have > have ? 'new' : 'ahead';
  }

  /** What was stored in an earlier life of this node: it has come, and what it depended on was looked at then. */
  restore(kept: Kept, passed: number): void {
    const { signer, life } = kept.batch;
    const stream = this.stream(signer, life);
    if (stream === undefined || kept.first !== stream.have + 1) return;
    stream.kept.push(kept);
    this.#arrivals.push(kept);
    this.#bytes += kept.bytes;
    stream.have = kept.last;
    stream.passed = Math.max(stream.passed, Math.min(passed, kept.last));
    if (stream.passed < stream.have) this.#waiting.add(stream);
  }

  /** As {@link restore}, of what is kept no more. */
  restoreFloor(id: StreamId, floor: number): void {
    const author = authorOf(id);
    const stream = author && this.stream(author.origin, author.life);
    if (stream === undefined || stream.have > 0) return;
    Object.assign(stream, { floor, have: floor, passed: floor });
  }

  /** The stream of a life; undefined when the author had too many since. */
  stream(origin: NodeId, life: number): Stream | undefined {
    const id = streamOf(origin, life);
    const known = this.#streams.get(id);
    if (known !== undefined) return known;
    const lives = [...this.#streams.values()].filter((stream) => stream.origin === origin);
    if (lives.length >= LIVES_MAX) {
      const oldest = lives.reduce((a, b) => (a.life < b.life ? a : b));
      if (oldest.life > life) return undefined;
      this.#forget(oldest);
    }
    const stream = newStream(id, origin, life);
    this.#streams.set(id, stream);
    return stream;
  }

  /** What has become ready since it was asked last: in the order of the authors, and in causal order. */
  ready(): { readonly arrived: readonly Kept[]; readonly passed: readonly Kept[] } {
    const [arrived, passed] = [this.#arrived, this.#passed];
    this.#arrived = [];
    this.#passed = [];
    return { arrived, passed };
  }

  /** What is kept no more since it was asked last. */
  trimmed(): { readonly dropped: readonly Kept[]; readonly raised: readonly Stream[] } {
    const [dropped, raised] = [this.#dropped, [...this.#raised]];
    this.#dropped = [];
    this.#raised = new Set();
    return { dropped, raised };
  }

  /**
   * Batches that somebody who has come so far lacks, in order, at most so many bytes of them.
   *
   * @param own the node's own stream, and the number up to which it may be spoken of: what comes after is not stored yet
   */
  missingFrom(
    have: Readonly<Record<StreamId, number>>,
    { bytesMax, countMax, beforeMs = Infinity }: Portion,
    own: { readonly stream: StreamId; readonly end: number },
  ): {
    readonly batches: Batch[];
    readonly floors: Record<StreamId, number>;
    readonly isAll: boolean;
  } {
    const batches: Batch[] = [];
    const floors: Record<StreamId, number> = {};
    let bytes = 0;
    for (const stream of this.#streams.values()) {
      const theirs = have[stream.id] ?? 0;
      const end = stream.id === own.stream ? own.end : stream.have;
      if (theirs >= end) continue;
      if (stream.floor > theirs) floors[stream.id] = stream.floor;
      for (let next = Math.max(theirs, stream.floor) + 1; next <= end;) {
        const kept = batchAt(stream, next);
        if (kept === undefined || kept.atMs > beforeMs) break;
        const isTooMuch = bytes + kept.bytes > bytesMax || batches.length >= countMax;
        if (isTooMuch && batches.length > 0) return { batches, floors, isAll: false };
        batches.push(kept.batch);
        bytes += kept.bytes;
        next = kept.last + 1;
      }
    }
    return { batches, floors, isAll: true };
  }

  /**
   * What is kept and has passed (or at least come), in an order that is causal: whatever depends on something has a later Lamport time. What
   * {@link ready} has not told of yet is news, and no history.
   */
  history(isPassed: boolean): Kept[] {
    const news = new Set(isPassed ? this.#passed : this.#arrived);
    const ready = this.#arrivals.filter((kept) => {
      const { stream, last } = kept;
      const known = this.#streams.get(stream);
      if (known === undefined || last <= known.floor || news.has(kept)) return false;
      return last <= (isPassed ? known.passed : known.have);
    });
    return ready.toSorted(
      (a, b) =>
        a.batch.lamport - b.batch.lamport ||
        (a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : 0),
    );
  }

  /** A batch that is kept, by its stream and one of its numbers. */
  find(id: StreamId, number: number): Kept | undefined {
    const stream = this.#streams.get(id);
    return stream === undefined ? undefined : batchAt(stream, number);
  }

  /**
   * Looks after its bounds: drops what is too old or too much, and gives up what has been missing for too long.
   *
   * @param floors what others keep no more, by stream: before that nothing can come any more
   * @returns what was given up
   */
  tend(nowMs: number, floors: Readonly<Record<StreamId, number>> = {}): readonly Gap[] {
    this.#trim(nowMs);
    const gaps: Gap[] = [];
    for (const stream of this.#streams.values()) {
      const isStuck = stream.ahead.size > 0 || stream.passed < stream.have;
      if (!isStuck) stream.stuckSinceMs = undefined;
      else stream.stuckSinceMs ??= nowMs;
      if (nowMs - (stream.stuckSinceMs ?? nowMs) < this.#retention.gapMs) continue;
      if (stream.passed < stream.have) this.#pass(stream);
      else gaps.push(...this.#jump(stream, floors[stream.id] ?? 0, nowMs));
      stream.stuckSinceMs = undefined;
    }
    this.#passWhatCan();
    return gaps;
  }

  #compare(stream: Stream, batch: Batch): Reception {
    const known = batchAt(stream, batch.first);
    return known === undefined || isSame(known.batch, batch) ? 'known' : 'conflict';
  }

  /** Nothing that has to stay may crowd out what comes: whoever sends has to send it again. */
  #isOverfull(): boolean {
    return this.#bytes > 2 * this.#retention.bytesMax;
  }

  #advance(stream: Stream, nowMs: number): void {
    for (;;) {
      const next = stream.ahead.get(stream.have + 1);
      if (next === undefined) break;
      stream.ahead.delete(next.first);
      stream.have = next.last;
      stream.kept.push(next);
      this.#arrivals.push(next);
      this.#arrived.push(next);
      this.#waiting.add(stream);
    }
    this.#passWhatCan();
    this.#trim(nowMs);
  }

  /** Lets pass whatever has everything before it that it depends on. */
  #passWhatCan(): void {
    for (let hasMoved = true; hasMoved;) {
      hasMoved = false;
      for (const stream of this.#waiting) {
        for (;;) {
          const next = batchAt(stream, stream.passed + 1);
          if (next === undefined || !this.#canPass(next.batch)) break;
          this.#pass(stream);
          hasMoved = true;
        }
      }
    }
  }

  #canPass({ after }: Batch): boolean {
    return Object.entries(after).every(([id, number]) => {
      const stream = this.#streams.get(id);
      if (stream !== undefined) return this.#rules.hasPassed(stream.passed, number);
      const author = authorOf(id);
      // Of a life that is known no more, or of nobody: nothing of it can come.
      return author === undefined || this.stream(author.origin, author.life) === undefined;
    });
  }

  #pass(stream: Stream): void {
    const next = batchAt(stream, stream.passed + 1)!;
    stream.passed = next.last;
    this.#passed.push(next);
    if (stream.passed === stream.have) this.#waiting.delete(stream);
  }

  /** Goes on behind what nobody keeps. What one of the others may still have is waited for. */
  #jump(stream: Stream, floor: number, nowMs: number): Gap[] {
    const [first] = [...stream.ahead.keys()].toSorted((a, b) => a - b);
    if (first === undefined || floor < first - 1) return [];
    const from = stream.have + 1;
    Object.assign(stream, { have: first - 1, passed: first - 1, floor: first - 1 });
    for (const kept of stream.kept.splice(0)) this.#drop(kept);
    this.#raised.add(stream);
    this.#advance(stream, nowMs);
    return [{ stream: stream.id, from, to: first - 1 }];
  }

  #trim(nowMs: number): void {
    const { bytesMax, ageMs } = this.#retention;
    while (this.#arrivals.length > 0) {
      const oldest = this.#arrivals[0]!;
      const stream = this.#streams.get(oldest.stream);
      const isTooMuch = this.#bytes > bytesMax || nowMs - oldest.atMs > ageMs;
      if (!isTooMuch || (stream !== undefined && stream.passed < oldest.last)) return;
      this.#arrivals.shift();
      if (stream?.kept[0] !== oldest) continue;
      stream.kept.shift();
      stream.floor = oldest.last;
      this.#raised.add(stream);
      this.#drop(oldest);
    }
  }

  #drop(kept: Kept): void {
    this.#bytes -= kept.bytes;
    this.#dropped.push(kept);
  }

  #forget(stream: Stream): void {
    for (const kept of [...stream.kept, ...stream.ahead.values()]) this.#drop(kept);
    this.#streams.delete(stream.id);
    this.#waiting.delete(stream);
    this.#raised.delete(stream);
  }
}

/** The signature is over all of it; where there is none yet it is one's own. */
function isSame(a: Batch, b: Batch): boolean {
  if (a === b) return true;
  const [one, other] = [a, b].map((batch) => statementOf(batch as unknown as AnySigned).fields);
  return equalBytes(encodeCanonical(one), encodeCanonical(other));
}
