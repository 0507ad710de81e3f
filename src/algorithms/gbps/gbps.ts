/**
 * Gossip-based peer sampling, after Jelasity, Voulgaris, Guerraoui, Kermarrec and van Steen (2007): every node keeps a few
 * descriptors of others and trades half of them with a peer in every cycle.
 *
 * What happens to a view is in `partial-view.ts`; here stands when, and what is said.
 */

import * as v from 'valibot';
import { driven } from '../../core/machine-driver.ts';
import type { Fields, FieldsOutput } from '../../core/schema.ts';
import {
  defineMachine,
  type MachineBase,
  type MachineInput,
  type MachineSeat,
  type Out,
} from '../../core/machine.ts';
import type { NodeId } from '../../core/id.ts';
import {
  checkBootnodes,
  checkViewSize,
  firstPeers,
  numberOf,
  refusedBy,
  rosterOf,
  samplerSettings,
  wholeFrom,
  type Roster,
} from '../roster.ts';
import { ageOf, descriptorOf, peerBitsFor, peerOf } from './descriptor.ts';
import { messages, type Descriptor } from './messages.ts';
import { findSent, removePeer } from './partial-view.ts';
import {
  bufferSize,
  checkRules,
  createBuffer,
  VIEW_SIZE_MAX,
  VIEW_SIZE_MIN,
  type Buffer,
  type GbpsRules,
  type Views,
} from './policy.ts';
import { rules } from './rules.ts';

const settings = {
  ...samplerSettings,
  /** Descriptors that a node keeps: the paper's c. */
  view_size: v.optional(wholeFrom(2), 4),
  /** How many of the oldest an exchange may drop: H. */
  heal: v.optional(wholeFrom(0), 0),
  /** How many of those that were sent it may drop: S. */
  swap: v.optional(wholeFrom(0), 0),
  /** Whom to gossip with: the one heard of longest ago, or any. */
  selection_policy: v.optional(v.picklist(['old', 'rand']), 'old'),
  /** Whether the peer answers with half of its own view. */
  propagation_policy: v.optional(v.picklist(['push', 'pushpull']), 'pushpull'),
  /** What a cycle adds to the age of a descriptor. */
  age: v.optional(wholeFrom(0), 1),
};

function rulesOf({
  view_size: viewSize,
  heal,
  swap,
  selection_policy: selection,
}: FieldsOutput<typeof settings>): GbpsRules {
  return { viewSize, heal, swap, selection };
}

/** The choices of one node. */
export interface GbpsParameters {
  readonly rules: GbpsRules;
  readonly pull: boolean;
  readonly age: number;
  readonly delayMs: number;
  readonly bootnodes: readonly NodeId[] | undefined;
}

/** The state of the machine. */
export interface GbpsState {
  readonly roster: Roster;
  readonly parameters: GbpsParameters;
  /** One view, the node's own. */
  readonly view: Views & { readonly descriptors: number[] };
  /** The exchange under way; null when none is. */
  pending: {
    readonly ticket: number;
    readonly peer: number;
    readonly sent: readonly number[];
  } | null;
  cycles: number;
  /** Exchanges that were answered, and buffers that were pushed. */
  exchanges: number;
  /** Peers that did not answer, and were forgotten. */
  unanswered: number;
  /** Descriptors that were not considered: of strangers, or more than an exchange brings. */
  refused: number;
}

type State = GbpsState & MachineBase;
type Effects = Out<typeof messages, {}, {}, typeof rules>;
type Input = MachineInput<typeof messages, {}>;

/** The state before anything happened. */
export function initialState(seat: MachineSeat<Fields>, parameters: GbpsParameters): GbpsState {
  const { viewSize } = parameters.rules;
  checkRules(parameters.rules);
  const descriptors = Array.from({ length: viewSize }, () => 0);
  const peerBits = peerBitsFor(seat.nodes.length);
  return {
    roster: rosterOf(seat),
    parameters,
    view: { capacity: viewSize, descriptors, peerBits, sizes: [0] },
    pending: null,
    ...{ cycles: 0, exchanges: 0, unanswered: 0, refused: 0 },
  };
}

/** What an input does. */
export function step(state: State, input: Input, out: Effects): void {
  if (input.kind === 'start') {
    start(state, out);
  } else if (input.kind === 'timer') {
    out.timer('cycle', state.parameters.delayMs);
    gossip(state, out);
  } else if (input.kind === 'message') {
    receive(state, input, out);
  } else if (input.kind === 'reply') {
    answered(state, input, out);
  }
}

/** What a node of the chapter shows of itself. */
export function visible({ roster, view, parameters, ...state }: GbpsState) {
  return {
    view_size: parameters.rules.viewSize,
    view: descriptorsIn(roster, view.descriptors, view.sizes[0]!),
    cycles: state.cycles,
    exchanges: state.exchanges,
    unanswered: state.unanswered,
    refused: state.refused,
  };
}

/** The view is whom it trades with. */
export function links({ roster, view }: GbpsState): readonly NodeId[] {
  const held = view.descriptors.slice(0, view.sizes[0]);
  return held.map((descriptor) => roster.names[peerOf(descriptor, view.peerBits)]!);
}

/** What it found out. */
export function report(state: GbpsState) {
  return {
    view: links(state),
    cycles: state.cycles,
    exchanges: state.exchanges,
    unanswered: state.unanswered,
    refused: state.refused,
  };
}

