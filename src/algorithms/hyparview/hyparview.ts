/**
 * HyParView: a few neighbours to talk to and many names to replace them from, after Leitão, Pereira and Rodrigues (2007).
 *
 * What happens to the views is in `membership.ts`; here stands when, what is said, and how a dead neighbour is noticed.
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
  refusedOf,
  rosterOf,
  samplerSettings,
  wholeFrom,
  type Roster,
} from '../roster.ts';
import {
  onFailure,
  onNeighborReply,
  onShuffleReply,
  shuffleViews,
  type HyparviewRules,
  type Membership,
  type MembershipOut,
  type Step,
} from './membership.ts';
import { delivers, messages } from './messages.ts';
import { rules } from './rules.ts';

const settings = {
  ...samplerSettings,
  /** Neighbours. */
  active_size: v.optional(wholeFrom(1), 5),
  /** Names kept to replace them from. */
  passive_size: v.optional(wholeFrom(1), 30),
  /** ARWL: steps of a newcomer's name. */
  active_walk: v.optional(v.pipe(wholeFrom(1), v.maxValue(64)), 6),
  /** PRWL: with so many steps left it enters a passive view. */
  passive_walk: v.optional(wholeFrom(0), 3),
  /** k_a and k_p: how many of each view go into a shuffle. */
  shuffle_active: v.optional(wholeFrom(0), 3),
  shuffle_passive: v.optional(wholeFrom(0), 4),
};

/** The state of the machine. */
export interface HyparviewState {
  readonly roster: Roster;
  readonly rules: HyparviewRules;
  readonly delayMs: number;
  readonly bootnodes: readonly NodeId[] | undefined;
  readonly membership: Membership<NodeId>;
  cycles: number;
  shuffles: number;
  /** Neighbours that did not answer. */
  failures: number;
  /** Names and answers that were not considered: of strangers, of nobody that was asked, or more than a shuffle carries. */
  refused: number;
}

type State = HyparviewState & MachineBase;
type Effects = Out<typeof messages, typeof delivers, {}, typeof rules>;
type Input = MachineInput<typeof messages, {}>;
type Message = Extract<Input, { kind: 'message' }>;

/** The machine, for search and for stepping by hand. */
export const hyparview = defineMachine<
  HyparviewState,
  typeof messages,
  typeof settings,
  typeof delivers,
  {},
  typeof rules
>('hyparview', {
  messages,
  settings,
  delivers,
  rules,
  service: true,
  transient: ['roster', 'cycles', 'shuffles', 'failures', 'refused'],

  checkSettings: ({ active_size: value, bootnodes }, seat) => [
    ...checkViewSize('active_size', value, seat),
    ...checkBootnodes(bootnodes, seat),
  ],

  init(seat) {
    const { settings: given, id } = seat;
    return {
      roster: rosterOf(seat),
      rules: {
        activeSize: given.active_size,
        passiveSize: given.passive_size,
        activeWalk: given.active_walk,
        passiveWalk: given.passive_walk,
        shuffleActive: given.shuffle_active,
        shufflePassive: given.shuffle_passive,
      },
      delayMs: given.delay * 1000,
      bootnodes: given.bootnodes,
      membership: { self: id, active: [], passive: [], asked: null },
      ...{ cycles: 0, shuffles: 0, failures: 0, refused: 0 },
    };
  },

  step(state, input, out) {
    const before = [...state.membership.active];
    if (input.kind === 'start') {
      join(state, out, false);
      out.timer('cycle', state.random.between(0, state.delayMs));
    } else if (input.kind === 'timer') {
      cycle(state, out);
    } else if (input.kind === 'message') {
      receive(state, input, out);
    } else if (input.kind === 'reply') {
      answered(state, input, out);
    }
    tellChanges(before, state.membership.active, out);
  },

  visible: ({ membership, rules: { activeSize, passiveSize }, ...state }) => ({
    active_size: activeSize,
    passive_size: passiveSize,
    active: membership.active,
    passive: membership.passive,
    cycles: state.cycles,
    shuffles: state.shuffles,
    failures: state.failures,
    refused: state.refused,
  }),

  links: ({ membership }) => membership.active,

  report: ({ membership, cycles, shuffles, failures, refused }) => ({
    view: membership.active,
    passive: membership.passive,
    ...{ cycles, shuffles, failures, refused },
  }),
});

/** The layer above hears who is a neighbour now, and who is none any more. */
function tellChanges(before: readonly NodeId[], after: readonly NodeId[], out: Effects): void {
  for (const peer of before) {
    if (after.includes(peer)) continue;
    out.log('debug', `${peer} is no neighbour any more`);
    out.deliver('neighbor_down', { peer });
  }
  for (const peer of after) {
    if (before.includes(peer)) continue;
    out.log('debug', `${peer} is a neighbour`);
    out.deliver('neighbor_up', { peer });
  }
}

