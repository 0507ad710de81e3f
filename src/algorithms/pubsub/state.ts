/** What a node shows of itself: to the inspector, and to the invariants. */

import type { NodeId } from '../../core/id.ts';
import type { Author } from './author.ts';
import { figuresOf, type Counting, type Figures } from './figures.ts';
import type { Journal } from './journal.ts';
import type { TopicRegistry } from './registry.ts';
import { streamOf, type StreamId } from './streams.ts';
import { key } from './registry.ts';
import type { Subscription } from './subscriptions.ts';
import type { Said, Workload } from './workload.ts';

/** A node at one moment. */
export interface PubsubState {
  /** The stream that it publishes to. */
  readonly stream: StreamId;
  /** Messages that it has given a number. */
  readonly published: number;
  readonly lamport: number;
  /** How far everything has come, and may be delivered in causal order. */
  readonly have: Readonly<Record<StreamId, number>>;
  readonly passed: Readonly<Record<StreamId, number>>;
  /** What of it counts as history, by subscription. */
  readonly since: Readonly<Record<string, Readonly<Record<StreamId, number>>>>;
  /** Messages delivered since it came up, to all subscriptions together. */
  readonly delivered: number;
  /** Of runs that are judged: what was delivered, in its order, by subscription: `7/n1:42`. */
  readonly orders: Readonly<Record<string, readonly string[]>>;
  readonly said: readonly Said[];
  readonly unreachable: readonly NodeId[];
  /** The registry, as far as it is known here. */
  readonly registry: Readonly<Record<NodeId, readonly string[]>>;
  readonly leader: NodeId | null;
  readonly bytes: number;
  /** Its disk has been read. */
  readonly started: boolean;
  /** What it counts. */
  readonly figures: Figures;
}

/** What {@link stateOf} looks at. */
export interface Shown extends Counting {
  readonly id: NodeId;
  readonly author: Author;
  readonly journal: Journal;
  readonly subscriptions: Iterable<Subscription>;
  readonly workload: Workload;
  readonly hasStarted: boolean;
  readonly counts: { readonly delivered: number; readonly lost: number };
  readonly children: Counting['children'] & {
    readonly registry: { readonly registry: TopicRegistry; readonly leader: NodeId | null };
  };
}

/** The state of a node, in words that last. */
export function stateOf(node: Shown): PubsubState {
  const { author, journal, workload, children } = node;
  return {
    stream: streamOf(node.id, author.life),
    published: author.next - 1,
    lamport: author.lamport,
    delivered: node.counts.delivered,
    have: journal.have(),
    passed: Object.fromEntries(Array.from(journal.streams, ([id, { passed }]) => [id, passed])),
    since: Object.fromEntries(
      Array.from(node.subscriptions, ({ pattern, order, since }) => [key(pattern, order), since]),
    ),
    orders: workload.orders(),
    said: workload.said,
    unreachable: [...node.reach.unreachable],
    registry: children.registry.registry.table(),
    leader: children.registry.leader,
    bytes: journal.bytes,
    started: node.hasStarted,
    figures: figuresOf(node),
  };
}
