/**
 * Brahms: uniform samples of a network in which some lie, after Bortnikov, Gurevich, Keidar, Kliot and Shraer (2009).
 *
 * What becomes of a round is in `rounds.ts`; here stands when, and what is said.
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
import type { FieldsOutput } from '../../core/schema.ts';
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
  share,
  wholeFrom,
  type Roster,
} from '../roster.ts';
import { messages } from './messages.ts';
import {
  clearSampler,
  NOBODY,
  sharesOf,
  type BrahmsRules,
  type Samplers,
  type Shares,
} from './rounds.ts';
import { rules } from './rules.ts';

const settings = {
  ...samplerSettings,
  /** The paper's l₁. */
  view_size: v.optional(wholeFrom(1), 4),
  /** Min-wise samplers: l₂. */
  sampler_size: v.optional(wholeFrom(1), 8),
  /** Part of a view that comes from pushes. */
  alpha: v.optional(share, 0.45),
  /** Part that comes from pulls; what is left of 1 comes from the samplers. */
  beta: v.optional(share, 0.45),
};

function rulesOf({
  view_size: viewSize,
  sampler_size: samplerSize,
  alpha,
  beta,
}: FieldsOutput<typeof settings>): BrahmsRules {
  return { viewSize, samplerSize, alpha, beta, limited: true };
}

/** The state of the machine. */
export interface BrahmsState {
  readonly roster: Roster;
  readonly parameters: BrahmsRules;
  readonly shares: Shares;
  readonly delayMs: number;
  readonly bootnodes: readonly NodeId[] | undefined;
  /** May hold a peer more than once. */
  view: number[];
  readonly samplers: Samplers & { readonly peers: number[] };
  /** Who pushed in this round: as many as a view can hold. */
  pushed: number[];
  /** How many did. */
  pushes: number;
  /** Everybody named in the answers to this round's pulls. */
  pulled: number[];
  /** The sampler that is probed, and the request for it; null when none is. */
  probe: { readonly at: number; readonly peer: number; readonly ticket: number } | null;
  /** What the last round brought. */
  last: { readonly pushes: number; readonly renewed: boolean };
  rounds: number;
  /** Rounds in which too many pushes came. */
  blocked: number;
  /** Rounds that renewed the view. */
  renewals: number;
  /** Names in answers that were not considered: of strangers, or more than a view has. */
  refused: number;
}

type State = BrahmsState & MachineBase;
type Effects = Out<typeof messages, {}, {}, typeof rules>;
type Input = MachineInput<typeof messages, {}>;

/** The machine, for search and for stepping by hand. */
export const brahms = defineMachine<
  BrahmsState,
  typeof messages,
  typeof settings,
  {},
  {},
  typeof rules
>('brahms', {
  messages,
  settings,
  rules,
  service: true,
  transient: ['roster', 'rounds', 'blocked', 'renewals', 'refused'],

  checkSettings: (given, seat) => [
    ...refusedBy('alpha', () => sharesOf(rulesOf(given))),
    ...checkViewSize('view_size', given.view_size, seat),
    ...checkBootnodes(given.bootnodes, seat),
  ],

  init(seat) {
    const { sampler_size, delay, bootnodes } = seat.settings;
    const parameters = rulesOf(seat.settings);
    const all = (value: number) => Array.from({ length: sampler_size }, () => value);
    return {
      roster: rosterOf(seat),
      parameters,
      shares: sharesOf(parameters),
      delayMs: delay * 1000,
      bootnodes,
      view: [],
      samplers: { samplerSize: sampler_size, seeds: all(0), peers: all(NOBODY), ranks: all(0) },
      ...{
        pushed: [],
        pushes: 0,
        pulled: [],
        probe: null,
        last: { pushes: 0, renewed: false },
        rounds: 0,
        blocked: 0,
        renewals: 0,
        refused: 0,
      },
    };
  },

  step(state, input, out) {
    if (input.kind === 'start') start(state, out);
    else if (input.kind === 'timer') round(state, out);
    else if (input.kind === 'message') receive(state, input, out);
    else if (input.kind === 'reply') answered(state, input, out);
  },

  links: ({ roster, view }) => view.map((peer) => roster.names[peer]!),

  visible: ({ roster, parameters, view, samplers, ...state }) => ({
    view_size: parameters.viewSize,
    view: view.map((peer) => roster.names[peer]!),
    samples: samplers.peers.map((peer) => roster.names[peer] ?? null),
    pushes: state.pushes,
    push_limit: state.shares.pushes,
    last: state.last,
    rounds: state.rounds,
    blocked: state.blocked,
    renewals: state.renewals,
    refused: state.refused,
  }),

  report: ({ roster, view, samplers, rounds, blocked, renewals, refused }) => ({
    view: view.map((peer) => roster.names[peer]!),
    samples: samplers.peers.filter((peer) => peer !== NOBODY).map((peer) => roster.names[peer]!),
    ...{ rounds, blocked, renewals, refused },
  }),
});