/** Nodes start in no step with one another: each waits a part of a cycle. */
function start(state: State, out: Effects): void {
  const { roster, parameters, view, random } = state;
  const known = firstPeers(roster, parameters.bootnodes, view.capacity, random);
  known.forEach((peer, at) => (view.descriptors[at] = descriptorOf(peer, 0, view.peerBits)));
  view.sizes[0] = known.length;
  out.timer('cycle', random.between(0, parameters.delayMs));
}

/** The active thread. */
function gossip(state: State, out: Effects): void {
  const { parameters, view, random, roster } = state;
  state.cycles++;
  // An exchange at a time: whoever has not answered within a cycle is given up.
  if (state.pending !== null) forget(state, state.pending.peer);
  const peer = out.rules.selectPeer(view, 0, parameters.rules.selection, random);
  if (peer < 0) return;
  const buffer = filled(state, out);
  const to = roster.names[peer]!;
  const sent = Array.from(buffer.descriptors.subarray(1, buffer.size), (descriptor) =>
    peerOf(descriptor, view.peerBits),
  );
  const message = { view: descriptorsIn(roster, buffer.descriptors, buffer.size) };
  if (!parameters.pull) {
    out.send(to, 'push', message);
    state.exchanges++;
    out.rules.increaseAges(view, 0, parameters.age);
    return;
  }
  const ticket = out.request(to, 'exchange', message, parameters.delayMs);
  state.pending = { ticket, peer, sent };
}

/** The passive thread. */
function receive(state: State, input: Extract<Input, { kind: 'message' }>, out: Effects): void {
  const { roster } = state;
  let sent: Buffer | undefined;
  if (input.type === 'exchange') {
    sent = filled(state, out);
    out.answer(input.ticket, 'exchange', descriptorsIn(roster, sent.descriptors, sent.size));
  }
  merge(state, input.message.view, sent, out);
}

/** The active thread goes on, if the answer is that of the exchange under way. */
function answered(state: State, input: Extract<Input, { kind: 'reply' }>, out: Effects): void {
  const { pending, view, parameters } = state;
  if (pending?.ticket !== input.ticket) return;
  if (input.reply === undefined) {
    forget(state, pending.peer);
    out.rules.increaseAges(view, 0, parameters.age);
  } else {
    state.pending = null;
    state.exchanges++;
    const sent = createBuffer(parameters.rules.viewSize);
    findSent(view, 0, pending.sent, parameters.rules, sent);
    merge(state, input.reply, sent, out);
  }
}

function forget(state: State, peer: number): void {
  state.pending = null;
  state.unanswered++;
  removePeer(state.view, 0, peer);
}

function filled(state: State, out: Effects): Buffer {
  const { view, roster, parameters, random } = state;
  const { viewSize } = parameters.rules;
  const buffer = createBuffer(viewSize);
  out.rules.fillBuffer(view, 0, roster.self, parameters.rules, random, buffer);
  return buffer;
}

/** What came from outside: no more than half a view of it, and strangers not at all, in order of age. */
function merge(
  state: State,
  received: readonly Descriptor[],
  sent: Buffer | undefined,
  out: Effects,
): void {
  const { view, roster, parameters, random } = state;
  const { viewSize, heal } = parameters.rules;
  const buffer = createBuffer(viewSize);
  const read = received.slice(0, bufferSize(viewSize));
  // Honest peers that heal send it so; the merge would lose by any other order.
  if (heal > 0) read.sort((a, b) => a.age - b.age);
  for (const { peer, age } of read) {
    const number = peer === roster.names[roster.self] ? roster.self : numberOf(roster, peer);
    if (number === undefined) continue;
    buffer.descriptors[buffer.size++] = descriptorOf(number, age, view.peerBits);
  }
  state.refused += received.length - buffer.size;
  out.rules.mergeBuffer(
    view,
    0,
    roster.self,
    parameters.rules,
    random,
    buffer,
    parameters.age,
    sent,
  );
}

function descriptorsIn(
  roster: Roster,
  descriptors: { readonly [index: number]: number },
  size: number,
): Descriptor[] {
  const peerBits = peerBitsFor(roster.names.length);
  return Array.from({ length: size }, (_, at) => {
    const descriptor = descriptors[at]!;
    return { peer: roster.names[peerOf(descriptor, peerBits)]!, age: ageOf(descriptor, peerBits) };
  });
}

/** The machine, for search and for stepping by hand. */
export const gbps = defineMachine<
  GbpsState,
  typeof messages,
  typeof settings,
  {},
  {},
  typeof rules
>('gbps', {
  messages,
  settings,
  rules,
  service: true,
  transient: ['roster', 'cycles', 'exchanges', 'unanswered', 'refused'],
  checkSettings: (given, seat) => [
    ...refusedBy(given.view_size > VIEW_SIZE_MAX ? 'view_size' : 'heal', () =>
      checkRules(rulesOf(given)),
    ),
    ...checkViewSize('view_size', given.view_size, seat, VIEW_SIZE_MIN),
    ...checkBootnodes(given.bootnodes, seat),
  ],
  init: (seat) =>
    initialState(seat, {
      rules: rulesOf(seat.settings),
      pull: seat.settings.propagation_policy === 'pushpull',
      age: seat.settings.age,
      delayMs: seat.settings.delay * 1000,
      bootnodes: seat.settings.bootnodes,
    }),
  step,
  visible,
  report,
  links,
});

/** The sampler as an algorithm. */
export class Gbps extends driven(gbps) {}
