/**
 * The tree of Plumtree: Algorithm 1 of Leitão, Pereira and Rodrigues (technical report DI-FCUL TR-07-14, with the correction of 2019). Links
 * over which something comes twice are put out of the tree; where something does not come at all, the tree is mended with whoever has it.
 */

import type { NodeId } from '../../core/id.ts';
import { isKnown } from '../dissemination/delivering.ts';
import { HOPS_MAX, type Publication } from '../dissemination/interface.ts';
import { keyOf, nameOf } from '../dissemination/state.ts';
import { IDS_MAX } from './messages.ts';
import { ASKS_MAX, MISSING_MAX, type Announcement, type Effects, type State } from './state.ts';

/** What is due within a millisecond is due: clocks count in steps, and a timer may fire a step before the sum of two times says. */
const TICK_MS = 1;

/** NeighborUp: a new neighbour belongs to the tree until something comes twice. */
export function neighborUp(state: State, peer: NodeId): void {
  if (!state.lazy.has(peer)) state.eager.add(peer);
}

/** NeighborDown: nothing is expected of it any more. */
export function neighborDown(state: State, peer: NodeId): void {
  state.eager.delete(peer);
  state.lazy.delete(peer);
  state.queued.delete(peer);
  for (const [key, { announcers }] of state.missing) {
    const at = announcers.findIndex((announcer) => announcer.peer === peer);
    if (at >= 0) announcers.splice(at, 1);
    if (announcers.length === 0) state.missing.delete(key);
  }
}

/** EagerPush and LazyPush: the tree gets it, the others hear of it. */
export function push(
  state: State,
  publication: Publication,
  hops: number,
  from: NodeId,
  out: Effects,
): void {
  const { signer } = publication;
  if (hops >= HOPS_MAX) return;
  for (const peer of state.eager) {
    if (peer === from || peer === signer) continue;
    state.counts.forwarded++;
    out.send(peer, 'carry', { publication, hops: hops + 1 });
  }
  const { topic, origin, incarnation, sequence } = nameOf(publication);
  const announced = { topic, id: { origin, incarnation, sequence }, round: hops };
  for (const peer of state.lazy) {
    if (peer === from || peer === signer) continue;
    const queue = state.queued.get(peer);
    if (queue !== undefined) {
      queue.push(announced);
      continue;
    }
    // The first of a batch sets the time for all.
    if (state.queued.size === 0) out.timer('announce', state.parameters.ihave_delay * 1000);
    state.queued.set(peer, [announced]);
  }
}

/** What has gathered is named. */
export function announce(state: State, out: Effects): void {
  for (const [peer, queue] of state.queued) {
    for (let at = 0; at < queue.length; at += IDS_MAX) {
      state.control.ihave++;
      out.send(peer, 'ihave', { ids: queue.slice(at, at + IDS_MAX) });
    }
  }
  state.queued.clear();
}

/** A publication came that was not here: the link belongs to the tree, unless another is much shorter. */
export function cameFirst(
  state: State,
  publication: Publication,
  hops: number,
  from: NodeId,
  out: Effects,
): void {
  const key = keyOf(nameOf(publication));
  const missing = state.missing.get(key);
  state.missing.delete(key);
  makeEager(state, from);
  const threshold = state.parameters.optimization_threshold;
  // The round of whoever names it is one less than the hops with which it would come from there.
  const better = missing?.announcers.find(
    ({ peer, round }) => peer !== from && out.rules.isShorter(hops, round + 1, threshold),
  );
  if (better === undefined) return;
  state.control.optimized++;
  makeEager(state, better.peer);
  state.control.graft++;
  out.send(better.peer, 'graft', { missing: null });
  cameAgain(state, from, out);
}

/** It came where it was: the link is not needed in the tree. */
export function cameAgain(state: State, from: NodeId, out: Effects): void {
  makeLazy(state, from);
  state.control.prune++;
  out.send(from, 'prune', {});
}

/** IHAVE: what is named and not here is waited for, and asked for when it does not come. */
export function heardOf(
  state: State,
  from: NodeId,
  ids: readonly Announcement[],
  now: number,
  out: Effects,
): void {
  const { missing, parameters } = state;
  for (const { topic, id, round } of ids) {
    const key = keyOf({ topic, ...id });
    if (isKnown(state, { topic, ...id })) continue;
    const known = missing.get(key);
    if (known !== undefined) {
      if (!known.announcers.some(({ peer }) => peer === from)) {
        known.announcers.push({ peer: from, round });
      }
      continue;
    }
    if (missing.size >= MISSING_MAX) return;
    const dueAtMs = now + parameters.graft_timeout * 1000;
    missing.set(key, { topic, id, announcers: [{ peer: from, round }], asked: 0, dueAtMs });
  }
  setTimer(state, now, out);
}

/** What did not come in time is asked for: the tree gets the link over which it was named. */
export function mend(state: State, now: number, out: Effects): void {
  const { missing, parameters } = state;
  for (const [key, one] of missing) {
    if (one.dueAtMs >= now + TICK_MS) continue;
    one.dueAtMs = now + parameters.graft_timeout_next * 1000;
    const peer = out.rules.firstAnnouncer(one.announcers);
    const announced = one.announcers.shift();
    if (++one.asked >= ASKS_MAX || announced === undefined) missing.delete(key);
    // In the paper it is asked once, for its links lose nothing. Ours may be asked in vain.
    else one.announcers.push(announced);
    if (peer === undefined || announced === undefined) continue;
    makeEager(state, peer);
    state.control.graft++;
    const { topic, id } = one;
    out.send(peer, 'graft', { missing: { topic, id, round: announced.round } });
  }
  setTimer(state, now, out);
}

/** GRAFT: the other wants this link in the tree, and what it has missed. */
export function grafted(
  state: State,
  from: NodeId,
  missing: Announcement | null,
  out: Effects,
): void {
  makeEager(state, from);
  if (missing === null) return;
  const kept = state.history.items.get(keyOf({ topic: missing.topic, ...missing.id }));
  if (kept === undefined || kept.hops >= HOPS_MAX) return;
  state.counts.forwarded++;
  out.send(from, 'carry', { publication: kept.publication, hops: kept.hops + 1 });
}

/** Puts a neighbour out of the tree; who is none stays none. */
export function makeLazy(state: State, peer: NodeId): void {
  if (state.eager.delete(peer)) state.lazy.add(peer);
}

function makeEager(state: State, peer: NodeId): void {
  if (state.lazy.delete(peer)) state.eager.add(peer);
}

function setTimer(state: State, now: number, out: Effects): void {
  let next = Infinity;
  for (const { dueAtMs } of state.missing.values()) next = Math.min(next, dueAtMs);
  if (next < Infinity) out.timer('mend', Math.max(TICK_MS, next - now));
  else out.cancel('mend');
}
