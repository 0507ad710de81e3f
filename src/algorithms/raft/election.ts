/** Leader election (dissertation, section 3.4), with pre-vote (9.6) and leases of voters (6.2). */

import type { NodeId } from '../../core/id.ts';
import { membersOf } from './configuration.ts';
import { voteResult } from './quorum.ts';
import { becomeCandidate, becomeFollower, becomeLeader, becomePreCandidate } from './roles.ts';
import { configurationIn, type RaftState } from './state.ts';
import { decidersIn, promise, say, tell, type Step } from './step.ts';
import { mayCampaign, resetElectionTimer } from './timers.ts';

/** No leader was heard for a whole election timeout. */
export function electionTimeout(step: Step): void {
  const { state } = step;
  if (state.role === 'leader') return;
  if (!mayCampaign(step) || state.own.priority === 0) {
    resetElectionTimer(step);
    return;
  }
  tell(step, 'election', { what: 'timeout', term: state.term });
  if (state.settings.pre_vote) startPreVote(step);
  else campaign(step, false);
}

/** Would I win? (section 9.6) Nobody’s term changes if not. */
export function startPreVote(step: Step): void {
  const { state } = step;
  becomePreCandidate(step);
  resetElectionTimer(step);
  const { lastIndex, lastTerm } = state.log;
  for (const voter of otherVoters(state)) {
    // It says in which term it would stand; that is no promise, and so does not wait for the disk.
    say(step, voter, 'preVote', { term: state.term + 1, lastIndex, lastTerm });
  }
  countPreVotes(step);
}

/** Stands for election, in the next term. `isTransfer`: a leader has asked for it. */
export function campaign(step: Step, isTransfer: boolean): void {
  const { state } = step;
  becomeCandidate(step);
  state.isTransfer = isTransfer;
  tell(step, 'election', { what: 'campaign', term: state.term, isTransfer });
  resetElectionTimer(step);
  const { term, log } = state;
  const { lastIndex, lastTerm } = log;
  // The own vote counts when it cannot be forgotten any more, as everybody’s.
  promise(step, state.me, 'requestVoteReply', { term, granted: true });
  for (const voter of otherVoters(state)) {
    promise(step, voter, 'requestVote', { term, lastIndex, lastTerm, transfer: isTransfer });
  }
}

/** Somebody asks whether it could win. */
export function answerPreVote(
  step: Step,
  from: NodeId,
  asked: { readonly term: number; readonly lastIndex: number; readonly lastTerm: number },
): void {
  const { state, rules } = step;
  const candidate = { term: asked.lastTerm, index: asked.lastIndex };
  const granted =
    asked.term > state.term &&
    state.role !== 'leader' &&
    !hearsLeader(step, from) &&
    rules.isUpToDate(candidate, endOf(state)) &&
    mayVote(step);
  say(step, from, 'preVoteReply', { term: granted ? asked.term : state.term, granted });
}

/** An answer to what {@link startPreVote} asked. */
export function countPreVote(
  step: Step,
  from: NodeId,
  { term, granted }: { readonly term: number; readonly granted: boolean },
): void {
  const { state, rules } = step;
  if (!granted && rules.followsNewerTerm(term, state.term)) {
    becomeFollower(step, term, null);
    return;
  }
  if (state.role !== 'pre-candidate') return;
  // A yes to a question of an earlier term is none to this one.
  if (granted && term !== state.term + 1) return;
  state.votes.set(from, granted);
  countPreVotes(step);
}

function countPreVotes(step: Step): void {
  const { state, rules } = step;
  const result = voteResult(decidersIn(step), state.votes, rules.quorum);
  if (result === 'won') campaign(step, false);
  if (result === 'lost') becomeFollower(step, state.term, null);
}

/** Section 3.4 and figure 3.1, RequestVote. */
export function answerVote(
  step: Step,
  from: NodeId,
  asked: {
    readonly term: number;
    readonly lastIndex: number;
    readonly lastTerm: number;
    readonly transfer: boolean;
  },
): void {
  const { state, rules } = step;
  // Whoever hears a leader does not help to replace it, and does not even look at the term (section 4.2.3).
  if (!asked.transfer && asked.term > state.term && hearsLeader(step, from)) return;
  if (rules.followsNewerTerm(asked.term, state.term)) becomeFollower(step, asked.term, null);
  const candidate = { term: asked.lastTerm, index: asked.lastIndex };
  const granted =
    rules.votesInTerm(asked.term, state.term) &&
    state.role !== 'leader' &&
    rules.mayVote(state.vote, from) &&
    rules.isUpToDate(candidate, endOf(state)) &&
    mayVote(step);
  if (granted) {
    if (state.vote !== from) {
      state.vote = from;
      step.changes.hard = true;
    }
    // Whoever gives its vote away does not go on asking for others'.
    if (state.role === 'pre-candidate') becomeFollower(step, state.term, null);
    // Only a vote that was given restarts the clock (figure 3.1, followers).
    resetElectionTimer(step);
  }
  promise(step, from, 'requestVoteReply', {
    term: granted ? asked.term : state.term,
    granted,
  });
}

/** An answer to what {@link campaign} asked; the own vote comes this way, too. */
export function countVote(
  step: Step,
  from: NodeId,
  { term, granted }: { readonly term: number; readonly granted: boolean },
): void {
  const { state, rules } = step;
  if (rules.followsNewerTerm(term, state.term)) {
    becomeFollower(step, term, null);
    return;
  }
  if (state.role !== 'candidate' || !rules.countsVote(term, state.term)) return;
  // The first answer of a voter counts; a copy that says otherwise was not meant for this election.
  if (!state.votes.has(from)) state.votes.set(from, granted);
  const result = voteResult(decidersIn(step), state.votes, rules.quorum);
  if (result === 'won') {
    tell(step, 'election', { what: 'won', term: state.term });
    becomeLeader(step);
  } else if (result === 'lost') {
    tell(step, 'election', { what: 'lost', term: state.term });
    becomeFollower(step, state.term, null);
  }
}

/** Section 4.2.3: a leader that can be heard is not to be disturbed; nor is the lease of one that could be read from. */
function hearsLeader(step: Step, candidate: NodeId): boolean {
  const { state, rules } = step;
  const { check_quorum, pre_vote, reads, election_timeout: timeoutMs } = state.settings;
  if (!check_quorum && !pre_vote) return false;
  if (state.role === 'leader') return check_quorum;
  // After a restart it is not known whom one heard; a lease may still count on it.
  const isKnown = state.leader !== null && state.leader !== candidate;
  if (!isKnown && reads !== 'lease') return false;
  return rules.hearsLeader(state.nowMs - state.leaderHeardAtMs, timeoutMs);
}

/** A node that is broken, or does not remember what it promised, votes for nobody. */
function mayVote({ state, rules }: Step): boolean {
  return state.broken === null && rules.votesWithMemory(state.memory);
}

function otherVoters(state: RaftState): NodeId[] {
  const configuration = configurationIn(state);
  const voters = membersOf({ ...configuration, learners: [] });
  return voters.filter((id) => id !== state.me);
}

function endOf({ log }: RaftState) {
  return { term: log.lastTerm, index: log.lastIndex };
}
