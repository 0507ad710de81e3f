/** Lookups as a node runs them: who is asked, what becomes of answers, and what is done at the end. */

import type { NodeId } from '../../core/id.ts';
import { beginLookup, closestOf, isOver, nextToAsk, noteAnswer, noteSilence } from './lookup.ts';
import type { Position } from './positions.ts';
import { closestIn, noteFailed, noteSeen } from './routing-table.ts';
import { numberOf } from '../roster.ts';
import { selfOf, type Effects, type Purpose, type Search, type State } from './state.ts';

/** Lookups under way at once: whoever asks for more is refused. */
const SEARCHES_MAX = 256;

/** Begins a lookup; false when too many are under way. `found` are providers that are known already. */
export function search(
  state: State,
  target: Position,
  purpose: Purpose,
  out: Effects,
  found: readonly NodeId[] = [],
): boolean {
  if (state.searches.size >= SEARCHES_MAX) return false;
  const number = ++state.lookups;
  const known = closestIn(state.table, target, state.parameters.k, placeIn(state));
  const begun: Search = {
    ...beginLookup(target, known),
    purpose,
    found: new Set(found),
    without: new Set(),
  };
  state.searches.set(number, begun);
  goOn(state, number, begun, out);
  return true;
}

/** Where a peer lies. */
export function placeIn({ places }: State): (peer: NodeId) => Position {
  return (peer) => places.get(peer)!;
}

/** A peer is there. */
export function seen(state: State, peer: NodeId, out: Effects): void {
  if (numberOf(state.roster, peer) === undefined) return;
  const { k } = state.parameters;
  const hasRoom = (size: number) => out.rules.hasRoom(size, k);
  noteSeen(state.table, bucketOf(state, peer, out), peer, hasRoom, k);
}

/** Names in an answer that this node can speak to, and no more than it would give itself. */
export function knownOf(state: State, peers: readonly NodeId[]): NodeId[] {
  const { roster, parameters } = state;
  return peers.slice(0, parameters.k).filter((peer) => numberOf(roster, peer) !== undefined);
}

/** An answer to a question of a lookup, or silence. */
export function answered(
  state: State,
  ticket: number,
  from: NodeId,
  answer: Answer | undefined,
  out: Effects,
): void {
  const number = state.questions.get(ticket);
  if (number === undefined) return;
  state.questions.delete(ticket);
  if (answer === undefined) {
    state.unanswered++;
    noteFailed(state.table, bucketOf(state, from, out), from);
  } else seen(state, from, out);
  const current = state.searches.get(number);
  if (current === undefined) return;
  if (answer === undefined) noteSilence(current, from);
  else {
    for (const provider of answer.providers ?? []) {
      if (state.roster.numbers.has(provider)) current.found.add(provider);
    }
    noteAnswer(current, from, knownOf(state, answer.peers), state.parameters, placeIn(state));
    if (current.purpose.kind === 'get' && typeof answer.value === 'string') {
      finish(state, number, current, answer.value, out);
      return;
    }
    current.without.add(from);
  }
  goOn(state, number, current, out);
}

/** What any of the questions is answered with. */
export interface Answer {
  readonly peers: readonly NodeId[];
  readonly value?: string | null;
  readonly providers?: readonly NodeId[];
}

function bucketOf(state: State, peer: NodeId, out: Effects): number {
  const { places } = state;
  return out.rules.bucketOf(places.get(selfOf(state))!, places.get(peer)!);
}

function goOn(state: State, number: number, current: Search, out: Effects): void {
  const { alpha } = state.parameters;
  const mayAsk = (asking: number) => out.rules.mayAsk(asking, alpha);
  for (const peer of nextToAsk(current, state.parameters, mayAsk)) {
    state.asked++;
    state.questions.set(ask(state, current, peer, out), number);
  }
  if (isOver(current, state.parameters)) finish(state, number, current, undefined, out);
}

function ask(state: State, { purpose, target }: Search, peer: NodeId, out: Effects): number {
  const { timeoutMs } = state.parameters;
  if (purpose.kind === 'get')
    return out.request(peer, 'find_value', { key: purpose.key }, timeoutMs);
  if (purpose.kind === 'providers' || purpose.kind === 'room') {
    return out.request(peer, 'find_providers', { key: purpose.key }, timeoutMs);
  }
  return out.request(peer, 'find_node', { target: [...target] }, timeoutMs);
}

/** The k closest have answered, or what was looked for was found. */
function finish(
  state: State,
  number: number,
  current: Search,
  value: string | undefined,
  out: Effects,
): void {
  const { purpose } = current;
  state.searches.delete(number);
  const { k } = state.parameters;
  const closest = closestOf(current, k);
  for (const { depth } of closest) state.depth_max = Math.max(state.depth_max, depth);
  const peers = closest.map(({ peer }) => peer);
  switch (purpose.kind) {
    case 'join':
    case 'refresh':
      return;
    case 'find_node':
      out.answer(purpose.ticket, 'closest', peers);
      return;
    case 'get':
      got(state, purpose, value ?? null, current, out);
      return;
    case 'providers':
      if (purpose.ticket > 0) out.answer(purpose.ticket, 'providers', [...current.found]);
      else state.got.set(purpose.key, [...current.found].toSorted().join(' '));
      return;
    case 'put':
      for (const peer of peers) {
        out.request(peer, 'store', { key: purpose.key, value: purpose.value });
      }
      if (purpose.ticket > 0) out.answer(purpose.ticket, 'put', peers.length);
      return;
    case 'room':
      noteRoom(state, purpose.room, othersIn(state, current), out);
      return;
    case 'provide':
      for (const peer of peers) {
        const { key, lifetimeMs } = purpose;
        const lifetime = lifetimeMs === undefined ? {} : { lifetime: lifetimeMs / 1000 };
        out.request(peer, 'add_provider', { key, ...lifetime });
      }
      if (purpose.ticket > 0) out.answer(purpose.ticket, 'provide', peers.length);
  }
}

function noteRoom(state: State, room: string, peers: readonly NodeId[], out: Effects): void {
  const before = state.rooms.get(room) ?? [];
  for (const peer of peers) {
    if (!before.includes(peer)) out.log('info', `${peer} was found in room ${room}`);
  }
  for (const peer of before) {
    if (!peers.includes(peer)) out.log('info', `${peer} is not found in room ${room} any more`);
  }
  state.rooms.set(room, peers);
}

function othersIn(state: State, { found }: Search): NodeId[] {
  return [...found].filter((peer) => peer !== selfOf(state)).toSorted();
}

/** The closest that did not have the value gets it: the next who asks is served sooner (Section 2.3). */
function got(
  state: State,
  purpose: Extract<Purpose, { kind: 'get' | 'providers' }>,
  value: string | null,
  current: Search,
  out: Effects,
): void {
  const { key, ticket } = purpose;
  if (value !== null) {
    const nearest = current.candidates.find(({ peer }) => current.without.has(peer));
    if (nearest !== undefined) out.request(nearest.peer, 'store', { key, value });
  }
  if (ticket > 0) out.answer(ticket, 'get', value);
  else state.got.set(key, value);
}
