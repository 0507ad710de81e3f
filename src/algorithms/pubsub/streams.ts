/**
 * What is known of each author's messages: a stream for each of its lives, in which numbers have no gaps. So a single number says which
 * messages one has, and finds duplicates for ever: a version vector costs a number a stream, however many messages there were.
 */

import { encodeCanonical } from '../../core/canonical.ts';
import { compareIds, type NodeId } from '../../core/id.ts';
import { sizeOf, type Batch } from './messages.ts';

/** Name of a stream: `7/n1`. */
export type StreamId = string;

/** The stream of a life of an author. */
export function streamOf(origin: NodeId, life: number): StreamId {
  return `${life}/${origin}`;
}

/** Author and life; undefined when it is the name of no stream. */
export function authorOf(
  stream: StreamId,
): { readonly origin: NodeId; readonly life: number } | undefined {
  const at = stream.indexOf('/');
  const life = Number(stream.slice(0, at));
  const origin = stream.slice(at + 1);
  return at > 0 && Number.isSafeInteger(life) && life >= 0 && origin !== ''
    ? { origin, life }
    : undefined;
}

/** Orders streams for the eye: by author, then by life. */
export function compareStreams(a: StreamId, b: StreamId): number {
  const [one, other] = [authorOf(a), authorOf(b)];
  if (one === undefined || other === undefined) return a < b ? -1 : a > b ? 1 : 0;
  return compareIds(one.origin, other.origin) || one.life - other.life;
}

/** A batch that is kept. */
export interface Kept {
  readonly batch: Batch;
  readonly stream: StreamId;
  readonly first: number;
  /** Number of its last message. */
  readonly last: number;
  /** Bytes of its canonical encoding. */
  readonly bytes: number;
  /** When it came, on the clock of the node. */
  readonly atMs: number;
}

/** A batch as it is kept, from now on. */
export function keptOf(batch: Batch, atMs: number): Kept {
  const { signer, life, first } = batch;
  const last = first + sizeOf(batch.messages) - 1;
  const bytes = encodeCanonical(batch).length;
  return { batch, stream: streamOf(signer, life), first, last, bytes, atMs };
}

/** One stream. `floor ≤ passed ≤ have`. */
export interface Stream {
  readonly id: StreamId;
  readonly origin: NodeId;
  readonly life: number;
  /** Up to here nothing is kept any more. */
  floor: number;
  /** Up to here everything has come. */
  have: number;
  /** Up to here everything has come after what it depends on. */
  passed: number;
  /** From the floor to `have`, in order. */
  readonly kept: Kept[];
  /** What came before its predecessor, by its first number. */
  readonly ahead: Map<number, Kept>;
  /** Since when something is missing before what is there; undefined when nothing is. */
  stuckSinceMs: number | undefined;
}

/** An empty stream. */
export function newStream(id: StreamId, origin: NodeId, life: number): Stream {
  return {
    ...{ id, origin, life, floor: 0, have: 0, passed: 0 },
    ...{ kept: [], ahead: new Map(), stuckSinceMs: undefined },
  };
}

/** The kept batch that holds this number; undefined when it is none that is kept. */
export function batchAt(stream: Stream, number: number): Kept | undefined {
  const { kept } = stream;
  let [low, high] = [0, kept.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = kept[middle]!;
    if (number < found.first) high = middle - 1;
    else if (number > found.last) low = middle + 1;
    else return found;
  }
  return undefined;
}
