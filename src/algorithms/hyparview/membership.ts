/**
 * The rules of HyParView (Leitão, Pereira, Rodrigues, DSN 2007): a small symmetric active view, and a larger passive one to repair it
 * from. Peers may be of any kind; what is to be said goes to `out`. The Machine and the engine for large networks both follow these
 * lines.
 */

import type { Random } from '../../core/random.ts';

/** The parameters, with the paper's names and values in the chapter's settings. */
export interface HyparviewRules {
  readonly activeSize: number;
  readonly passiveSize: number;
  /** ARWL: how far a newcomer's name walks. */
  readonly activeWalk: number;
  /** PRWL: where on that walk it enters a passive view. */
  readonly passiveWalk: number;
  /** k_a and k_p: how many of each view a shuffle carries. */
  readonly shuffleActive: number;
  readonly shufflePassive: number;
}

/** What one node knows. */
export interface Membership<P> {
  readonly self: P;
  /** Symmetric: who is here has this node in its own. */
  readonly active: P[];
  readonly passive: P[];
  /** Whom this node has asked to be its neighbour; at most one at a time, undefined or null for none. */
  asked: P | null;
}

/** What is said, one node to another. */
export interface MembershipOut<P> {
  forwardJoin(to: P, newcomer: P, walk: number): void;
  neighbor(to: P, isUrgent: boolean): void;
  neighborReply(to: P, accepted: boolean): void;
  disconnect(to: P): void;
  shuffle(to: P, origin: P, peers: readonly P[], walk: number): void;
  shuffleReply(to: P, peers: readonly P[]): void;
}

/** One step: who, by which rules, with what chance and what mouth. */
export interface Step<P> {
  readonly rules: HyparviewRules;
  readonly random: Random;
  readonly out: MembershipOut<P>;
}

/** A newcomer knocks here: it is let in, and its name is sent on walks. */
export function onJoin<P>(me: Membership<P>, newcomer: P, step: Step<P>): void {
  addActive(me, newcomer, step);
  for (const peer of me.active) {
    if (peer !== newcomer) step.out.forwardJoin(peer, newcomer, step.rules.activeWalk);
  }
}

/** A newcomer's name comes by. */
export function onForwardJoin<P>(
  me: Membership<P>,
  from: P,
  newcomer: P,
  walk: number,
  step: Step<P>,
): void {
  if (newcomer === me.self) return;
  if (walk <= 0 || me.active.length <= 1) {
    if (me.active.includes(newcomer)) return;
    addActive(me, newcomer, step);
    // The other end is to know that it has a neighbour: the paper opens a connection, which says as much.
    step.out.neighbor(newcomer, true);
    return;
  }
  if (walk === step.rules.passiveWalk) addPassive(me, newcomer, [], step);
  const next = pickOther(me.active, from, newcomer, step.random);
  if (next === undefined) {
    if (me.active.includes(newcomer)) return;
    addActive(me, newcomer, step);
    step.out.neighbor(newcomer, true);
    return;
  }
  step.out.forwardJoin(next, newcomer, walk - 1);
}

/** Somebody wants to be a neighbour. Whoever has none is never refused. */
export function onNeighbor<P>(me: Membership<P>, from: P, isUrgent: boolean, step: Step<P>): void {
  const accepted = isUrgent || me.active.includes(from) || me.active.length < step.rules.activeSize;
  if (accepted) addActive(me, from, step);
  step.out.neighborReply(from, accepted);
}

/** The answer to that. */
export function onNeighborReply<P>(
  me: Membership<P>,
  from: P,
  accepted: boolean,
  step: Step<P>,
): void {
  if (me.asked === from) me.asked = null;
  if (accepted) addActive(me, from, step);
}

/** The other end made room for somebody else: it is alive, and may be asked again one day. */
export function onDisconnect<P>(me: Membership<P>, from: P, step: Step<P>): void {
  const at = me.active.indexOf(from);
  if (at < 0) return;
  me.active.splice(at, 1);
  promote(me, step);
  addPassive(me, from, [], step);
}

