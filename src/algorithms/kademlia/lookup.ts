/**
 * An iterative lookup: of those known to be closest to a target, the closest are asked for whom they know, α at a time, until the k
 * closest of all have answered. Peers may be of any kind; the Machine and the measurements both follow these lines.
 */

import { compareDistance, type Position } from './positions.ts';

/** One that a lookup knows of. */
export interface Candidate<P> {
  readonly peer: P;
  state: 'new' | 'asked' | 'answered' | 'failed';
  /** How many questions led to it: 1 for those that were known before. */
  readonly depth: number;
}

/** A lookup under way. */
export interface Lookup<P> {
  readonly target: Position;
  /** The closest first. */
  readonly candidates: Candidate<P>[];
}

/** How wide and how far a lookup goes. */
export interface LookupRules {
  /** How many it looks for. */
  readonly k: number;
  /** Questions under way at once. */
  readonly alpha: number;
}

/** Candidates that are kept: those that fail must not leave too few. */
const KEPT = 4;

/** Begins with those that are known. */
export function beginLookup<P>(target: Position, known: readonly P[]): Lookup<P> {
  return { target, candidates: known.map((peer) => ({ peer, state: 'new', depth: 1 })) };
}

/** Who is to be asked now; they count as asked. */
export function nextToAsk<P>(
  lookup: Lookup<P>,
  { k }: LookupRules,
  mayAsk: (asking: number) => boolean,
): P[] {
  let asking = lookup.candidates.filter(({ state }) => state === 'asked').length;
  const wanted: P[] = [];
  for (const candidate of closestOf(lookup, k)) {
    if (!mayAsk(asking)) break;
    if (candidate.state !== 'new') continue;
    candidate.state = 'asked';
    asking++;
    wanted.push(candidate.peer);
  }
  return wanted;
}

/** One answered with those that it knows. */
export function noteAnswer<P>(
  lookup: Lookup<P>,
  from: P,
  peers: readonly P[],
  { k }: LookupRules,
  placeOf: (peer: P) => Position,
): void {
  const { candidates, target } = lookup;
  const asked = candidates.find(({ peer }) => peer === from);
  if (asked === undefined) return;
  asked.state = 'answered';
  const known = new Set(candidates.map(({ peer }) => peer));
  for (const peer of peers) {
    if (known.has(peer)) continue;
    known.add(peer);
    candidates.push({ peer, state: 'new', depth: asked.depth + 1 });
  }
  candidates.sort((a, b) => compareDistance(target, placeOf(a.peer), placeOf(b.peer)));
  candidates.splice(KEPT * k);
}

/** One did not answer. */
export function noteSilence<P>({ candidates }: Lookup<P>, from: P): void {
  const asked = candidates.find(({ peer }) => peer === from);
  if (asked !== undefined) asked.state = 'failed';
}

/** Whether the k closest that did not fail have all answered. */
export function isOver<P>(lookup: Lookup<P>, { k }: LookupRules): boolean {
  return closestOf(lookup, k).every(({ state }) => state === 'answered');
}

/** The closest that have not failed. */
export function closestOf<P>({ candidates }: Lookup<P>, k: number): Candidate<P>[] {
  return candidates.filter(({ state }) => state !== 'failed').slice(0, k);
}
