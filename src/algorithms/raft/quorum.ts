/** Majorities, alone and joint (dissertation, sections 3.4 and 4.3). */

import type { NodeId } from '../../core/id.ts';
import type { Configuration } from './configuration.ts';

/** What an election has come to. */
export type VoteResult = 'won' | 'lost' | 'pending';

/** More than half of `count`. For an even number that is one more than half: two of four are no majority. */
export function majority(count: number): number {
  return Math.floor(count / 2) + 1;
}

/**
 * The greatest value that a majority of `voters` has reached; with a second list of voters, a majority of each.
 * A list without voters asks for nothing.
 */
export function reachedByQuorum(
  { voters, outgoing }: Pick<Configuration, 'voters' | 'outgoing'>,
  valueOf: (voter: NodeId) => number,
  size: (count: number) => number = majority,
): number {
  return Math.min(reached(voters, valueOf, size), reached(outgoing, valueOf, size));
}

function reached(
  voters: readonly NodeId[],
  valueOf: (voter: NodeId) => number,
  size: (count: number) => number,
): number {
  if (voters.length === 0) return Infinity;
  const descending = voters.map(valueOf).toSorted((a, b) => b - a);
  return descending[size(voters.length) - 1]!;
}

/** Whether votes are enough: in a joint configuration each of its majorities has to be won. */
export function voteResult(
  { voters, outgoing }: Pick<Configuration, 'voters' | 'outgoing'>,
  votes: ReadonlyMap<NodeId, boolean>,
  size: (count: number) => number = majority,
): VoteResult {
  const results = [voters, outgoing].map((list) => resultOf(list, votes, size));
  if (results.includes('lost')) return 'lost';
  return results.includes('pending') ? 'pending' : 'won';
}

function resultOf(
  voters: readonly NodeId[],
  votes: ReadonlyMap<NodeId, boolean>,
  size: (count: number) => number,
): VoteResult {
  if (voters.length === 0) return 'won';
  let [yes, open] = [0, 0];
  for (const voter of voters) {
    const vote = votes.get(voter);
    if (vote === undefined) open++;
    else if (vote) yes++;
  }
  const needed = size(voters.length);
  if (yes >= needed) return 'won';
  return yes + open >= needed ? 'pending' : 'lost';
}