/** A peer is gone: it is in no view any more. True when it was a neighbour. */
export function onFailure<P>(me: Membership<P>, peer: P): boolean {
  if (me.asked === peer) me.asked = null;
  const passive = me.passive.indexOf(peer);
  if (passive >= 0) me.passive.splice(passive, 1);
  const active = me.active.indexOf(peer);
  if (active >= 0) me.active.splice(active, 1);
  return active >= 0;
}

/** Asks one of the passive view to be a neighbour, when there is room. True when one was asked. */
export function promote<P>(me: Membership<P>, step: Step<P>): boolean {
  if (me.asked !== null || me.active.length >= step.rules.activeSize) return false;
  if (me.passive.length === 0) return false;
  me.asked = step.random.pick(me.passive);
  step.out.neighbor(me.asked, me.active.length === 0);
  return true;
}

/** Sends a part of both views on a walk. */
export function shuffleViews<P>(me: Membership<P>, step: Step<P>): void {
  if (me.active.length === 0) return;
  const { rules, random, out } = step;
  const to = random.pick(me.active);
  const others = me.active.filter((peer) => peer !== to);
  out.shuffle(to, me.self, [me.self, ...sampleOf(me, others, rules, random)], rules.activeWalk);
}

/** A shuffle comes by: it walks on, or ends here, and is answered with as many of the passive view. */
export function onShuffle<P>(
  me: Membership<P>,
  from: P,
  origin: P,
  peers: readonly P[],
  walk: number,
  step: Step<P>,
): void {
  if (origin === me.self) return;
  const next = walk > 0 ? pickOther(me.active, from, origin, step.random) : undefined;
  if (next !== undefined && me.active.length > 1) {
    step.out.shuffle(next, origin, peers, walk - 1);
    return;
  }
  const answer = step.random.shuffled(me.passive).slice(0, peers.length);
  step.out.shuffleReply(origin, answer);
  integrate(me, peers, answer, step);
}

/** The answer to a shuffle. */
export function onShuffleReply<P>(me: Membership<P>, peers: readonly P[], step: Step<P>): void {
  integrate(me, peers, [], step);
}

function sampleOf<P>(
  me: Membership<P>,
  active: readonly P[],
  { shuffleActive, shufflePassive }: HyparviewRules,
  random: Random,
): P[] {
  return [
    ...random.shuffled(active).slice(0, shuffleActive),
    ...random.shuffled(me.passive).slice(0, shufflePassive),
  ];
}

/** New names enter the passive view; where it is full, those that were sent away go first. */
function integrate<P>(
  me: Membership<P>,
  peers: readonly P[],
  sent: readonly P[],
  step: Step<P>,
): void {
  const given = [...sent];
  for (const peer of peers) addPassive(me, peer, given, step);
}

function addActive<P>(me: Membership<P>, peer: P, step: Step<P>): void {
  if (peer === me.self || me.active.includes(peer)) return;
  if (me.active.length >= step.rules.activeSize) {
    const dropped = step.random.pick(me.active);
    me.active.splice(me.active.indexOf(dropped), 1);
    step.out.disconnect(dropped);
    addPassive(me, dropped, [], step);
  }
  const passive = me.passive.indexOf(peer);
  if (passive >= 0) me.passive.splice(passive, 1);
  me.active.push(peer);
}

/** @param given goes first when there is no room; those that went are taken out of it */
function addPassive<P>(me: Membership<P>, peer: P, given: P[], step: Step<P>): void {
  if (peer === me.self || me.active.includes(peer) || me.passive.includes(peer)) return;
  while (me.passive.length >= step.rules.passiveSize) {
    const sent = given.pop();
    const at = sent === undefined ? step.random.below(me.passive.length) : me.passive.indexOf(sent);
    if (at >= 0) me.passive.splice(at, 1);
  }
  me.passive.push(peer);
}

function pickOther<P>(peers: readonly P[], from: P, origin: P, random: Random): P | undefined {
  const others = peers.filter((peer) => peer !== from && peer !== origin);
  return others.length === 0 ? undefined : random.pick(others);
}
