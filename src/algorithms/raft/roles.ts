/** Changes of role (dissertation, figure 3.3). */

import type { NodeId } from '../../core/id.ts';
import { newProgress } from './progress.ts';
import { configurationIn, type Role } from './state.ts';
import { answer, append, promise, say, tell, type Step } from './step.ts';
import { membersOf } from './configuration.ts';
import { noteLeader, resetElectionTimer, startHeartbeats } from './timers.ts';

/** Follows `leader`, or whoever will be elected; in `term`, or in the one that it is in. */
export function becomeFollower(step: Step, term: number, leader: NodeId | null): void {
  const { state, rules, changes } = step;
  const vote = rules.voteAfterStepDown(state.vote, term, state.term);
  if (term !== state.term || vote !== state.vote) {
    if (term > state.term) tell(step, 'term', { term });
    state.term = term;
    state.vote = vote;
    changes.hard = true;
  }
  takeRole(step, 'follower');
  setLeader(step, leader);
  state.isTransfer = false;
}

/** Asks around, in the term that it is in. */
export function becomePreCandidate(step: Step): void {
  takeRole(step, 'pre-candidate');
  setLeader(step, null);
  step.state.votes = new Map([[step.state.me, true]]);
}

/** Stands for election in the next term (section 3.4). */
export function becomeCandidate(step: Step): void {
  const { state, changes } = step;
  state.term++;
  state.vote = state.me;
  changes.hard = true;
  tell(step, 'term', { term: state.term });
  takeRole(step, 'candidate');
  setLeader(step, null);
  state.votes = new Map();
}

/** Has been elected: opens its term with an entry of its own (section 6.4). */
export function becomeLeader(step: Step): void {
  const { state, rules } = step;
  takeRole(step, 'leader');
  setLeader(step, state.me);
  state.elected.push(state.term);
  state.lead = {
    ...{ peers: new Map(), round: 0, rounds: new Map(), waiting: new Map(), reads: [] },
    ...{ transfer: null, hasHandedOver: false, promotion: null, uncommittedBytes: 0 },
    ...{ heartbeatDueMs: state.nowMs, ownAsked: 0 },
  };
  for (let i = state.commit + 1; i <= state.log.lastIndex; i++) {
    state.lead.uncommittedBytes += state.log.at(i)!.size;
  }
  trackMembers(step, state.log.lastIndex + 1);
  if (rules.opensTerm()) append(step, 'noop', state.me);
  startHeartbeats(step);
}

/**
 * Follows whoever leads in this term, or says that it is of the past. The term comes first: what an old leader says of the log counts for
 * nothing.
 */
export function acceptLeader(
  step: Step,
  from: NodeId,
  message: { readonly term: number; readonly round: number; readonly session: number },
): boolean {
  const { state, rules } = step;
  const { term, round, session } = message;
  if (!rules.heedsLeader(term, state.term)) {
    // A node that was alone may be ahead of the leader's term: by this answer the leader learns of it (section 3.3).
    promise(step, from, 'appendEntriesReply', {
      ...{ term: state.term, success: false, match: 0, matchTerm: 0, prevIndex: 0, round, session },
    });
    return false;
  }
  if (state.role === 'leader' && term === state.term) {
    throw new Error(`${from} and ${state.me} both lead in term ${term}`);
  }
  if (term > state.term || state.role !== 'follower' || state.leader !== from) {
    becomeFollower(step, term, from);
  }
  noteLeader(step);
  return true;
}

/** A leader has a progress for each member, and none for anybody else; new ones are sent what is from `next` on. */
export function trackMembers({ state }: Step, next: number): void {
  const { lead, nowMs } = state;
  if (lead === null) return;
  const members = membersOf(configurationIn(state));
  // The entry that made it a member tells one membership of a node from the next.
  const session = state.configurations.at(-1)!.index;
  for (const id of lead.peers.keys()) {
    if (!members.includes(id)) lead.peers.delete(id);
  }
  for (const id of members) {
    if (!lead.peers.has(id)) lead.peers.set(id, newProgress(next, session, nowMs));
  }
}

function takeRole(step: Step, role: Role): void {
  const { state } = step;
  if (state.role === role) return;
  if (state.role === 'leader') layDown(step);
  state.role = role;
  if (role !== 'candidate' && role !== 'pre-candidate') state.votes = new Map();
  tell(step, 'role', { role, term: state.term });
  resetElectionTimer(step);
}

function setLeader(step: Step, leader: NodeId | null): void {
  const { state } = step;
  if (state.leader === leader) return;
  state.leader = leader;
  tell(step, 'leader', { leader, term: state.term });
}

/** Who waited for this leader is told that it is none any more. What became of a command is not known to it. */
function layDown(step: Step): void {
  const { state } = step;
  const { waiting, reads, transfer, promotion } = state.lead!;
  state.lead = null;
  const outcome = { kind: 'retry' as const, reason: `${state.me} leads no more` };
  for (const { asker } of waiting.values()) answer(step, asker, outcome);
  for (const { asker, query } of reads) {
    if (query !== null || 'ticket' in asker) answer(step, asker, outcome);
    else say(step, asker.from, 'readIndexReply', { id: asker.id, outcome });
  }
  if (transfer !== null && transfer.asker !== null) answer(step, transfer.asker, outcome);
  if (promotion !== null) answer(step, promotion.asker, outcome);
}
