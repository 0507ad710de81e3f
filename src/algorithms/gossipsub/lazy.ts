/**
 * Lazy gossip: those outside the mesh are told what there was of late (IHAVE), and ask for what they have missed (IWANT). Whoever asks
 * remembers that it was promised, and holds it against those who do not keep it. And: do not send me what I have (IDONTWANT).
 */

import type { NodeId } from '../../core/id.ts';
import { isKnown } from '../dissemination/delivering.ts';
import { recent } from '../dissemination/history.ts';
import { HOPS_MAX, type Publication, type PublicationId } from '../dissemination/interface.ts';
import { membersOf } from '../dissemination/peers.ts';
import { keyOf, nameOf } from '../dissemination/state.ts';
import { IDS_MAX } from './messages.ts';
import { addPenalty } from './score.ts';
import { isWorth, meshOf, type Effects, type State } from './state.ts';

/** Heartbeats for which an IDONTWANT holds: by then nobody sends the publication any more. */
const UNWANTED_BEATS = 3;

/** A publication as it is named across topics. */
export interface Named {
  readonly topic: string;
  readonly id: PublicationId;
}

/** Tells some of those outside what there was of late. */
export function emitGossip(
  state: State,
  topic: string,
  inside: ReadonlySet<NodeId>,
  out: Effects,
): void {
  const { parameters, random, history } = state;
  const ids = recent(history, topic, parameters.mcache_gossip);
  if (ids.length === 0) return;
  const outside = membersOf(state, topic).filter(
    (id) => !inside.has(id) && isWorth(state, id, parameters.thresholds.gossip_threshold),
  );
  const count = out.rules.lazyCount(outside.length, parameters);
  const most = Math.min(IDS_MAX, parameters.max_ihave_length);
  for (const peer of random.shuffled(outside).slice(0, count)) {
    // Where there are too many to name, each is named others.
    const named = ids.length <= most ? ids : random.shuffled(ids).slice(0, most);
    state.control.ihave++;
    out.send(peer, 'ihave', { topic, ids: named });
  }
}

/** A peer has named what it had: what was missed is asked for, within limits. */
export function heardOf(
  state: State,
  from: NodeId,
  topic: string,
  ids: readonly PublicationId[],
  now: number,
  out: Effects,
): void {
  const { parameters, random } = state;
  if (!isWorth(state, from, parameters.thresholds.gossip_threshold)) return;
  const heard = (state.ihaves.get(from) ?? 0) + 1;
  state.ihaves.set(from, heard);
  const asked = state.asked.get(from) ?? 0;
  if (!out.rules.mayAsk(heard, asked, parameters) || !state.joined.has(topic)) return;
  const missed = ids.filter((id) => !isKnown(state, { topic, ...id }));
  if (missed.length === 0) return;
  const wanted = random.shuffled(missed).slice(0, parameters.max_ihave_length - asked);
  state.asked.set(from, asked + wanted.length);
  promise(state, keyOf({ topic, ...wanted[0]! }), from, now);
  state.control.iwant++;
  out.send(from, 'iwant', { ids: wanted.map((id) => ({ topic, id })) });
}

/** A peer asks for publications: it gets those that are here, each a few times at most. */
export function askedFor(state: State, from: NodeId, ids: readonly Named[], out: Effects): void {
  const { parameters } = state;
  if (!isWorth(state, from, parameters.thresholds.gossip_threshold)) return;
  for (const { topic, id } of ids) {
    const key = keyOf({ topic, ...id });
    const kept = state.history.items.get(key);
    if (kept === undefined || kept.hops >= HOPS_MAX) continue;
    if (state.unwanted.get(from)?.has(key) === true) continue;
    const sent = (kept.sent.get(from) ?? 0) + 1;
    kept.sent.set(from, sent);
    if (sent > parameters.gossip_retransmission) continue;
    state.counts.forwarded++;
    out.send(from, 'carry', { publication: kept.publication, hops: kept.hops + 1 });
  }
}

/** A large publication is here: the mesh need not send it. */
export function refuseCopies(
  state: State,
  publication: Publication,
  from: NodeId,
  out: Effects,
): void {
  const { topic } = publication;
  const { origin, incarnation, sequence } = nameOf(publication);
  for (const peer of meshOf(state, topic)) {
    if (peer === from || peer === origin) continue;
    state.control.idontwant++;
    out.send(peer, 'idontwant', { ids: [{ topic, id: { origin, incarnation, sequence } }] });
  }
}

/** A peer does not want these. */
export function refused(state: State, from: NodeId, ids: readonly Named[]): void {
  const { parameters } = state;
  if (!state.peers.has(from)) return;
  let count = state.refusals.get(from) ?? 0;
  let unwanted = state.unwanted.get(from);
  if (unwanted === undefined) state.unwanted.set(from, (unwanted = new Map()));
  for (const { topic, id } of ids) {
    if (count >= parameters.idontwant_max_messages) break;
    count++;
    unwanted.set(keyOf({ topic, ...id }), state.beats);
  }
  state.refusals.set(from, count);
}

/** Once a heartbeat: broken promises are punished, counters begin anew, what was not wanted is forgotten. */
export function settle(state: State, now: number): void {
  for (const [key, peers] of state.promises) {
    for (const [peer, until] of peers) {
      if (now < until) continue;
      addPenalty(state.scores, peer, 1);
      peers.delete(peer);
    }
    if (peers.size === 0) state.promises.delete(key);
  }
  state.ihaves.clear();
  state.asked.clear();
  state.refusals.clear();
  for (const [peer, keys] of state.unwanted) {
    for (const [key, beat] of keys) if (state.beats - beat >= UNWANTED_BEATS) keys.delete(key);
    if (keys.size === 0) state.unwanted.delete(peer);
  }
}

function promise(state: State, key: string, from: NodeId, now: number): void {
  let peers = state.promises.get(key);
  if (peers === undefined) state.promises.set(key, (peers = new Map()));
  if (!peers.has(from)) peers.set(from, now + state.parameters.iwant_followup_time * 1000);
}
