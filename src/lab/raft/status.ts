/** What a node says of itself, in words that last: the state that invariants read is the chapter's own. */

import type { NodeId } from '../../core/id.ts';
import { configurationIn, type RaftState } from '../../algorithms/raft/state.ts';
import type { Survival } from '../../core/ports.ts';
import type { Traffic } from '../../runtime/lone-host.ts';

/** A node at one moment. */
export interface RaftStatus {
  readonly role: 'follower' | 'pre-candidate' | 'candidate' | 'leader';
  readonly term: number;
  /** Whom it takes for the leader. */
  readonly leader: NodeId | null;
  readonly commit: number;
  readonly applied: number;
  /** Index up to which the log was replaced by a snapshot. */
  readonly snapshot: number;
  readonly voters: readonly NodeId[];
  readonly learners: readonly NodeId[];
  readonly witnesses: readonly NodeId[];
  /** Why it takes part no more; null while it does. */
  readonly broken: string | null;
  readonly isStopped: boolean;
  readonly storage: { readonly kind: string; readonly survives: Survival };
}

/** What a node cost so far. A commit's messages are those that this node sent and received, heartbeats included. */
export interface RaftMetrics extends Traffic {
  readonly commandsApplied: number;
  readonly messagesPerCommit: number;
  readonly bytesPerCommit: number;
}

/** The status of a node in this state. */
export function statusOf(
  state: RaftState,
  storage: RaftStatus['storage'],
  isStopped: boolean,
): RaftStatus {
  const { role, term, leader, commit, applied, log, broken } = state;
  const { voters, learners, witnesses } = configurationIn(state);
  return {
    ...{ role, term, leader, commit, applied, snapshot: log.base.index },
    ...{ voters, learners, witnesses },
    ...{ broken: broken?.detail ?? null, isStopped, storage },
  };
}
