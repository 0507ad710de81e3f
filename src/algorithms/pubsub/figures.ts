/** What a node counts, as it shows it: what the dashboards are drawn of. */

import type { NodeId } from '../../core/id.ts';
import type { ElectionCounts } from './elections.ts';
import type { Gossip } from './gossip.ts';

/** Figures of one node. What counts goes up from the node's start. */
export interface Figures {
  /** Messages put on links, once for each neighbour: by the node itself, and publications that the layer below sent. */
  readonly sent: number;
  /** Messages of others heard for the first time, and what came again, here or in the layer below. */
  readonly received: number;
  readonly duplicates: number;
  /** Messages that nobody keeps any more. */
  readonly lost: number;
  /** Milliseconds that the latest deliveries of what others said took. */
  readonly latencies_ms: readonly number[];
  /** To how many a message is sent, and seconds between two rounds: the layer's, where it has such, or else neighbours and anti-entropy. */
  readonly fanout: number;
  readonly interval: number;
  /** What the node does in the registry's Raft. */
  readonly role: string;
  readonly term: number;
  readonly elections: Pick<
    ElectionCounts,
    'votes_requested' | 'votes_granted' | 'state_changes' | 'leader_elections'
  >;
  /** Members, this one included, and those of them that are not reached. */
  readonly members: number;
  readonly unreachable: number;
  /** How often the failure detector gave somebody up, and heard somebody again. */
  readonly detected: number;
  readonly healed: number;
}

/** What {@link figuresOf} looks at. */
export interface Counting {
  readonly gossip: Gossip;
  readonly settings: { readonly spread: 'layer' | 'direct'; readonly sync_interval: number };
  readonly counts: { readonly lost: number };
  readonly nodes: ReadonlySet<NodeId>;
  readonly peers: { readonly size: number };
  readonly reach: {
    readonly unreachable: ReadonlySet<NodeId>;
    readonly counts: Pick<Figures, 'detected' | 'healed'>;
  };
  readonly children: {
    readonly registry: {
      readonly elections: { readonly counts: ElectionCounts };
      readonly standing: Pick<Figures, 'role' | 'term'>;
    };
    readonly dissemination: { state(): object };
  };
}

/** What layers below show of themselves; only some have a fanout and an interval. */
interface Below {
  readonly counts: { readonly forwarded: number; readonly duplicates: number };
  readonly fanout?: number;
  readonly interval?: number;
}

/** Where authors send to everybody themselves, nothing is spread below. */
const NOTHING_BELOW: Below = { counts: { forwarded: 0, duplicates: 0 } };

/** The figures of a node. */
export function figuresOf(node: Counting): Figures {
  const { gossip, settings, counts, nodes, peers, reach, children } = node;
  const below =
    settings.spread === 'layer' ? (children.dissemination.state() as Below) : NOTHING_BELOW;
  const { votes_requested, votes_granted, state_changes, leader_elections } =
    children.registry.elections.counts;
  return {
    sent: gossip.sent + below.counts.forwarded,
    received: gossip.received,
    duplicates: gossip.duplicates + below.counts.duplicates,
    lost: counts.lost,
    latencies_ms: gossip.latestMs,
    fanout: below.fanout ?? peers.size,
    interval: below.interval ?? settings.sync_interval / 1000,
    ...children.registry.standing,
    elections: { votes_requested, votes_granted, state_changes, leader_elections },
    members: nodes.size,
    unreachable: reach.unreachable.size,
    ...reach.counts,
  };
}
