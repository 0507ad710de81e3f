/** What must be true of all nodes together at every moment of an election. */

import type { Invariant } from '../../core/invariant.ts';
import { firstOf, hasFinished, withState } from '../verdict.ts';
import type { Role } from './chang-roberts.ts';

/** What a node of this chapter shows of itself. */
export interface VisibleState {
  readonly node_id: number;
  readonly role: Role;
  readonly leader: number | null;
  readonly forwarded: number;
  readonly swallowed: number;
}

/** Invariants of {@link ChangRoberts}. */
export const invariants: readonly Invariant<VisibleState>[] = [
  {
    name: 'At most one node is leader',
    check: (view) => {
      const leaders = view.nodes.filter(({ state }) => state.role === 'leader');
      if (leaders.length <= 1) return undefined;
      return `${leaders.map(({ id }) => id).join(' and ')} are leaders`;
    },
  },
  {
    name: 'The leader has the greatest node_id',
    check: (view) => {
      const greatest = Math.max(...view.nodes.map(({ settings }) => Number(settings['node_id'])));
      return firstOf(view.nodes, ({ id, state }) => {
        if (state.role !== 'leader' || state.node_id === greatest) return undefined;
        return `${id} leads with ${state.node_id}, and there is a ${greatest}`;
      });
    },
  },
  {
    name: 'Whoever names a leader names the one that was elected',
    check: (view) => {
      const leader = view.nodes.find(({ state }) => state.role === 'leader');
      return firstOf(withState(view), ({ id, state }) => {
        if (state.leader === null || state.leader === leader?.state.node_id) return undefined;
        return `${id} names ${state.leader}, and ${leader?.id ?? 'nobody'} was elected`;
      });
    },
  },
  {
    name: 'A node has done its part only when it knows the leader',
    check: (view) =>
      firstOf(withState(view), (node) => {
        if (!hasFinished(node) || node.state.leader !== null) return undefined;
        return `${node.id} is ${node.status} and names no leader`;
      }),
  },
];
