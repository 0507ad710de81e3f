/** What an operator may ask of one node. */

import { configurationOf } from './configuration.ts';
import { becomeFollower, becomeLeader } from './roles.ts';
import { campaign, startPreVote } from './election.ts';
import type { Outcome } from './messages.ts';
import { adoptConfiguration } from './membership.ts';
import { takeSnapshot } from './snapshots.ts';
import { answer, append, tell, type Step } from './step.ts';
import { mayCampaign } from './timers.ts';

const done: Outcome = { kind: 'result', value: null };

/** Stands for election now. */
export function campaignHere(step: Step, ticket: number): void {
  const { state } = step;
  if (state.lead !== null) {
    answer(step, { ticket }, done);
    return;
  }
  if (!mayCampaign(step)) {
    answer(step, { ticket }, { kind: 'error', reason: `${state.me} may not lead` });
    return;
  }
  if (state.settings.pre_vote) startPreVote(step);
  else campaign(step, false);
  answer(step, { ticket }, done);
}

/** Votes for whoever asks next. With leases that would break one. */
export function forgetLeaderHere(step: Step, ticket: number): void {
  const { state } = step;
  if (state.settings.reads === 'lease') {
    const reason = 'the leader may be reading on a lease, which this node keeps by waiting';
    answer(step, { ticket }, { kind: 'error', reason });
    return;
  }
  if (state.role === 'follower') becomeFollower(step, state.term, null);
  answer(step, { ticket }, done);
}

/** Takes a snapshot of what is applied. */
export function snapshotHere(step: Step, ticket: number): void {
  const { state } = step;
  takeSnapshot(step);
  answer(step, { ticket }, { kind: 'result', value: state.log.base.index });
}

/**
 * Begins again from what this node alone has, with the members that are named: for the day on which a majority is lost for good. What
 * this node has is declared committed, in a term of its own.
 */
export function recoverHere(step: Step, ticket: number, voters: readonly string[]): void {
  const { state, changes } = step;
  const refuse = (reason: string) => answer(step, { ticket }, { kind: 'error', reason });
  if (!voters.includes(state.me)) {
    refuse(`${state.me} has to be among the voters: what it has is all there is`);
    return;
  }
  if (state.memory === 'lost') {
    refuse(`${state.me} has lost its disk: what it has is less than it had`);
    return;
  }
  if (state.leader !== null) {
    refuse(`${state.leader} leads: the majority is not lost`);
    return;
  }
  // Whatever it stood for is over; in this term nobody else gets its vote.
  becomeFollower(step, state.term + 1, null);
  state.vote = state.me;
  changes.hard = true;
  const configuration = configurationOf(voters);
  const entry = append(step, 'configuration', { ...configuration });
  adoptConfiguration(step, entry.index, entry.data);
  state.commit = entry.index;
  tell(step, 'recovered', { index: entry.index, voters });
  if (voters.length === 1) becomeLeader(step);
  answer(step, { ticket }, { kind: 'result', value: null, index: entry.index });
}

/** What was broken has been seen to. */
export function repairHere(step: Step, ticket: number): void {
  const { state, changes } = step;
  if (state.broken !== null) {
    state.broken = null;
    changes.broken = true;
  }
  answer(step, { ticket }, done);
}
