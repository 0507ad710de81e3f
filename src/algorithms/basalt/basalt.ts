/**
 * Basalt: a view that the loudest cannot fill, after Auvolat, Bromberg, Frey, Mvondo and Taïani (2023).
 *
 * What happens in the slots is in `slots.ts`; here stands when, and what is said.
 */

import * as v from 'valibot';
import { driven } from '../../core/machine-driver.ts';
import {
  defineMachine,
  type MachineBase,
  type MachineInput,
  type Out,
} from '../../core/machine.ts';
import type { NodeId } from '../../core/id.ts';
import {
  checkBootnodes,
  checkViewSize,
  firstPeers,
  numberOf,
  numbersOf,
  refusedBy,
  refusedOf,
  rosterOf,
  samplerSettings,
  wholeFrom,
  type Roster,
} from '../roster.ts';
import { delivers, messages } from './messages.ts';
import { rules } from './rules.ts';
import { clearSlot, forgetPeer, NOBODY, type Slots } from './slots.ts';

const settings = {
  ...samplerSettings,
  /** Slots, each with a ranking of its own. */
  view_size: v.optional(wholeFrom(1), 4),
  /** Slots that give out a sample and are seeded anew in a cycle: the paper's k. */
  refresh: v.optional(wholeFrom(0), 1),
};

/** Samples that are remembered, the latest. */
const SAMPLES_MAX = 50;

function checkRefresh(refresh: number, viewSize: number): void {
  if (refresh <= viewSize) return;
  throw new RangeError(
    `refresh: ${refresh} is more than the ${viewSize} slots of a view; a cycle renews all of them at most`,
  );
}

/** The state of the machine. */
export interface BasaltState {
  readonly roster: Roster;
  readonly refresh: number;
  readonly delayMs: number;
  readonly bootnodes: readonly NodeId[] | undefined;
  readonly slots: Slots & { readonly peers: number[]; readonly hits: number[] };
  /** The slot that gives out the next sample. */
  next: number;
  /** Whom this node waits for, by the ticket of the pull. */
  pulling: { readonly ticket: number; readonly peer: number } | null;
  /** The latest samples. */
  samples: number[];
  cycles: number;
  /** Samples given out so far. */
  sampled: number;
  /** Peers that did not answer. */
  unanswered: number;
  /** Names that were not considered: of strangers, or more than a view has. */
  refused: number;
}

type State = BasaltState & MachineBase;
type Effects = Out<typeof messages, typeof delivers, {}, typeof rules>;
type Input = MachineInput<typeof messages, {}>;

/** The machine, for search and for stepping by hand. */
export const basalt = defineMachine<
  BasaltState,
  typeof messages,
  typeof settings,
  typeof delivers,
  {},
  typeof rules
>('basalt', {
  messages,
  settings,
  delivers,
  rules,
  service: true,
  transient: ['roster', 'cycles', 'sampled', 'unanswered', 'refused', 'samples'],

  checkSettings: ({ view_size: value, refresh, bootnodes }, seat) => [
    ...refusedBy('refresh', () => checkRefresh(refresh, value)),
    ...checkViewSize('view_size', value, seat),
    ...checkBootnodes(bootnodes, seat),
  ],

  init(seat) {
    const { view_size: viewSize, refresh, delay, bootnodes } = seat.settings;
    checkRefresh(refresh, viewSize);
    const all = (value: number) => Array.from({ length: viewSize }, () => value);
    return {
      roster: rosterOf(seat),
      ...{ refresh, delayMs: delay * 1000, bootnodes },
      slots: { viewSize, seeds: all(0), peers: all(NOBODY), ranks: all(0), hits: all(0) },
      ...{ next: 0, pulling: null, samples: [], cycles: 0, sampled: 0, unanswered: 0, refused: 0 },
    };
  },

  step(state, input, out) {
    if (input.kind === 'start') start(state, out);
    else if (input.kind === 'timer') cycle(state, out);
    else if (input.kind === 'message') receive(state, input, out);
    else if (input.kind === 'reply') answered(state, input, out);
  },

  links: viewOf,

  visible: ({ roster, slots, cycles, sampled, unanswered, refused }) => ({
    view_size: slots.viewSize,
    view: slots.peers.map((peer) => roster.names[peer] ?? null),
    hits: slots.hits,
    ...{ cycles, sampled, unanswered, refused },
  }),

  report: ({ roster, slots, samples, cycles, sampled, unanswered, refused }) => ({
    view: slots.peers.filter((peer) => peer !== NOBODY).map((peer) => roster.names[peer]!),
    samples: samples.map((peer) => roster.names[peer]!),
    ...{ cycles, sampled, unanswered, refused },
  }),
});

