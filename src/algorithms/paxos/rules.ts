/** The decisions on which the safety of Paxos rests. Each line here is one that somebody has got wrong. */

import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';
import { isHigher, isSame, NO_BALLOT, type Ballot, type Proposal } from './ballot.ts';

/** What an acceptor must not forget, whatever happens to it. */
export interface Memory {
  /** The highest ballot that it has promised or accepted. */
  readonly promised: Ballot;
  readonly accepted: Proposal | null;
  readonly chosen: Proposal | null;
}

/** Rules of {@link Paxos}. */
export const rules = { quorum, nextBallot, mayPromise, mayAccept, pick, record, remember };

/** How many of n nodes are a majority: any two majorities share a node. */
function quorum(n: number): number {
  return Math.floor(n / 2) + 1;
}

/** A ballot of ours that is higher than all that we know of. */
function nextBallot(promised: Ballot, me: NodeId): Ballot {
  return { round: promised.round + 1, node: me };
}

/** Phase 1b: a promise for a ballot is given if it is higher than all those promised before. */
function mayPromise(promised: Ballot, ballot: Ballot): boolean {
  return isHigher(ballot, promised);
}

/** Phase 2b: a value is accepted unless a higher ballot was promised meanwhile. */
function mayAccept(promised: Ballot, ballot: Ballot): boolean {
  return isHigher(ballot, promised) || isSame(ballot, promised);
}

/**
 * Phase 2a: the value of the highest ballot that any of the majority has accepted; if there is
 * none, we are free. Null when we have nothing to propose either.
 */
function pick(promises: ReadonlyMap<NodeId, Proposal | null>, own: string | null): string | null {
  let highest: Proposal | null = null;
  for (const accepted of promises.values()) {
    if (accepted === null) continue;
    if (highest === null || isHigher(accepted.ballot, highest.ballot)) highest = accepted;
  }
  return highest?.value ?? own;
}

/** What is stored before an answer leaves. */
function record({ promised, accepted, chosen }: Memory): Readonly<Record<string, unknown>> {
  return { promised, accepted, chosen };
}

/** What a node that comes back knows. */
function remember(stored: ReadonlyMap<string, Value>): Memory {
  const { promised, accepted, chosen } = Object.fromEntries(stored) as unknown as Partial<Memory>;
  return {
    promised: promised ?? NO_BALLOT,
    accepted: accepted ?? null,
    chosen: chosen ?? null,
  };
}
