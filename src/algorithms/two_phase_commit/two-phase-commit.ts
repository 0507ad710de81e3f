/**
 * Two-phase commit: all participants of a transaction commit it, or all abort it, though nodes crash
 * and come back. After Gray (1978), in the words of Bernstein, Hadzilacos and Goodman (1987).
 */

import * as v from 'valibot';
import type { NodeId } from '../../core/id.ts';
import { driven } from '../../core/machine-driver.ts';
import {
  defineMachine,
  type MachineBase,
  type MachineInput,
  type Out,
} from '../../core/machine.ts';
import { messages } from './messages.ts';
import { rules, type Outcome, type Phase } from './rules.ts';

const milliseconds = v.pipe(v.number(), v.minValue(1));

const settings = {
  /** One node has it. All others are participants, and must be its neighbours. */
  coordinator: v.optional(v.boolean(), false),
  /** What a participant answers. */
  vote: v.optional(v.picklist(['yes', 'no']), 'yes'),
  /** Milliseconds until the coordinator, or a participant that was asked nothing yet, gives up. */
  patience: v.optional(milliseconds, 3000),
  /** Milliseconds until the coordinator asks those again who have not answered. */
  resend: v.optional(milliseconds, 500),
};

/** The state of the machine. */
export interface TwoPhaseCommitState {
  /** All others, as the coordinator sees them; null at a participant. */
  readonly participants: readonly NodeId[] | null;
  readonly votes_yes: boolean;
  readonly patience: number;
  readonly resend: number;
  /** Null until the node has looked at its disk. */
  phase: Phase | null;
  /** Coordinator: who has said yes. */
  readonly yes: Set<NodeId>;
  /** Coordinator: who has stored the decision. */
  readonly acks: Set<NodeId>;
}

type State = TwoPhaseCommitState & MachineBase;
type Effects = Out<typeof messages, {}, {}, typeof rules>;
type Input = MachineInput<typeof messages, {}>;
type Message = Extract<Input, { kind: 'message' }>;

/** The machine, for search and for stepping by hand. */
export const twoPhaseCommit = defineMachine<
  TwoPhaseCommitState,
  typeof messages,
  typeof settings,
  {},
  {},
  typeof rules
>('two_phase_commit', {
  messages,
  settings,
  rules,
  // What never changes tells no two situations apart.
  transient: ['participants', 'votes_yes', 'patience', 'resend'],

  init({ id, nodes, neighbours, settings: { coordinator, vote, patience, resend } }) {
    if (coordinator) checkPlace(id, nodes, neighbours);
    return {
      participants: coordinator ? nodes.filter((other) => other !== id) : null,
      votes_yes: vote === 'yes',
      patience,
      resend,
      phase: null,
      yes: new Set(),
      acks: new Set(),
    };
  },

  step(state, input, out) {
    if (state.participants === null) participate(state, input, out);
    else coordinate(state, state.participants, input, out);
  },

  visible: ({ participants, phase, yes, acks }) =>
    participants === null
      ? { role: 'participant', phase }
      : { role: 'coordinator', phase, yes: [...yes], acks: [...acks] },

  report: ({ phase }) => ({ outcome: isOutcome(phase) ? phase : null }),
});

// The coordinator.

function coordinate(
  state: State,
  participants: readonly NodeId[],
  input: Input,
  out: Effects,
): void {
  if (input.kind === 'start') beginTransaction(state, participants, input, out);
  else if (input.kind === 'message') hear(state, participants, input, out);
  else if (input.kind === 'timer' && input.name === 'resend') askAgain(state, participants, out);
  else if (input.kind === 'timer' && state.phase === 'working') {
    decide(state, participants, out.rules.onSilence(), out);
  }
}

function beginTransaction(
  state: State,
  participants: readonly NodeId[],
  { restarted, stored }: Extract<Input, { kind: 'start' }>,
  out: Effects,
): void {
  state.phase = out.rules.recall(stored);
  if (stored.get('over') === true) out.terminate();
  else if (isOutcome(state.phase)) proclaim(state, participants, state.phase, out);
  else if (restarted) decide(state, participants, out.rules.presumed(), out);
  else {
    out.toAll('prepare', {});
    out.timer('patience', state.patience);
    out.timer('resend', state.resend);
    decideIfUnanimous(state, participants, out);
  }
}

function hear(
  state: State,
  participants: readonly NodeId[],
  { type, from, message }: Message,
  out: Effects,
): void {
  if (type === 'ack') {
    state.acks.add(from);
    endIfAllKnow(state, participants, out);
  } else if (type === 'vote' && state.phase === 'working') {
    if (message.yes) state.yes.add(from);
    else decide(state, participants, 'aborted', out);
    decideIfUnanimous(state, participants, out);
  }
}

