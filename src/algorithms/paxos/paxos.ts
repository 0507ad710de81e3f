/**
 * Single-decree Paxos: nodes agree on one value, though messages are lost and nodes crash and come
 * back. After Lamport, `Paxos Made Simple` (2001). Every node is proposer, acceptor and learner.
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
import { isSame, NO_BALLOT, shown, type Ballot, type Proposal } from './ballot.ts';
import { calls, delivers, messages } from './messages.ts';
import { rules, type Memory } from './rules.ts';

/** A node that has waited in vain waits twice as long the next time, so many times: 64 times as long in the end. */
const DOUBLINGS_MAX = 6;

const settings = {
  /** What this node proposes; one without a value only helps, and learns. */
  value: v.optional(v.string()),
  /**
   * Milliseconds without a decision until a node begins a round of its own; `never` where nothing
   * is lost and nobody competes.
   */
  retry: v.optional(v.union([v.literal('never'), v.pipe(v.number(), v.minValue(1))]), 200),
};

/** A round of ours: phase 1 until there is a value, phase 2 from then on. */
export interface Round {
  readonly ballot: Ballot;
  /** Who has promised, and what each had accepted last. */
  readonly promises: Map<NodeId, Proposal | null>;
  /** What we ask to be accepted; null in phase 1. */
  value: string | null;
  readonly acceptances: Set<NodeId>;
}

/** The state of the machine. */
export interface PaxosState extends Memory {
  readonly me: NodeId;
  readonly n: number;
  readonly retry: number | null;
  /** What we would like to be chosen. */
  wanted: string | null;
  promised: Ballot;
  accepted: Proposal | null;
  chosen: Proposal | null;
  /** Our latest round. */
  round: Round | null;
  /** Rounds in vain, for the back-off. */
  attempts: number;
  /** Calls to be answered. */
  readonly callers: number[];
}

type State = PaxosState & MachineBase;
type Effects = Out<typeof messages, typeof delivers, typeof calls, typeof rules>;
type Input = MachineInput<typeof messages, typeof calls>;
type Message = Extract<Input, { kind: 'message' }>;

/** The machine, for search and for stepping by hand. */
export const paxos = defineMachine<
  PaxosState,
  typeof messages,
  typeof settings,
  typeof delivers,
  typeof calls,
  typeof rules
>('paxos', {
  messages,
  settings,
  delivers,
  calls,
  rules,
  // How often a node tries matters to the time it waits, and to nothing else.
  transient: ['attempts'],

  init({ id, nodes, neighbours, settings: { value, retry } }) {
    checkPlace(id, nodes, neighbours);
    return {
      me: id,
      n: nodes.length,
      retry: retry === 'never' ? null : retry,
      wanted: value ?? null,
      promised: NO_BALLOT,
      accepted: null,
      chosen: null,
      round: null,
      attempts: 0,
      callers: [],
    };
  },

  step(state, input, out) {
    if (input.kind === 'start') start(state, input, out);
    else if (input.kind === 'timer') lookAgain(state, out);
    else if (input.kind === 'call') propose(state, input, out);
    else if (input.kind === 'message') receive(state, input, out);
  },

  visible: ({ wanted, promised, accepted, chosen, round }) => ({
    wanted,
    promised,
    accepted,
    chosen,
    round: round === null ? null : shownRound(round),
  }),

  report: ({ chosen, promised, attempts }) => ({
    chosen: chosen?.value ?? null,
    in_ballot: chosen === null ? null : shown(chosen.ballot),
    highest_ballot: shown(promised),
    rounds: attempts,
  }),
});

function start(state: State, { stored }: Extract<Input, { kind: 'start' }>, out: Effects): void {
  Object.assign(state, out.rules.remember(stored));
  if (state.chosen !== null) announce(state, out);
  else if (state.wanted === null) waitForDecision(state, out);
  else beginRound(state, out);
}

/** The layer above has a value. */
function propose(
  state: State,
  { message, ticket }: Extract<Input, { kind: 'call' }>,
  out: Effects,
): void {
  if (state.chosen !== null) {
    out.answer(ticket, 'propose', state.chosen.value);
    return;
  }
  state.callers.push(ticket);
  if (state.wanted !== null) return;
  state.wanted = message.value;
  beginRound(state, out);
}

/** No decision for too long: somebody has crashed, or messages were lost, or two rounds collided. */
function lookAgain(state: State, out: Effects): void {
  if (state.chosen === null) beginRound(state, out);
}

/** Phase 1a. Our own acceptor is asked without a network. */
function beginRound(state: State, out: Effects): void {
  const ballot = out.rules.nextBallot(state.promised, state.me);
  const promises = new Map([[state.me, state.accepted]]);
  state.round = { ballot, promises, value: null, acceptances: new Set() };
  state.promised = ballot;
  state.attempts++;
  // Stored before anybody hears of it: a node that comes back must not use a ballot twice.
  out.put(out.rules.record(state));
  out.toAll('prepare', { ballot });
  waitForDecision(state, out);
  askToAccept(state, state.round, out);
}

