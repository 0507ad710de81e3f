/**
 * Whom a node knows: for each distance up to k others, in the order in which they were heard of last. So a node knows its neighbourhood
 * well and the far side of the space by a few, which is enough to halve any distance in one step.
 */

import { compareDistance, type Position } from './positions.ts';

/** A table of peers of any kind. */
export interface RoutingTable<P> {
  /** By how many bits they have in common with the node; in each the one heard of longest ago first. */
  readonly buckets: P[][];
  /** Who found no room, the latest last: they come in when somebody fails. */
  readonly spares: P[][];
}

/** An empty one, for positions of so many bits. */
export function emptyTable<P>(bits: number): RoutingTable<P> {
  const lists = (): P[][] => Array.from({ length: bits }, () => []);
  return { buckets: lists(), spares: lists() };
}

/**
 * A peer was heard of: it moves to the end of its bucket. Those that are known stay where there is no room: who has been there for long
 * will probably stay (Maymounkov and Mazières, Section 2.2), and nobody can push them out by flooding.
 */
export function noteSeen<P>(
  { buckets, spares }: RoutingTable<P>,
  bucket: number,
  peer: P,
  hasRoom: (size: number) => boolean,
  sparesMax: number,
): void {
  const known = buckets[bucket]!;
  const at = known.indexOf(peer);
  if (at >= 0) known.splice(at, 1);
  if (at >= 0 || hasRoom(known.length)) {
    known.push(peer);
    return;
  }
  const waiting = spares[bucket]!;
  const place = waiting.indexOf(peer);
  if (place >= 0) waiting.splice(place, 1);
  waiting.push(peer);
  if (waiting.length > sparesMax) waiting.shift();
}

/** A peer did not answer: the one that was heard of last takes its place. */
export function noteFailed<P>({ buckets, spares }: RoutingTable<P>, bucket: number, peer: P): void {
  const waiting = spares[bucket]!;
  const spare = waiting.indexOf(peer);
  if (spare >= 0) waiting.splice(spare, 1);
  const known = buckets[bucket]!;
  const at = known.indexOf(peer);
  if (at < 0) return;
  known.splice(at, 1);
  const next = waiting.pop();
  if (next !== undefined) known.push(next);
}

/** The `count` known peers that are closest to a position, the closest first. */
export function closestIn<P>(
  { buckets }: RoutingTable<P>,
  target: Position,
  count: number,
  placeOf: (peer: P) => Position,
): P[] {
  return buckets
    .flat()
    .toSorted((a, b) => compareDistance(target, placeOf(a), placeOf(b)))
    .slice(0, count);
}