function decideIfUnanimous(state: State, participants: readonly NodeId[], out: Effects): void {
  if (state.phase !== 'working') return;
  if (out.rules.isUnanimous(state.yes, participants)) decide(state, participants, 'committed', out);
}

/** The moment in which the transaction is committed, or is not: when the decision is on the coordinator's disk. */
function decide(
  state: State,
  participants: readonly NodeId[],
  outcome: Outcome,
  out: Effects,
): void {
  state.phase = outcome;
  out.cancel('patience');
  out.put(out.rules.record(outcome));
  out.log('info', `the transaction is ${outcome}`);
  proclaim(state, participants, outcome, out);
}

function proclaim(
  state: State,
  participants: readonly NodeId[],
  outcome: Outcome,
  out: Effects,
): void {
  out.toAll('decision', { commit: outcome === 'committed' });
  out.timer('resend', state.resend);
  endIfAllKnow(state, participants, out);
}

/** Phase 1: those that have not said yes; phase 2: those that have not heard. */
function askAgain(state: State, participants: readonly NodeId[], out: Effects): void {
  const { phase, yes, acks, resend } = state;
  const answered = phase === 'working' ? yes : acks;
  for (const id of participants) {
    if (answered.has(id)) continue;
    if (phase === 'working') out.send(id, 'prepare', {});
    else out.send(id, 'decision', { commit: phase === 'committed' });
  }
  out.timer('resend', resend);
}

/** Until then somebody may still ask, and the decision must not be forgotten. */
function endIfAllKnow({ acks }: State, participants: readonly NodeId[], out: Effects): void {
  if (acks.size < participants.length) return;
  out.cancel('resend');
  // Stored: whoever came back to ask once more might find nobody there to answer.
  out.put({ over: true });
  out.terminate();
}

// A participant.

function participate(state: State, input: Input, out: Effects): void {
  if (input.kind === 'start') recover(state, input, out);
  else if (input.kind === 'timer') loseHope(state, out);
  else if (input.kind === 'message') obey(state, input, out);
}

function recover(state: State, { stored }: Extract<Input, { kind: 'start' }>, out: Effects): void {
  state.phase = out.rules.recall(stored);
  if (isOutcome(state.phase)) out.terminate();
  else out.timer('patience', state.patience);
}

/** Nothing was heard for too long. */
function loseHope(state: State, out: Effects): void {
  if (out.rules.mayAbortAlone(state.phase!)) finish(state, 'aborted', out);
  else out.log('warn', 'in doubt: it has said yes, and waits for the coordinator to decide');
}

function obey(state: State, { type, from, message }: Message, out: Effects): void {
  if (type === 'prepare') vote(state, from, out);
  else if (type === 'decision') {
    // The second time it is an acknowledgement that was lost.
    if (!isOutcome(state.phase)) finish(state, message.commit ? 'committed' : 'aborted', out);
    out.send(from, 'ack', {});
  }
}

function vote(state: State, coordinator: NodeId, out: Effects): void {
  if (state.phase === 'working' && !state.votes_yes) finish(state, 'aborted', out);
  if (state.phase === 'working') {
    state.phase = 'prepared';
    // Stored before it leaves: whoever comes back must know that it has given its word.
    out.put(out.rules.record('prepared'));
  }
  // Asked again, it says the same again; after the decision the question is a copy that came late.
  if (state.phase !== 'committed')
    out.send(coordinator, 'vote', { yes: state.phase === 'prepared' });
}

function finish(state: State, outcome: Outcome, out: Effects): void {
  state.phase = outcome;
  out.cancel('patience');
  out.put(out.rules.record(outcome));
  out.terminate();
}

function isOutcome(phase: Phase | null): phase is Outcome {
  return phase === 'committed' || phase === 'aborted';
}

/** @throws {RangeError} when the coordinator could not reach all others */
function checkPlace(id: NodeId, nodes: readonly NodeId[], neighbours: readonly NodeId[]): void {
  const missing = nodes.filter((node) => node !== id && !neighbours.includes(node));
  if (missing.length === 0) return;
  throw new RangeError(
    `two_phase_commit wants the coordinator to be everybody's neighbour; ` +
      `${id} lacks ${missing.join(', ')}. Leave its 'neighbours' out.`,
  );
}

/** Atomic commitment as an algorithm. */
export class TwoPhaseCommit extends driven(twoPhaseCommit) {}
