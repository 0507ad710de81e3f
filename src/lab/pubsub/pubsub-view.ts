/** What a member shows: what happens, who is there, and what it counts. */

import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';
import type { Traffic } from '../../runtime/lone-host.ts';
import type { Elections } from '../../algorithms/pubsub/elections.ts';
import type { Gossip } from '../../algorithms/pubsub/gossip.ts';
import type { PubSub } from '../../algorithms/pubsub/index.ts';

/** Something that happened; docs/pubsub.md lists the kinds. */
export interface PubSubEvent {
  readonly kind: string;
  readonly detail: Value;
}

/** A member as the others see it. */
export interface MemberView {
  readonly id: NodeId;
  /** Whether it answers, as far as the failure detector knows. */
  readonly isHere: boolean;
  /** From 0 down to −200: lower after forged, malformed and replayed messages and floods; it recovers with time. */
  readonly score: number;
  /** It behaved so badly that what it pushes is ignored for a while; what it says comes late, when this member asks for it. */
  readonly isIgnored: boolean;
  /** `order pattern` of each of its subscriptions, as the registry has them. */
  readonly subscriptions: readonly string[];
}

/** What a member did so far. */
export type PubSubMetrics = PubSub['counts'] & {
  readonly undecipherable: number;
  /** Dropped, because the program subscribed and did not read. */
  readonly unread: number;
} & Traffic;

/** What a member saw, for whoever measures it. */
export interface Observed {
  readonly gossip: Pick<Gossip, 'sent' | 'received' | 'duplicates' | 'latenciesMs'>;
  readonly elections: Pick<Elections, 'counts' | 'take'>;
  /** Neighbours to whom it sends what it publishes. */
  readonly fanout: number;
  /** Milliseconds between its rounds of anti-entropy. */
  readonly intervalMs: number;
}
