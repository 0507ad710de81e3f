/** Linearizable reads without a log entry (dissertation, sections 6.4 and 6.4.1). */

import type { NodeId } from '../../core/id.ts';
import { messageOf } from '../../core/errors.ts';
import type { Value } from '../../core/value.ts';
import { commitTermOf } from './commit.ts';
import type { Outcome } from './messages.ts';
import { passOn } from './proposals.ts';
import { reachedByQuorum } from './quorum.ts';
import type { Asker, Reading } from './state.ts';
import { answer, decidersIn, say, type Step } from './step.ts';

/** Somebody here wants to read. */
export function readHere(step: Step, ticket: number, query: Value): void {
  const { state } = step;
  if (state.lead !== null) {
    readAtLeader(step, { ticket }, { of: query });
    return;
  }
  const id = passOn(step, ticket, { of: query });
  if (id !== undefined) say(step, state.leader!, 'readIndex', { id });
}

/** A follower wants to know how far it must have applied. */
export function takeReadIndex(step: Step, from: NodeId, id: number): void {
  if (step.state.lead !== null) readAtLeader(step, { from, id }, null);
  else refer(step, { from, id }, { kind: 'retry', reason: `${step.state.me} does not lead` });
}

/** The leader's answer: this node reads when it has applied so far. */
export function takeReadIndexReply(
  step: Step,
  { id, outcome }: { readonly id: number; readonly outcome: Outcome },
): void {
  const { state } = step;
  const passed = state.passedOn.get(id);
  if (passed === undefined || passed.query === null) return;
  state.passedOn.delete(id);
  const { ticket, query } = passed;
  if (outcome.kind !== 'result') {
    answer(step, { ticket }, outcome);
    return;
  }
  state.reads.push({ ticket, query, index: outcome.index ?? 0 });
  releaseReads(step);
}

function readAtLeader(step: Step, asker: Asker, query: Reading['query']): void {
  const { state, rules } = step;
  const lead = state.lead!;
  // Until then it does not know what earlier leaders have committed (section 6.4, step 1).
  if (!rules.mayRead(commitTermOf(state), state.term)) {
    refer(step, asker, { kind: 'retry', reason: 'the term is not open yet' });
    return;
  }
  const index = rules.readIndex(state.commit, state.applied);
  if (state.settings.reads === 'lease' && hasLease(step)) {
    serve(step, { asker, query, index, round: 0 });
    return;
  }
  const isAsking = lead.reads.some(({ round }) => round === lead.round + 1);
  lead.reads.push({ asker, query, index, round: rules.readRound(lead.round) });
  // Reads that come while a round is under way share the next one: 2(n − 1) messages for all of them.
  if (!isAsking && confirmedRound(step) >= lead.round) step.agenda.round = true;
}

/** Serves the reads whose round a majority has answered: at that time nobody else led. */
export function confirmReads(step: Step): void {
  const { state } = step;
  const lead = state.lead!;
  const confirmed = confirmedRound(step);
  for (const round of lead.rounds.keys()) {
    if (round < confirmed) lead.rounds.delete(round);
  }
  if (lead.reads.length === 0) return;
  const ready = lead.reads.filter(({ round }) => round <= confirmed);
  lead.reads = lead.reads.filter(({ round }) => round > confirmed);
  for (const reading of ready) serve(step, reading);
  // While a round is under way, those that came meanwhile wait for its end.
  const isWaiting = lead.reads.some(({ round }) => round > lead.round);
  if (isWaiting && confirmed >= lead.round) step.agenda.round = true;
}

/** The latest round that a majority has answered. The leader itself always has. */
function confirmedRound(step: Step): number {
  const { state, rules } = step;
  const { peers, round } = state.lead!;
  const roundOf = (id: NodeId) => (id === state.me ? round : (peers.get(id)?.round ?? 0));
  return reachedByQuorum(decidersIn(step), roundOf, rules.quorum);
}

/** Section 6.4.1: since a majority answered, none of it votes for another before its election timeout is over. */
export function hasLease(step: Step): boolean {
  const { state, rules } = step;
  const { rounds, transfer, hasHandedOver, heartbeatDueMs } = state.lead!;
  if (transfer !== null || (hasHandedOver && !rules.leaseSurvivesTransfer())) return false;
  const { election_timeout: timeoutMs, clock_drift: drift } = state.settings;
  // A heartbeat that is overdue says that this node stood still, and a clock that stood still is no clock.
  if (state.nowMs - heartbeatDueMs > state.settings.heartbeat_interval) return false;
  const askedMs = rounds.get(confirmedRound(step));
  return askedMs !== undefined && state.nowMs - askedMs < rules.leaseMs(timeoutMs, drift);
}

/** The index is known: whoever asks may read when it has applied so far. */
function serve(step: Step, { asker, query, index }: Reading): void {
  if (query === null || !('ticket' in asker)) {
    refer(step, asker, { kind: 'result', index });
    return;
  }
  step.state.reads.push({ ticket: asker.ticket, query, index });
  releaseReads(step);
}

function refer(step: Step, asker: Asker, outcome: Outcome): void {
  if ('ticket' in asker) answer(step, asker, outcome);
  else say(step, asker.from, 'readIndexReply', { id: asker.id, outcome });
}

/** Answers the reads of this node whose index is applied. */
export function releaseReads(step: Step): void {
  const { state } = step;
  if (state.reads.length === 0) return;
  const ready = state.reads.filter(({ index }) => index <= state.applied);
  if (ready.length === 0) return;
  state.reads = state.reads.filter(({ index }) => index > state.applied);
  for (const { ticket, query, index } of ready)
    answer(step, { ticket }, read(step, query.of, index));
}

function read({ state }: Step, query: Value, index: number): Outcome {
  try {
    return { kind: 'result', value: state.machine.query(query), index };
  } catch (error) {
    return { kind: 'error', reason: messageOf(error) };
  }
}