function start(state: State, out: Effects): void {
  const { roster, parameters, samplers, random, bootnodes } = state;
  for (let at = 0; at < parameters.samplerSize; at++) clearSampler(samplers, at, random);
  state.view = firstPeers(roster, bootnodes, parameters.viewSize, random);
  for (const peer of state.view) show(state, peer, out);
  out.timer('round', random.between(0, state.delayMs));
}

/** The end of a round and the beginning of the next. */
function round(state: State, out: Effects): void {
  out.timer('round', state.delayMs);
  renew(state, out);
  const { view, shares, random, roster } = state;
  if (view.length === 0) return;
  for (let i = 0; i < shares.pushes; i++) out.send(roster.names[random.pick(view)]!, 'push', {});
  for (let i = 0; i < shares.pulls; i++) {
    out.request(roster.names[random.pick(view)]!, 'pull', {}, state.delayMs);
  }
  probe(state, out);
}

/** A new view, if the round was a good one. */
function renew(state: State, out: Effects): void {
  const { parameters, shares, pushed, pulled, pushes, samplers, random } = state;
  if (parameters.limited && pushes > shares.pushes) state.blocked++;
  const harvest = { pushed, pushes, pushedKept: pushed.length, pulled, pulls: pulled.length };
  const history = samplers.peers.filter((peer) => peer !== NOBODY);
  const view = out.rules.renewedView(parameters, shares, harvest, history, random);
  if (view !== undefined) {
    state.view = view;
    state.renewals++;
  }
  state.last = { pushes, renewed: view !== undefined };
  state.rounds++;
  state.pushed = [];
  state.pushes = 0;
  state.pulled = [];
}

/** One sampler after the other asks whether the peer that it holds still lives. */
function probe(state: State, out: Effects): void {
  const { samplers, parameters, roster } = state;
  const at = state.rounds % parameters.samplerSize;
  const peer = samplers.peers[at]!;
  state.probe = null;
  if (peer === NOBODY) return;
  const ticket = out.request(roster.names[peer]!, 'probe', {}, state.delayMs);
  state.probe = { at, peer, ticket };
}

function receive(state: State, input: Extract<Input, { kind: 'message' }>, out: Effects): void {
  const { roster, parameters, view } = state;
  if (input.type === 'pull') {
    out.answer(
      input.ticket,
      'pull',
      view.map((peer) => roster.names[peer]!),
    );
  } else if (input.type === 'probe') {
    out.answer(input.ticket, 'probe', null);
  } else {
    const peer = numberOf(roster, input.from);
    if (peer === undefined) return;
    state.pushes++;
    if (state.pushed.length < parameters.viewSize) state.pushed.push(peer);
    show(state, peer, out);
  }
}

function answered(state: State, input: Extract<Input, { kind: 'reply' }>, out: Effects): void {
  const { roster, samplers, parameters, shares, random } = state;
  if (input.type === 'pull') {
    if (input.reply === undefined) return;
    // A view is no longer than ours, and a round brings no more than its pulls: a liar gains nothing by naming more.
    const limit = parameters.viewSize;
    const peers = numbersOf(roster, input.reply, limit);
    state.refused += refusedOf(roster, input.reply, peers.length);
    const room = limit * shares.pulls - state.pulled.length;
    for (const peer of peers.slice(0, Math.max(0, room))) state.pulled.push(peer);
    for (const peer of peers) show(state, peer, out);
  } else if (state.probe?.ticket === input.ticket) {
    const { at, peer } = state.probe;
    state.probe = null;
    if (input.error !== undefined && samplers.peers[at] === peer)
      clearSampler(samplers, at, random);
  }
}

function show(state: State, peer: number, out: Effects): void {
  out.rules.showSamplers(state.samplers, 0, peer, state.roster.keys[peer]!);
}

/** The sampler as an algorithm. */
export class Brahms extends driven(brahms) {}