function receive(state: State, input: Message, out: Effects): void {
  if (input.type === 'decided') learn(state, input.message, out);
  else if (state.chosen !== null) tell(state, state.chosen, input, out);
  else if (input.type === 'prepare') prepare(state, input.from, input.message.ballot, out);
  else if (input.type === 'accept') accept(state, input.from, input.message, out);
  else hear(state, input, out);
}

/** Whoever still asks has not heard of the decision. */
function tell(_state: State, chosen: Proposal, { from, type }: Message, out: Effects): void {
  // An answer to a question of ours needs none.
  if (type === 'prepare' || type === 'accept') out.send(from, 'decided', chosen);
}

/** Phase 1b. Who is refused is not told: its timer will. */
function prepare(state: State, from: NodeId, ballot: Ballot, out: Effects): void {
  if (!out.rules.mayPromise(state.promised, ballot)) return;
  state.promised = ballot;
  out.put(out.rules.record(state));
  out.send(from, 'promise', { ballot, accepted: state.accepted });
}

/** Phase 2b. */
function accept(state: State, from: NodeId, { ballot, value }: Proposal, out: Effects): void {
  if (!out.rules.mayAccept(state.promised, ballot)) return;
  state.promised = ballot;
  state.accepted = { ballot, value };
  out.put(out.rules.record(state));
  out.send(from, 'accepted', { ballot });
}

/** An answer to our round, unless that is over: our own acceptor has promised a higher ballot. */
function hear(
  state: State,
  input: Extract<Message, { type: 'promise' | 'accepted' }>,
  out: Effects,
): void {
  const { round, promised } = state;
  const { ballot } = input.message;
  if (round === null || !isSame(ballot, round.ballot) || !isSame(ballot, promised)) return;
  if (input.type === 'promise') {
    round.promises.set(input.from, input.message.accepted);
    askToAccept(state, round, out);
  } else {
    round.acceptances.add(input.from);
    decide(state, round, out);
  }
}

/** Phase 2a, when a majority has promised. Our own acceptor accepts at once. */
function askToAccept(state: State, round: Round, out: Effects): void {
  const { ballot, promises } = round;
  if (round.value !== null || promises.size < out.rules.quorum(state.n)) return;
  const value = out.rules.pick(promises, state.wanted);
  // Whoever has no value can only finish what others began.
  if (value === null) return;
  round.value = value;
  state.accepted = { ballot, value };
  round.acceptances.add(state.me);
  out.put(out.rules.record(state));
  out.toAll('accept', { ballot, value });
  decide(state, round, out);
}

/** A majority has accepted: the value is chosen, and was from the moment in which the last of them accepted. */
function decide(state: State, { ballot, value, acceptances }: Round, out: Effects): void {
  if (value === null || acceptances.size < out.rules.quorum(state.n)) return;
  out.toAll('decided', { ballot, value });
  learn(state, { ballot, value }, out);
}

function learn(state: State, decision: Proposal, out: Effects): void {
  if (state.chosen !== null) return;
  state.chosen = decision;
  out.cancel('retry');
  out.put(out.rules.record(state));
  out.log('info', `'${decision.value}' is chosen, in ballot ${shown(decision.ballot)}`);
  announce(state, out);
}

function announce(state: State, out: Effects): void {
  const { value } = state.chosen!;
  out.deliver('chosen', { value });
  for (const ticket of state.callers.splice(0)) out.answer(ticket, 'propose', value);
  // Done, but still there for those who have not heard.
  out.terminate();
}

/** Random, so that two who collided do not collide again; longer each time, so that a slow network is given the time it needs. */
function waitForDecision(state: State, out: Effects): void {
  if (state.retry === null) return;
  const longest = state.retry * (1 << Math.min(state.attempts, DOUBLINGS_MAX));
  out.timer('retry', state.random.between(longest / 2, longest));
}

function shownRound({ ballot, promises, value, acceptances }: Round): object {
  return { ballot, promises: Object.fromEntries(promises), value, acceptances: [...acceptances] };
}

/** @throws {RangeError} when a node could not reach all others */
function checkPlace(id: NodeId, nodes: readonly NodeId[], neighbours: readonly NodeId[]): void {
  const missing = nodes.filter((node) => node !== id && !neighbours.includes(node));
  if (missing.length === 0) return;
  throw new RangeError(
    `paxos wants every node to be everybody's neighbour; ${id} lacks ${missing.join(', ')}. ` +
      `Leave 'neighbours' out.`,
  );
}

/** The agreement as an algorithm, alone or under another. */
export class Paxos extends driven(paxos) {}
