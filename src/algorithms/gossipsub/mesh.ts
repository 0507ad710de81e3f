/** The mesh: a few mutual neighbours a topic, to whom publications go at once. Who enters, who leaves, and how it is kept in shape. */

import type { NodeId } from '../../core/id.ts';
import { isMember, meet, membersOf } from '../dissemination/peers.ts';
import { addPenalty, enterMesh, quitMesh, scoreOf } from './score.ts';
import { isWorth, meshOf, type Effects, type State } from './state.ts';

/** Heartbeats from one clearing of back-offs to the next. */
const CLEAR_BEATS = 15;

/** The topic was joined: those whom it was published to so far are its mesh, and others. */
export function joinMesh(state: State, topic: string, now: number, out: Effects): void {
  const { D } = state.parameters;
  state.mesh.set(topic, new Set());
  const before = [...(state.fanout.get(topic)?.peers ?? [])];
  state.fanout.delete(topic);
  for (const peer of before) {
    if (mayGraft(state, topic, peer, now)) graft(state, topic, peer, now, out);
  }
  graftSome(state, topic, D - meshOf(state, topic).size, () => true, now, out);
}

/** The topic was left: its mesh is told, and not to graft this node for a while. */
export function leaveMesh(state: State, topic: string, now: number, out: Effects): void {
  const { unsubscribe_backoff } = state.parameters;
  for (const peer of meshOf(state, topic)) {
    prune(state, topic, peer, unsubscribe_backoff, now, out);
  }
  state.mesh.delete(topic);
}

/** A peer has put this node into its mesh. */
export function grafted(
  state: State,
  from: NodeId,
  topic: string,
  now: number,
  out: Effects,
): void {
  const mesh = state.mesh.get(topic);
  // Of topics that were not joined nothing is said: a prune would be an answer to whoever asks for anything.
  if (mesh === undefined || mesh.has(from)) return;
  const { parameters } = state;
  const until = state.backoff.get(topic)?.get(from);
  const answer = out.rules.graftAnswer(
    {
      score: scoreOf(state.scores, from),
      isMember: isMember(state, from, topic),
      isInBackoff: until !== undefined && now < until,
      isOutbound: state.outbound.has(from),
      meshSize: mesh.size,
    },
    parameters,
  );
  if (answer === 'accept') {
    mesh.add(from);
    enterMesh(state.scores, from, topic, now);
    return;
  }
  if (answer === 'penalize') {
    addPenalty(state.scores, from, 1);
    const floodMs = (parameters.graft_flood_threshold - parameters.prune_backoff) * 1000;
    if (now < until! + floodMs) addPenalty(state.scores, from, 1);
  }
  prune(state, topic, from, parameters.prune_backoff, now, out);
}

/** A peer has put this node out of its mesh. */
export function pruned(
  state: State,
  from: NodeId,
  { topic, backoff, peers }: { topic: string; backoff: number; peers: readonly NodeId[] },
  now: number,
  out: Effects,
): void {
  const { parameters } = state;
  if (state.mesh.get(topic)?.delete(from) === true) quitMesh(state.scores, from, topic);
  backOff(state, topic, from, backoff > 0 ? backoff : parameters.prune_backoff, now);
  if (peers.length === 0 || !isWorth(state, from, parameters.thresholds.accept_px_threshold))
    return;
  for (const peer of peers.slice(0, parameters.prune_peers)) {
    if (state.neighbours.includes(peer)) meet(state, peer, now, out);
  }
}

/** A peer has gone, or has left topics: it stays only where it may. */
export function dropPeer(state: State, peer: NodeId, mayStay: (topic: string) => boolean): void {
  for (const [topic, mesh] of state.mesh) {
    if (!mesh.has(peer) || mayStay(topic)) continue;
    mesh.delete(peer);
    quitMesh(state.scores, peer, topic);
  }
  for (const [topic, { peers }] of state.fanout) if (!mayStay(topic)) peers.delete(peer);
}

/** Once a heartbeat: those of ill repute go, a small mesh grows, a large one shrinks, a bad one is renewed. */
export function tendMeshes(state: State, now: number, out: Effects): void {
  if (state.beats % CLEAR_BEATS === 0) clearBackoffs(state, now);
  state.largest = 0;
  for (const topic of state.mesh.keys()) tendMesh(state, topic, now, out);
}

