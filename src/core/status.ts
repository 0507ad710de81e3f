/** The life of a node in a run, and how the nodes' knowledge of one another is merged. */

import type { NodeId } from './id.ts';

/**
 * Where a node stands.
 *
 * joining → ready → running → finished (it called terminate, and still answers the others) → terminated (all have finished).
 * Or it ended early: stopped (a service whose time was over, or a run that was ended), timeout, failed, departed.
 */
export type NodeStatus =
  | 'joining'
  | 'ready'
  | 'running'
  | 'finished'
  | 'terminated'
  | 'stopped'
  | 'timeout'
  | 'departed'
  | 'failed';

const RANK: { readonly [status in NodeStatus]: number } = {
  joining: 0,
  ready: 1,
  running: 2,
  finished: 3,
  terminated: 4,
  stopped: 5,
  timeout: 6,
  departed: 7,
  failed: 8,
};

/** What is known of a node: the newest incarnation wins, within it the further status. */
export interface Standing {
  /** Counts the reloads of the node's tab. */
  readonly incarnation: number;
  readonly status: NodeStatus;
  /** Why it failed. */
  readonly error?: string;
}

/** True when `a` is news to one who knows `b`. Standings form a semilattice: merging is idempotent, in any order. */
export function isNewer(a: Standing, b: Standing | undefined): boolean {
  if (b === undefined || a.incarnation !== b.incarnation) {
    return b === undefined || a.incarnation > b.incarnation;
  }
  return RANK[a.status] > RANK[b.status];
}

/** True when this node can be waited for no longer: it is past `ready`, or it will never be. */
export function hasReached(standing: Standing | undefined, status: NodeStatus): boolean {
  return standing !== undefined && RANK[standing.status] >= RANK[status];
}

/** True when the node will do nothing more in this run. */
export function hasEnded(status: NodeStatus): boolean {
  return RANK[status] >= RANK.terminated;
}

/** True for an end that counts as success. */
export function endedWell(status: NodeStatus): boolean {
  return status === 'terminated' || status === 'stopped';
}

/** Every status, for validators. */
export const NODE_STATUSES = Object.keys(RANK) as readonly NodeStatus[];

/** The nodes of `all` that have not come as far as `status`: those that a barrier waits for. */
export function missing(
  all: Iterable<NodeId>,
  standings: ReadonlyMap<NodeId, Standing>,
  status: NodeStatus,
): NodeId[] {
  return [...all].filter((id) => !hasReached(standings.get(id), status));
}