/**
 * Through one of the bootnodes, or whoever is first in the configuration. Whoever has lost everybody knocks anywhere: its doors may be
 * among those who are gone.
 */
function join(state: State, out: Effects, isAgain: boolean): void {
  const { roster, bootnodes, membership, random } = state;
  const doors = isAgain ? undefined : (bootnodes ?? roster.names.slice(0, 1));
  const [door] = firstPeers(roster, doors, 1, random);
  if (door === undefined) return;
  const contact = roster.names[door]!;
  membership.active.push(contact);
  out.send(contact, 'join', {});
}

/** Neighbours are asked whether they are there, the view is filled up, a part of it is shuffled. */
function cycle(state: State, out: Effects): void {
  const { membership, delayMs } = state;
  out.timer('cycle', delayMs);
  state.cycles++;
  // Who was asked in the last cycle and has not said a word is asked no more.
  membership.asked = null;
  for (const peer of membership.active) out.request(peer, 'alive', {}, delayMs);
  out.rules.promote(membership, stepOf(state, out));
  // Nobody is left: knock again.
  if (membership.active.length === 0 && membership.passive.length === 0) join(state, out, true);
  if (membership.active.length === 0) return;
  shuffleViews(membership, stepOf(state, out));
  state.shuffles++;
}

function receive(state: State, input: Message, out: Effects): void {
  const { membership: me, roster } = state;
  const step = stepOf(state, out);
  const { from } = input;
  switch (input.type) {
    case 'join':
      if (isKnown(roster, from)) out.rules.onJoin(me, from, step);
      return;
    case 'forward_join': {
      const { newcomer, walk } = input.message;
      if (isKnown(roster, newcomer)) out.rules.onForwardJoin(me, from, newcomer, walk, step);
      else state.refused += refusedOf(roster, [newcomer], 0);
      return;
    }
    case 'neighbor':
      if (isKnown(roster, from)) out.rules.onNeighbor(me, from, input.message.urgent, step);
      return;
    case 'neighbor_reply':
      // Whoever was not asked cannot put itself into the view by answering.
      if (me.asked === from) onNeighborReply(me, from, input.message.accepted, step);
      else if (!me.active.includes(from)) state.refused++;
      return;
    case 'disconnect':
      out.rules.onDisconnect(me, from, step);
      return;
    case 'shuffle':
      shuffled(state, input.from, input.message, out);
      return;
    case 'shuffle_reply':
      onShuffleReply(me, knownOf(state, input.message.peers), step);
      return;
    case 'alive':
      out.answer(input.ticket, 'alive', me.active.includes(from));
  }
}

function shuffled(
  state: State,
  from: NodeId,
  { origin, peers, walk }: Extract<Message, { type: 'shuffle' }>['message'],
  out: Effects,
): void {
  const { roster, membership } = state;
  if (origin !== membership.self && !isKnown(roster, origin)) {
    state.refused++;
    return;
  }
  out.rules.onShuffle(membership, from, origin, knownOf(state, peers), walk, stepOf(state, out));
}

/** A neighbour that is gone, or that does not know of it, is none. */
function answered(state: State, input: Extract<Input, { kind: 'reply' }>, out: Effects): void {
  const { membership } = state;
  const { from } = input;
  if (!membership.active.includes(from)) return;
  const step = stepOf(state, out);
  if (input.error !== undefined) {
    state.failures++;
    onFailure(membership, from);
    out.rules.promote(membership, step);
  } else if (input.reply === false) {
    out.rules.onDisconnect(membership, from, step);
  }
}

/** Names that this node can speak to, and no more than a shuffle of its own would carry. */
function knownOf(state: State, peers: readonly NodeId[]): NodeId[] {
  const { roster, rules: limits } = state;
  const most = 1 + limits.shuffleActive + limits.shufflePassive;
  const known = peers.slice(0, most).filter((peer) => isKnown(roster, peer));
  state.refused += refusedOf(roster, peers, known.length);
  return known;
}

function isKnown(roster: Roster, id: NodeId): boolean {
  return numberOf(roster, id) !== undefined;
}

function stepOf({ rules: limits, random }: State, out: Effects): Step<NodeId> {
  const mouth: MembershipOut<NodeId> = {
    forwardJoin: (to, newcomer, walk) => out.send(to, 'forward_join', { newcomer, walk }),
    neighbor: (to, urgent) => out.send(to, 'neighbor', { urgent }),
    neighborReply: (to, accepted) => out.send(to, 'neighbor_reply', { accepted }),
    disconnect: (to) => out.send(to, 'disconnect', {}),
    shuffle: (to, origin, peers, walk) =>
      out.send(to, 'shuffle', { origin, peers: [...peers], walk }),
    shuffleReply: (to, peers) => out.send(to, 'shuffle_reply', { peers: [...peers] }),
  };
  return { rules: limits, random, out: mouth };
}

/** The service as an algorithm. */
export class Hyparview extends driven(hyparview) {}
