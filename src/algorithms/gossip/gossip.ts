/**
 * Gossip with a fanout that follows the number of peers, and rounds whose interval follows what is going on: the rules of DAPSS, of which
 * the second really acts here.
 *
 * A rumour is told on at once, to a few. Who is left out learns in a round what there was of late, and asks for it.
 */

import type { NodeId } from '../../core/id.ts';
import { driven } from '../../core/machine-driver.ts';
import {
  defineMachine,
  type MachineBase,
  type MachineInput,
  type Out,
} from '../../core/machine.ts';
import { arrive, takeCommon } from '../dissemination/common.ts';
import { isKnown } from '../dissemination/delivering.ts';
import { emptyHistory, keep, recent, shift, type History } from '../dissemination/history.ts';
import {
  calls,
  delivers,
  HOPS_MAX,
  settings,
  type PublicationId,
} from '../dissemination/interface.ts';
import { isMember, membersOf } from '../dissemination/peers.ts';
import { commonState, keyOf, type Common, type Spreading } from '../dissemination/state.ts';
import { reportOf, visibleOf } from '../dissemination/visible.ts';
import { IDS_MAX, messages } from './messages.ts';
import { INTERVAL, rules } from './rules.ts';

/** Seconds from one measurement to the next. */
const ADAPT_SECONDS = 5;

/** Rounds in which a publication is named, and rounds for which it is kept. */
const NAMED_ROUNDS = 3;
const KEPT_ROUNDS = 5;

/** Times that one neighbour is sent the same publication because it asks. */
const RESEND_MAX = 3;

/** The state of the machine. */
export interface GossipState extends Common {
  /** How many are told. */
  fanout: number;
  /** Seconds from one round to the next. */
  interval: number;
  readonly history: History;
  /** Publications told on or said since the last measurement. */
  measured: number;
  /** When each probe under way was sent, by ticket. */
  readonly probes: Map<number, number>;
  /** Seconds to a peer and back, since the last measurement. */
  readonly roundTrips: number[];
  rounds: number;
}

type State = GossipState & MachineBase;
type Effects = Out<typeof messages, typeof delivers, typeof calls, typeof rules>;
type Input = MachineInput<typeof messages, typeof calls>;

const spreading: Spreading<State, Effects> = {
  started(state, _now, out) {
    out.timer('adapt', ADAPT_SECONDS * 1000);
    out.timer('round', state.random.between(0, state.interval * 1000));
  },
  spread(state, publication, hops, from, _now, out) {
    state.measured += publication.payloads.length;
    keep(state.history, publication, hops);
    if (hops >= HOPS_MAX) return;
    const members = membersOf(state, publication.topic);
    const known = [from, publication.signer];
    for (const to of out.rules.receivers(members, known, state.fanout, state.random)) {
      state.counts.forwarded++;
      out.send(to, 'carry', { publication, hops: hops + 1 });
    }
  },
};

/** The machine, for stepping by hand. */
export const gossip = defineMachine<
  GossipState,
  typeof messages,
  typeof settings,
  typeof delivers,
  typeof calls,
  typeof rules
>('gossip', {
  messages,
  settings,
  delivers,
  calls,
  rules,
  service: true,
  transient: ['counts', 'rounds'],
  init: (seat, { fanoutFor }) => ({
    ...commonState(seat),
    fanout: fanoutFor(0),
    interval: INTERVAL.first,
    history: emptyHistory(),
    measured: 0,
    probes: new Map(),
    roundTrips: [],
    rounds: 0,
  }),
  step(state, input, out) {
    if (takeCommon(state, input, spreading, out)) return;
    if (input.kind === 'message') receive(state, input, out);
    else if (input.kind === 'timer')
      (input.name === 'round' ? round : adapt)(state, input.now, out);
    else if (input.kind === 'reply') probed(state, input);
  },
  visible: (state) => ({
    ...visibleOf(state),
    fanout: state.fanout,
    interval: state.interval,
    rounds: state.rounds,
    kept: state.history.items.size,
  }),
  report: (state) => ({
    ...reportOf(state),
    fanout: state.fanout,
    interval: state.interval,
    rounds: state.rounds,
  }),
});

function receive(
  state: State,
  { type, message, from, now, ticket }: Extract<Input, { kind: 'message' }>,
  out: Effects,
): void {
  if (type === 'carry') arrive(state, from, message, now, spreading, out);
  else if (type === 'recent') ask(state, from, message, out);
  else if (type === 'want') answer(state, from, message, out);
  else if (type === 'probe') out.answer(ticket, 'probe', null);
}

/** Names what there was of late, to as many as a rumour is told. */
function round(state: State, _now: number, out: Effects): void {
  out.timer('round', state.interval * 1000);
  state.rounds++;
  for (const topic of state.joined) {
    const ids = recent(state.history, topic, NAMED_ROUNDS).slice(0, IDS_MAX);
    if (ids.length === 0) continue;
    const members = membersOf(state, topic);
    for (const to of out.rules.receivers(members, [], state.fanout, state.random)) {
      out.send(to, 'recent', { topic, ids });
    }
  }
  shift(state.history, KEPT_ROUNDS);
}

/** Asks for what was missed. */
function ask(
  state: State,
  from: NodeId,
  { topic, ids }: { readonly topic: string; readonly ids: readonly PublicationId[] },
  out: Effects,
): void {
  if (!state.joined.has(topic)) return;
  const missed = ids.filter((id) => !isKnown(state, { topic, ...id }));
  if (missed.length > 0) out.send(from, 'want', { topic, ids: missed });
}

/** Sends what was asked for, if it is here and the other may have it. */
function answer(
  state: State,
  from: NodeId,
  { topic, ids }: { readonly topic: string; readonly ids: readonly PublicationId[] },
  out: Effects,
): void {
  if (!isMember(state, from, topic)) return;
  for (const id of ids) {
    const kept = state.history.items.get(keyOf({ topic, ...id }));
    if (kept === undefined) continue;
    const sent = kept.sent.get(from) ?? 0;
    if (sent >= RESEND_MAX || kept.hops >= HOPS_MAX) continue;
    kept.sent.set(from, sent + 1);
    state.counts.forwarded++;
    out.send(from, 'carry', { publication: kept.publication, hops: kept.hops + 1 });
  }
}

/** Draws its conclusions from the last seconds, and begins to measure anew. */
function adapt(state: State, now: number, out: Effects): void {
  out.timer('adapt', ADAPT_SECONDS * 1000);
  const { roundTrips, probes, random } = state;
  const sum = roundTrips.reduce((all, seconds) => all + seconds, 0);
  const latency = roundTrips.length === 0 ? undefined : sum / roundTrips.length / 2;
  const peers = new Set([...state.joined].flatMap((topic) => membersOf(state, topic)));
  state.fanout = out.rules.fanoutFor(peers.size);
  state.interval = out.rules.intervalAfter(state.interval, {
    rate: state.measured / ADAPT_SECONDS,
    latency,
  });
  state.measured = 0;
  roundTrips.length = 0;
  probes.clear();
  for (const to of out.rules.receivers([...peers], [], state.fanout, random)) {
    probes.set(out.request(to, 'probe', {}, ADAPT_SECONDS * 1000), now);
  }
}

function probed(state: State, { ticket, error, now }: Extract<Input, { kind: 'reply' }>): void {
  const sentAtMs = state.probes.get(ticket);
  if (sentAtMs === undefined) return;
  state.probes.delete(ticket);
  if (error === undefined) state.roundTrips.push((now - sentAtMs) / 1000);
}

/** The service as an algorithm. */
export class Gossip extends driven(gossip) {}
