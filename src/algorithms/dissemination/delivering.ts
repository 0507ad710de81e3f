/**
 * Deliveries to the layer above, each once. With `durable`, what was delivered is noted before: one write at a time, with all that has
 * gathered meanwhile, and nothing but the deliveries waits for it.
 */

import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';
import type { MessageName } from './interface.ts';
import type { CommonOut } from './peers.ts';
import { INCARNATIONS_MAX, noveltyOf, streamOf, type Stream } from './seen.ts';
import { keyOf, nameOf, type Common, type Pending } from './state.ts';

/** Topics that a node has left and still remembers messages of, so that they do not come again when it joins once more. */
const LEFT_TOPICS_MAX = 100;

/** The streams of an origin in a topic. */
export function streamsOf(state: Common, topic: string, origin: NodeId): Stream[] {
  let origins = state.seen.get(topic);
  if (origins === undefined) {
    forgetLeft(state);
    origins = new Map();
    state.seen.set(topic, origins);
  }
  let streams = origins.get(origin);
  if (streams === undefined) {
    streams = [];
    origins.set(origin, streams);
  }
  return streams;
}

/** Delivers, now or when it is noted. */
export function deliver(state: Common, item: Pending, out: CommonOut): void {
  const { signer: origin, topic } = item.publication;
  // A node's own messages come from itself alone, and with a new incarnation their numbers begin anew.
  if (!state.given.durable || origin === state.me) {
    handUp(state, item, out);
    return;
  }
  state.held.push(item);
  state.unsaved.set(`seen/${topic.length}/${topic}/${origin}`, [topic, origin]);
  if (state.ticket === 0) write(state, out);
}

/** What was written may go up. */
export function deliverWritten(state: Common, ticket: number, out: CommonOut): void {
  if (ticket !== state.ticket) return;
  const noted = state.writing;
  state.writing = [];
  state.ticket = 0;
  for (const item of noted) handUp(state, item, out);
  if (state.held.length > 0) write(state, out);
}

/** What an earlier incarnation of this node has seen. */
export function restore(state: Common, stored: ReadonlyMap<string, Value>): void {
  for (const [key, value] of stored) {
    if (!key.startsWith('seen/')) continue;
    const { topic, origin, streams } = value as unknown as StoredStreams;
    const own = streamsOf(state, topic, origin);
    for (const { incarnation, runs, skipped } of streams) {
      own.push({ incarnation, runs: [...runs], skipped, delivered: 0 });
    }
  }
}

interface StoredStreams {
  readonly topic: string;
  readonly origin: NodeId;
  readonly streams: readonly Omit<Stream, 'delivered'>[];
}

function write(state: Common, out: CommonOut): void {
  const entries: Record<string, StoredStreams> = {};
  for (const [key, [topic, origin]] of state.unsaved) {
    const streams = streamsOf(state, topic, origin).map(({ incarnation, runs, skipped }) => {
      return { incarnation, runs: [...runs], skipped };
    });
    entries[key] = { topic, origin, streams };
  }
  state.unsaved.clear();
  state.writing = state.held;
  state.held = [];
  state.ticket = out.write(entries);
}

function handUp(state: Common, { publication, hops, from }: Pending, out: CommonOut): void {
  const name = nameOf(publication);
  const { topic, origin, incarnation } = name;
  const { payloads } = publication;
  const stream = streamOf(streamsOf(state, topic, origin), incarnation);
  if (stream !== undefined) stream.delivered += payloads.length;
  state.counts.delivered += payloads.length;
  out.deliver('messages', { ...name, payloads, hops, from });
}

/** Makes room for a topic: of those that were left, the one that was first heard of goes. */
function forgetLeft({ seen, joined }: Common): void {
  if (seen.size < joined.size + LEFT_TOPICS_MAX) return;
  for (const topic of seen.keys()) {
    if (joined.has(topic)) continue;
    seen.delete(topic);
    return;
  }
}

/** True when a message was seen, or is so old that nobody can tell: it need not be asked for. */
export function isKnown(
  state: Common,
  { topic, origin, incarnation, sequence }: MessageName,
): boolean {
  const name = { topic, origin, incarnation, sequence };
  if (origin === state.me || state.relayed.has(keyOf(name))) return true;
  const streams = state.seen.get(topic)?.get(origin);
  if (streams === undefined) return false;
  const stream = streams.find((one) => one.incarnation === incarnation);
  if (stream !== undefined) return noveltyOf(stream, sequence, 1) !== 'new';
  return streams.length >= INCARNATIONS_MAX && incarnation < streams[0]!.incarnation;
}
