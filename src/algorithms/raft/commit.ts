/** The commit rule (dissertation, section 3.6.2, figure 3.7). */

import { reachedByQuorum } from './quorum.ts';
import type { RaftState } from './state.ts';
import { decidersIn, type Step } from './step.ts';

/** Commits what a majority has, if its last entry is of this term: the earlier ones are committed with it. */
export function advanceCommit(step: Step): void {
  const { state, rules } = step;
  const index = quorumMatch(step);
  if (index > state.commit && rules.mayCommit(state.log.termAt(index), state.term)) {
    state.commit = index;
  }
}

/** The last entry that a majority has, of each half when the configuration is joint. */
export function quorumMatch(step: Step): number {
  const { state, rules } = step;
  const { peers } = state.lead!;
  const matchOf = (voter: string) => peers.get(voter)?.match ?? 0;
  return reachedByQuorum(decidersIn(step), matchOf, rules.quorum);
}

/** Term of the newest committed entry: before it is the own one, a leader does not know what else is committed. */
export function commitTermOf({ log, commit }: RaftState): number | undefined {
  return log.termAt(commit);
}
