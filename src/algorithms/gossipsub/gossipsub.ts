/**
 * Gossipsub v1.2: publications go at once through a mesh of a few mutual neighbours; those outside are told what there was, and ask. Peers
 * are judged by what they do, and chosen by it.
 */

import type { NodeId } from '../../core/id.ts';
import { canonicalLength } from '../../core/canonical.ts';
import { driven } from '../../core/machine-driver.ts';
import { defineMachine } from '../../core/machine.ts';
import { hashText } from '../../core/random.ts';
import { arrive, takeCommon } from '../dissemination/common.ts';
import { emptyHistory, keep, shift } from '../dissemination/history.ts';
import { calls, delivers, HOPS_MAX, type Publication } from '../dissemination/interface.ts';
import { isMember, membersOf } from '../dissemination/peers.ts';
import { commonState, keyOf, nameOf, type Spreading } from '../dissemination/state.ts';
import { reportOf, visibleOf } from '../dissemination/visible.ts';
import { recordArrival, recordDuplicate, recordRejected, recordValid } from './deliveries.ts';
import { askedFor, emitGossip, heardOf, refuseCopies, refused, settle } from './lazy.ts';
import { dropPeer, grafted, joinMesh, leaveMesh, pruned, tendMeshes } from './mesh.ts';
import { messages } from './messages.ts';
import { rules } from './rules.ts';
import { addPeer, emptyScores, refresh, removePeer, scoreOf, setOpinion } from './score.ts';
import { settings, type Parameters } from './settings.ts';
import {
  isWorth,
  meshOf,
  type Effects,
  type GossipsubState,
  type Input,
  type State,
} from './state.ts';

const spreading: Spreading<State, Effects> = {
  started(state, _now, out) {
    out.timer('decay', state.parameters.score.decay_interval * 1000);
  },
  spread(state, publication, hops, from, now, out) {
    keep(state.history, publication, hops);
    if (hops >= HOPS_MAX) return;
    const { topic, signer: origin } = publication;
    const key = keyOf(nameOf(publication));
    const to = hops === 0 ? audience(state, topic, now) : meshOf(state, topic);
    for (const peer of to) {
      if (peer === from || peer === origin || !isMember(state, peer, topic)) continue;
      if (state.unwanted.get(peer)?.has(key) === true) continue;
      state.counts.forwarded++;
      out.send(peer, 'carry', { publication, hops: hops + 1 });
    }
  },
  joined: joinMesh,
  left: leaveMesh,
  beat,
  reborn: (state, peer) => dropPeer(state, peer, () => false),
  changed(state, peer, now) {
    dropPeer(state, peer, (topic) => isMember(state, peer, topic));
    const isKnown = state.scores.peers.get(peer)?.isConnected === true;
    if (state.peers.get(peer)?.isUp === true) {
      addPeer(state.scores, peer, state.parameters.addresses[peer] ?? null);
    } else if (isKnown) removePeer(state.scores, peer, now);
  },
  rated: (state, peer, score) => setOpinion(state.scores, peer, score),
  judged(state, { publication, from }, verdict, now) {
    const { scores, records } = state;
    const { topic } = publication;
    const key = keyOf(nameOf(publication));
    if (verdict === 'accept') recordValid(records, scores, key, from, topic, now);
    else recordRejected(records, scores, key, from, topic, verdict === 'ignore');
  },
};

/** The machine, for stepping by hand. */
export const gossipsub = defineMachine<
  GossipsubState,
  typeof messages,
  typeof settings,
  typeof delivers,
  typeof calls,
  typeof rules
>('gossipsub', {
  messages,
  settings,
  delivers,
  calls,
  rules,
  service: true,
  transient: ['counts', 'control'],
  init(seat) {
    const parameters: Parameters = Object.freeze({ ...seat.settings });
    checkDegrees(parameters);
    return {
      ...commonState(seat),
      parameters,
      outbound: new Set(parameters.outbound ?? seat.neighbours.filter((id) => dials(seat.id, id))),
      mesh: new Map(),
      fanout: new Map(),
      backoff: new Map(),
      history: emptyHistory(),
      scores: emptyScores(parameters.score),
      records: new Map(),
      ihaves: new Map(),
      asked: new Map(),
      promises: new Map(),
      unwanted: new Map(),
      refusals: new Map(),
      beats: 0,
      largest: 0,
      control: { graft: 0, prune: 0, ihave: 0, iwant: 0, idontwant: 0 },
    };
  },
  step(state, input, out) {
    if (input.kind === 'message' && input.type !== 'hello' && isOutcast(state, input.from)) return;
    if (takeCommon(state, input, spreading, out)) return;
    if (input.kind === 'message') receive(state, input, out);
    else if (input.kind === 'timer' && input.name === 'decay') {
      out.timer('decay', state.parameters.score.decay_interval * 1000);
      refresh(state.scores, input.now);
    }
  },
  visible: (state) => ({
    ...visibleOf(state),
    mesh: Object.fromEntries(Array.from(state.mesh, ([topic, mesh]) => [topic, [...mesh]])),
    fanout: Object.fromEntries(
      Array.from(state.fanout, ([topic, { peers }]) => [topic, [...peers]]),
    ),
    largest: state.largest,
    D_high: state.parameters.D_high,
    scores: scoresOf(state),
    kept: state.history.items.size,
    control: { ...state.control },
  }),
  report: (state) => ({
    ...reportOf(state),
    mesh: Object.fromEntries(Array.from(state.mesh, ([topic, mesh]) => [topic, [...mesh]])),
    scores: scoresOf(state),
    control: state.control,
  }),
});