function start(state: State, out: Effects): void {
  const { slots, random, roster, bootnodes } = state;
  for (let slot = 0; slot < slots.viewSize; slot++) clearSlot(slots, slot, random);
  // Every slot chooses among all that are known, so here a node may know more than its view can hold.
  consider(state, firstPeers(roster, bootnodes, roster.names.length, random), out);
  out.timer('cycle', random.between(0, state.delayMs));
}

/** Pulls from one peer, pushes to another, gives out samples. */
function cycle(state: State, out: Effects): void {
  const { slots, random, roster, delayMs } = state;
  out.timer('cycle', delayMs);
  state.cycles++;
  if (state.pulling !== null) forget(state, state.pulling.peer);
  const pulled = out.rules.choosePeer(slots, 0, random);
  if (pulled !== NOBODY) {
    const ticket = out.request(roster.names[pulled]!, 'pull', {}, delayMs);
    state.pulling = { ticket, peer: pulled };
  }
  const told = out.rules.choosePeer(slots, 0, random);
  if (told !== NOBODY) out.send(roster.names[told]!, 'push', { view: viewOf(state) });
  sample(state, out);
}

function sample(state: State, out: Effects): void {
  const { slots, random, roster, refresh } = state;
  const keyOf = (peer: number) => roster.keys[peer]!;
  const samples = out.rules.takeSamples(slots, 0, state.next, refresh, random, keyOf);
  state.next = (state.next + refresh) % slots.viewSize;
  state.sampled += samples.length;
  state.samples = [...state.samples, ...samples].slice(-SAMPLES_MAX);
  for (const peer of samples) out.deliver('sample', { peer: roster.names[peer]! });
}

function receive(state: State, input: Extract<Input, { kind: 'message' }>, out: Effects): void {
  if (input.type === 'pull') out.answer(input.ticket, 'pull', viewOf(state));
  else hear(state, input.from, input.message.view, out);
}

function answered(state: State, input: Extract<Input, { kind: 'reply' }>, out: Effects): void {
  const { pulling } = state;
  if (pulling?.ticket !== input.ticket) return;
  state.pulling = null;
  if (input.reply !== undefined) hear(state, input.from, input.reply, out);
  else forget(state, pulling.peer);
}

/** Candidates are whom a peer names, and the peer itself; not more of them than our own view holds. */
function hear(state: State, from: NodeId, named: readonly NodeId[], out: Effects): void {
  const { roster, slots } = state;
  const candidates = numbersOf(roster, named, slots.viewSize);
  state.refused += refusedOf(roster, named, candidates.length);
  const sender = numberOf(roster, from);
  if (sender !== undefined) candidates.push(sender);
  consider(state, candidates, out);
}

function consider({ slots, roster }: State, candidates: readonly number[], out: Effects): void {
  const keys = candidates.map((peer) => roster.keys[peer]!);
  out.rules.offer(slots, 0, [...candidates], keys, candidates.length);
}

function forget(state: State, peer: number): void {
  state.pulling = null;
  state.unanswered++;
  forgetPeer(state.slots, 0, peer, (known) => state.roster.keys[known]!);
}

function viewOf({ slots, roster }: State): NodeId[] {
  return slots.peers.filter((peer) => peer !== NOBODY).map((peer) => roster.names[peer]!);
}

/** The sampler as an algorithm. */
export class Basalt extends driven(basalt) {}
