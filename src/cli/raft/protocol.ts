/** How the commands of `parley raft` talk to the cluster: one request each, on this machine alone. */

import type { NodeId } from '../../core/id.ts';
import type { RaftAnswer } from '../../lab/raft/raft-worker.ts';
import type { RaftStatus } from '../../lab/raft/status.ts';

/** A request, with its words as they were typed. */
export interface ControlRequest {
  readonly name: string;
  readonly text?: string;
  readonly at?: NodeId;
  readonly as?: string;
}

/** The state of a node: what it says, or `down`. */
export type NodeState = Extract<RaftAnswer, { kind: 'status' }> | { readonly kind: 'down' };

/** The answer to a request. */
export type ControlAnswer =
  | { readonly kind: 'nodes'; readonly nodes: Readonly<Record<NodeId, NodeState>> }
  | { readonly kind: 'usage'; readonly reason: string }
  | Exclude<RaftAnswer, { kind: 'status' }>;

/** Who knows most: whoever was removed may not have heard of it. */
export function latestOf(states: readonly NodeState[]): RaftStatus | undefined {
  return states
    .flatMap((state) => (state.kind === 'status' ? [state.status] : []))
    .toSorted((a, b) => b.term - a.term || b.commit - a.commit)[0];
}