/** @throws {RangeError} when the mesh could never be what it should be */
function checkDegrees({ D, D_low, D_high, D_score, D_out }: Parameters): void {
  if (D_low > D || D > D_high)
    throw new RangeError(`D_low ≤ D ≤ D_high: ${D_low}, ${D}, ${D_high}`);
  if (D_score > D) throw new RangeError(`D_score, ${D_score}, is more than D, ${D}`);
  if (D_out >= D_low || 2 * D_out > D) {
    throw new RangeError(`D_out, ${D_out}, must be less than D_low and at most D/2`);
  }
}

/** Of two neighbours one has dialled the other: which, nobody says, so it is drawn from their names. */
function dials(me: NodeId, other: NodeId): boolean {
  const isFirst = me < other;
  const coin = hashText(isFirst ? `${me}>${other}` : `${other}>${me}`) % 2 === 0;
  return coin === isFirst;
}

/** True for a peer below the graylist threshold. */
function isOutcast(state: State, id: NodeId): boolean {
  return !isWorth(state, id, state.parameters.thresholds.graylist_threshold);
}

function scoresOf({ scores }: GossipsubState): Record<NodeId, number> {
  const known = Array.from(scores.peers.keys(), (id) => [id, scoreOf(scores, id)] as const);
  return Object.fromEntries(known.filter(([, score]) => score !== 0));
}

function receive(state: State, input: Extract<Input, { kind: 'message' }>, out: Effects): void {
  const { from, now } = input;
  switch (input.type) {
    case 'hello':
      return;
    case 'carry':
      carried(state, from, input.message, now, out);
      return;
    case 'graft':
      grafted(state, from, input.message.topic, now, out);
      return;
    case 'prune':
      pruned(state, from, input.message, now, out);
      return;
    case 'ihave':
      heardOf(state, from, input.message.topic, input.message.ids, now, out);
      return;
    case 'iwant':
      askedFor(state, from, input.message.ids, out);
      return;
    case 'idontwant':
      refused(state, from, input.message.ids);
  }
}

/** A publication has come: it is judged by what it is, and so is who brought it. */
function carried(
  state: State,
  from: NodeId,
  message: { readonly publication: Publication; readonly hops: number },
  now: number,
  out: Effects,
): void {
  const { publication } = message;
  const { topic, payloads } = publication;
  const { scores, records, parameters } = state;
  const key = keyOf(nameOf(publication));
  const came = arrive(state, from, message, now, spreading, out);
  // Whoever was asked has kept its word, whatever the publication is worth.
  state.promises.delete(key);
  if (came === 'seen') recordDuplicate(records, scores, key, from, topic, now);
  if (came !== 'new') return;
  recordArrival(records, key, now);
  if (!state.given.validate) recordValid(records, scores, key, from, topic, now);
  if (canonicalLength(payloads) >= parameters.idontwant_min_data_size) {
    refuseCopies(state, publication, from, out);
  }
}

/** Whom an own publication goes to: all that are good enough, or the mesh, or where there is none a few that stay the same for a while. */
function audience(state: State, topic: string, now: number): ReadonlySet<NodeId> {
  const { parameters, random } = state;
  const { publish_threshold } = parameters.thresholds;
  const good = () => membersOf(state, topic).filter((id) => isWorth(state, id, publish_threshold));
  if (parameters.flood_publish) return new Set(good());
  const mesh = state.mesh.get(topic);
  if (mesh !== undefined) return mesh;
  let fanout = state.fanout.get(topic);
  if (fanout === undefined || fanout.peers.size === 0) {
    fanout = {
      peers: new Set(random.shuffled(good()).slice(0, parameters.D)),
      lastPublishedAtMs: now,
    };
    state.fanout.set(topic, fanout);
  }
  fanout.lastPublishedAtMs = now;
  return fanout.peers;
}

function beat(state: State, now: number, out: Effects): void {
  state.beats++;
  settle(state, now);
  tendMeshes(state, now, out);
  for (const [topic, mesh] of state.mesh) emitGossip(state, topic, mesh, out);
  tendFanouts(state, now, out);
  shift(state.history, state.parameters.mcache_length);
}

function tendFanouts(state: State, now: number, out: Effects): void {
  const { parameters, random } = state;
  const { publish_threshold } = parameters.thresholds;
  for (const [topic, { peers, lastPublishedAtMs }] of state.fanout) {
    if (now - lastPublishedAtMs >= parameters.fanout_ttl * 1000) {
      state.fanout.delete(topic);
      continue;
    }
    for (const peer of peers) if (!isWorth(state, peer, publish_threshold)) peers.delete(peer);
    const others = membersOf(state, topic).filter(
      (id) => !peers.has(id) && isWorth(state, id, publish_threshold),
    );
    const missing = Math.max(0, parameters.D - peers.size);
    for (const peer of random.shuffled(others).slice(0, missing)) peers.add(peer);
    emitGossip(state, topic, peers, out);
  }
}

/** The service as an algorithm. */
export class Gossipsub extends driven(gossipsub) {}
