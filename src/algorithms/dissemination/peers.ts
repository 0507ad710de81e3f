/**
 * Whom a node can spread to, and what they have joined. Neighbours greet each other (`hello`) with all topics that they have joined: when
 * they meet, when these change, and when nothing was heard for a while. A greeting is a request: whoever has not confirmed it is greeted
 * again, so that no loss leaves a neighbour with old topics; at rest next to nothing is said.
 */

import * as v from 'valibot';
import type { NodeId } from '../../core/id.ts';
import type { Out } from '../../core/machine.ts';
import { request } from '../../core/message.ts';
import { boundedList } from '../roster.ts';
import {
  topicName,
  TOPICS_MAX,
  type calls,
  type CommonSettings,
  type delivers,
} from './interface.ts';
import type { commonRules } from './rules.ts';

/** Greetings in a row that may go unanswered before a neighbour counts as gone. */
const MISSES_MAX = 2;

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const greeting = {
  /** The incarnation of who speaks. */
  epoch: whole,
  /** How often its topics have changed since. */
  version: whole,
  topics: boundedList(topicName, TOPICS_MAX),
};

/** Messages of every disseminator. */
export const commonMessages = {
  /** These are my topics; which are yours? Also asks whether the other is there. */
  hello: request(greeting, v.object(greeting)),
};

/** What every disseminator can have done. */
export type CommonOut = Out<
  typeof commonMessages,
  typeof delivers,
  typeof calls,
  typeof commonRules
>;

/** Topics of a node, with the time at which it had them. */
export interface Greeting {
  readonly epoch: number;
  readonly version: number;
  readonly topics: readonly string[];
}

/** What is known of a neighbour. */
export interface PeerEntry {
  /** True when it answers. */
  isUp: boolean;
  /** The latest of its greetings; −1 before the first. */
  epoch: number;
  version: number;
  topics: ReadonlySet<string>;
  /** The version of our topics that it has; −1 for none. */
  told: number;
  heardAtMs: number;
  askedAtMs: number;
  misses: number;
  /** The greeting under way, 0 for none, and the version that it bears. */
  ticket: number;
  telling: number;
}

/** What of a disseminator's state is about its neighbours. */
export interface Neighbourhood {
  readonly given: CommonSettings;
  incarnation: number;
  /** Topics that this node has joined. */
  readonly joined: Set<string>;
  /** How often these have changed. */
  version: number;
  readonly peers: Map<NodeId, PeerEntry>;
}

/** A neighbour that is new here: it is greeted. */
export function meet(state: Neighbourhood, id: NodeId, now: number, out: CommonOut): void {
  if (state.peers.has(id)) return;
  const entry: PeerEntry = {
    ...{ isUp: false, epoch: -1, version: -1, topics: new Set<string>() },
    ...{ told: -1, heardAtMs: now, askedAtMs: now, misses: 0, ticket: 0, telling: 0 },
  };
  state.peers.set(id, entry);
  greet(state, id, entry, now, out);
}

/** A connection to a neighbour is there: what it has joined is asked. */
export function arrived(state: Neighbourhood, id: NodeId, now: number, out: CommonOut): void {
  const entry = state.peers.get(id);
  if (entry !== undefined && !entry.isUp && entry.ticket === 0) greet(state, id, entry, now, out);
}

/** The connection is gone, and whatever was under way on it. */
export function departed({ peers }: Neighbourhood, id: NodeId): void {
  const entry = peers.get(id);
  if (entry !== undefined) Object.assign(entry, { isUp: false, told: -1, ticket: 0 });
}

/** The members of a topic among the neighbours that answer. */
export function membersOf({ peers }: Neighbourhood, topic: string): NodeId[] {
  const members: NodeId[] = [];
  for (const [id, { isUp, topics }] of peers) if (isUp && topics.has(topic)) members.push(id);
  return members;
}

/** True when this neighbour answers and has joined the topic. */
export function isMember({ peers }: Neighbourhood, id: NodeId, topic: string): boolean {
  const entry = peers.get(id);
  return entry !== undefined && entry.isUp && entry.topics.has(topic);
}

/** Something came from this neighbour: it is there. True when it had been gone. */
export function heardFrom({ peers }: Neighbourhood, id: NodeId, now: number): boolean {
  const entry = peers.get(id);
  if (entry === undefined) return false;
  entry.heardAtMs = now;
  entry.misses = 0;
  if (entry.isUp || entry.epoch < 0) return false;
  entry.isUp = true;
  return true;
}

/** Its greeting, or its answer to ours. */
export function takeGreeting(entry: PeerEntry, { epoch, version, topics }: Greeting): void {
  const isNews = epoch > entry.epoch || (epoch === entry.epoch && version >= entry.version);
  entry.isUp = true;
  if (!isNews) return;
  // A new incarnation knows nothing of what the one before it was told.
  if (epoch > entry.epoch && entry.epoch >= 0) entry.told = -1;
  Object.assign(entry, { epoch, version, topics: new Set(topics) });
}

/** Answers a greeting. Whoever asked asks again when the answer is lost: so it counts as told. */
export function answerGreeting(
  state: Neighbourhood,
  from: NodeId,
  theirs: Greeting,
  ticket: number,
  out: CommonOut,
): void {
  const entry = state.peers.get(from);
  if (entry !== undefined) {
    takeGreeting(entry, theirs);
    entry.told = state.version;
  }
  out.answer(ticket, 'hello', ownGreeting(state));
}

/** The answer to a greeting, or that there is none. True when the neighbour has just gone. */
export function greeted(
  state: Neighbourhood,
  id: NodeId,
  { ticket, reply, error }: { ticket: number; reply?: Greeting; error?: string },
  now: number,
  out: CommonOut,
): boolean {
  const entry = state.peers.get(id);
  if (entry?.ticket !== ticket) return false;
  entry.ticket = 0;
  if (reply !== undefined) {
    heardFrom(state, id, now);
    takeGreeting(entry, reply);
    entry.told = entry.telling;
    if (entry.told !== state.version) greet(state, id, entry, now, out);
    return false;
  }
  entry.misses++;
  const isGone = error === 'PeerGone' || entry.misses >= MISSES_MAX;
  if (!isGone) {
    greet(state, id, entry, now, out);
    return false;
  }
  const wasUp = entry.isUp;
  entry.isUp = false;
  entry.told = -1;
  return wasUp;
}

/** Own topics have changed: all who are there are told. */
export function tellAll(state: Neighbourhood, now: number, out: CommonOut): void {
  state.version++;
  for (const [id, entry] of state.peers) {
    if (entry.isUp && entry.ticket === 0) greet(state, id, entry, now, out);
  }
}

/** Greets those that have not confirmed, and those of which nothing was heard for long. */
export function lookAround(state: Neighbourhood, now: number, out: CommonOut): void {
  const silenceMs = state.given.silence * 1000;
  for (const [id, entry] of state.peers) {
    if (entry.ticket !== 0) continue;
    const isDue = entry.isUp
      ? entry.told !== state.version || now - entry.heardAtMs >= silenceMs
      : now - entry.askedAtMs >= silenceMs;
    if (isDue) greet(state, id, entry, now, out);
  }
}

function greet(
  state: Neighbourhood,
  id: NodeId,
  entry: PeerEntry,
  now: number,
  out: CommonOut,
): void {
  entry.askedAtMs = now;
  entry.telling = state.version;
  entry.ticket = out.request(id, 'hello', ownGreeting(state), state.given.silence * 500);
}

function ownGreeting({ incarnation, version, joined }: Neighbourhood) {
  return { epoch: incarnation, version, topics: [...joined] };
}