function tendMesh(state: State, topic: string, now: number, out: Effects): void {
  const { parameters, outbound, scores } = state;
  const { D, D_low, D_high, D_out } = parameters;
  const mesh = state.mesh.get(topic)!;
  for (const peer of mesh) {
    if (scoreOf(scores, peer) < 0) prune(state, topic, peer, parameters.prune_backoff, now, out);
  }
  if (mesh.size < D_low) graftSome(state, topic, D - mesh.size, () => true, now, out);
  if (mesh.size > D_high) shrink(state, topic, now, out);
  state.largest = Math.max(state.largest, mesh.size);
  if (mesh.size >= D_low) {
    const others = D_out - [...mesh].filter((id) => outbound.has(id)).length;
    if (others > 0) graftSome(state, topic, others, (id) => outbound.has(id), now, out);
  }
  if (state.beats % parameters.opportunistic_graft_ticks !== 0 || mesh.size <= 1) return;
  const ranked = [...mesh].map((id) => scoreOf(scores, id)).toSorted((a, b) => a - b);
  const median = ranked[Math.floor(ranked.length / 2)]!;
  if (median >= parameters.thresholds.opportunistic_graft_threshold) return;
  const isBetter = (id: NodeId) => scoreOf(scores, id) > median;
  graftSome(state, topic, parameters.opportunistic_graft_peers, isBetter, now, out);
}

function shrink(state: State, topic: string, now: number, out: Effects): void {
  const { parameters, scores, random, outbound } = state;
  const mesh = state.mesh.get(topic)!;
  const drawn = random.shuffled([...mesh]);
  const ranked = drawn.toSorted((a, b) => scoreOf(scores, b) - scoreOf(scores, a));
  const stay = out.rules.staying(ranked, drawn, (id) => outbound.has(id), parameters);
  for (const peer of drawn) {
    if (!stay.has(peer)) prune(state, topic, peer, parameters.prune_backoff, now, out);
  }
}

/** Grafts up to `count` members that are fit and not in the mesh yet. */
function graftSome(
  state: State,
  topic: string,
  count: number,
  isFit: (id: NodeId) => boolean,
  now: number,
  out: Effects,
): void {
  if (count <= 0) return;
  const mesh = meshOf(state, topic);
  const fit = membersOf(state, topic).filter(
    (id) => !mesh.has(id) && isFit(id) && mayGraft(state, topic, id, now),
  );
  for (const peer of state.random.shuffled(fit).slice(0, count)) {
    graft(state, topic, peer, now, out);
  }
}

function mayGraft(state: State, topic: string, peer: NodeId, now: number): boolean {
  const until = state.backoff.get(topic)?.get(peer);
  return isWorth(state, peer, 0) && (until === undefined || now >= until);
}

function graft(state: State, topic: string, peer: NodeId, now: number, out: Effects): void {
  state.mesh.get(topic)!.add(peer);
  enterMesh(state.scores, peer, topic, now);
  state.control.graft++;
  out.send(peer, 'graft', { topic });
}

/** Puts a peer out of the mesh, tells it, and grafts it no more for `backoff` seconds. */
function prune(
  state: State,
  topic: string,
  peer: NodeId,
  backoff: number,
  now: number,
  out: Effects,
): void {
  const { parameters, random } = state;
  if (state.mesh.get(topic)?.delete(peer) === true) quitMesh(state.scores, peer, topic);
  backOff(state, topic, peer, backoff, now);
  state.control.prune++;
  const named =
    parameters.do_px && isWorth(state, peer, 0)
      ? random
          .shuffled(membersOf(state, topic).filter((id) => id !== peer && isWorth(state, id, 0)))
          .slice(0, parameters.prune_peers)
      : [];
  out.send(peer, 'prune', { topic, backoff, peers: named });
}

function backOff(state: State, topic: string, peer: NodeId, seconds: number, now: number): void {
  // A neighbour's back-off alone is kept: names of others would be memory that anybody can fill.
  if (!state.joined.has(topic) && !state.mesh.has(topic)) return;
  let until = state.backoff.get(topic);
  if (until === undefined) state.backoff.set(topic, (until = new Map()));
  until.set(peer, Math.max(until.get(peer) ?? 0, now + seconds * 1000));
}

/** Back-offs that are over; a heartbeat later, so that whoever was pruned and waits for just so long is welcome. */
function clearBackoffs(state: State, now: number): void {
  const slackMs = state.given.heartbeat * 1000;
  for (const [topic, until] of state.backoff) {
    for (const [peer, at] of until) if (at + slackMs < now) until.delete(peer);
    if (until.size === 0) state.backoff.delete(topic);
  }
}
