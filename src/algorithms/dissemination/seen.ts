/**
 * Which messages of an origin were seen: runs of sequence numbers. Where little is missing that is little to keep, for any number of
 * messages, and it is a version vector at the same time.
 */

/** Runs kept for one incarnation. Above it the oldest gap is given up: what was missing there counts as seen, and comes too late. */
export const RUNS_MAX = 256;

/** Incarnations kept of one origin: the greatest. A message of a lesser one is too old, so that nobody can bring it back. */
export const INCARNATIONS_MAX = 4;

/** The messages of one incarnation of one origin in one topic. */
export interface Stream {
  readonly incarnation: number;
  /** Runs in ascending order, two numbers each: the first sequence of a run, and the first that is not in it. */
  readonly runs: number[];
  /** Numbers in these runs that were never seen: gaps that were given up. */
  skipped: number;
  /** Messages of it that went up in this incarnation of the node. */
  delivered: number;
}

/** What a publication is to whoever keeps these runs: `overlap` when an origin numbers two publications so that they contradict. */
export type Novelty = 'new' | 'seen' | 'overlap' | 'stale';

/**
 * The stream of an incarnation among those of its origin; undefined for one that is too old.
 *
 * @param streams in ascending order of incarnations; a new one is added, and the least goes when there are too many
 */
export function streamOf(streams: Stream[], incarnation: number): Stream | undefined {
  let at = streams.length;
  while (at > 0 && streams[at - 1]!.incarnation > incarnation) at--;
  if (at > 0 && streams[at - 1]!.incarnation === incarnation) return streams[at - 1];
  if (streams.length >= INCARNATIONS_MAX) {
    if (at === 0) return undefined;
    streams.shift();
    at--;
  }
  const stream: Stream = { incarnation, runs: [], skipped: 0, delivered: 0 };
  streams.splice(at, 0, stream);
  return stream;
}

/** What `count` messages from `sequence` on are, without noting them. */
export function noveltyOf({ runs }: Stream, sequence: number, count: number): Novelty {
  const at = runAt(runs, sequence);
  const end = sequence + count;
  if (at >= 0 && sequence < runs[at + 1]!) return end <= runs[at + 1]! ? 'seen' : 'overlap';
  return at + 2 < runs.length && runs[at + 2]! < end ? 'overlap' : 'new';
}

/** Notes messages; without effect where one of them was noted before. */
export function noteSeen(stream: Stream, sequence: number, count: number): void {
  if (noveltyOf(stream, sequence, count) !== 'new') return;
  const { runs } = stream;
  const at = runAt(runs, sequence);
  const end = sequence + count;
  const joinsBefore = at >= 0 && runs[at + 1] === sequence;
  const joinsAfter = runs[at + 2] === end;
  if (joinsBefore && joinsAfter) runs.splice(at + 1, 2);
  else if (joinsBefore) runs[at + 1] = end;
  else if (joinsAfter) runs[at + 2] = sequence;
  else runs.splice(at + 2, 0, sequence, end);
  if (runs.length > 2 * RUNS_MAX) {
    stream.skipped += runs[2]! - runs[1]!;
    runs.splice(1, 2);
  }
}

/** How many different messages were seen. */
export function seenCount({ runs, skipped }: Stream): number {
  let count = -skipped;
  for (let i = 0; i < runs.length; i += 2) count += runs[i + 1]! - runs[i]!;
  return count;
}

/** Index of the last run that begins at `sequence` or before; -2 when there is none. Most numbers are new: it is looked for from the end. */
function runAt(runs: readonly number[], sequence: number): number {
  let at = runs.length - 2;
  while (at >= 0 && runs[at]! > sequence) at -= 2;
  return at;
}
