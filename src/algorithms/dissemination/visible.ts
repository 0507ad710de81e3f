/** What a disseminator shows of itself, and what it reports. */

import type { NodeId } from '../../core/id.ts';
import type { Common, Counts } from './state.ts';
import { seenCount } from './seen.ts';

/** What was delivered of one incarnation of an origin. */
export interface Heard {
  readonly origin: NodeId;
  readonly incarnation: number;
  /** Deliveries in this incarnation of the node. */
  readonly delivered: number;
  /** Different messages seen, those of earlier incarnations of the node among them. */
  readonly seen: number;
  /** One more than the greatest sequence seen. */
  readonly end: number;
}

/** What a node shows of one topic. */
export interface VisibleTopic {
  readonly joined: boolean;
  /** Messages that it has published in it, in this incarnation. */
  readonly published: number;
  readonly heard: readonly Heard[];
}

/** What every disseminator shows. */
export interface CommonVisible {
  readonly incarnation: number;
  readonly topics: Readonly<Record<string, VisibleTopic>>;
  /** Neighbours that answer, with the topics that they have joined. */
  readonly peers: Readonly<Record<NodeId, readonly string[]>>;
  /** Publications that wait for a verdict, and for the disk. */
  readonly unjudged: number;
  readonly unwritten: number;
  readonly counts: Counts;
}

/** The common part of a state, as it is shown. */
export function visibleOf(state: Common): CommonVisible {
  const { seen, joined, next, peers, counts, pending, held, writing } = state;
  const names = new Set([...joined, ...next.keys(), ...seen.keys()]);
  return {
    incarnation: state.incarnation,
    topics: Object.fromEntries(Array.from(names, (topic) => [topic, topicOf(state, topic)])),
    peers: Object.fromEntries(
      Array.from(peers)
        .filter(([, { isUp }]) => isUp)
        .map(([id, { topics }]) => [id, [...topics]]),
    ),
    unjudged: pending.size,
    unwritten: held.length + writing.length,
    counts: { ...counts },
  };
}

/** The common part of a report: deliveries by topic and origin, in this incarnation. */
export function reportOf({ counts, incarnation, joined, seen }: Common) {
  const delivered: Record<string, Record<NodeId, number>> = {};
  for (const [topic, origins] of seen) {
    delivered[topic] = Object.fromEntries(
      Array.from(origins, ([origin, streams]) => [
        origin,
        streams.reduce((sum, stream) => sum + stream.delivered, 0),
      ]),
    );
  }
  return { incarnation, joined: [...joined], delivered, counts };
}

function topicOf(state: Common, topic: string): VisibleTopic {
  const heard: Heard[] = [];
  for (const [origin, streams] of state.seen.get(topic) ?? []) {
    for (const stream of streams) {
      const { incarnation, runs, delivered } = stream;
      heard.push({
        origin,
        incarnation,
        delivered,
        seen: seenCount(stream),
        end: runs.at(-1) ?? 0,
      });
    }
  }
  return { joined: state.joined.has(topic), published: state.next.get(topic) ?? 0, heard };
}
