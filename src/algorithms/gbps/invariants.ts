/** What must be true of every view at every moment. */

import type { Invariant } from '../../core/invariant.ts';
import { firstOf, withState } from '../verdict.ts';
import type { Descriptor } from './messages.ts';

/** What a node of this chapter shows of itself. */
export interface VisibleState {
  readonly view_size: number;
  readonly view: readonly Descriptor[];
  readonly cycles: number;
  readonly exchanges: number;
  readonly unanswered: number;
  readonly refused: number;
}

/** Invariants of {@link Gbps}. */
export const invariants: readonly Invariant<VisibleState>[] = [
  {
    name: 'A view has view_size descriptors at most',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) => {
        if (state.view.length <= state.view_size) return undefined;
        return `${id} has ${state.view.length}, and its view_size is ${state.view_size}`;
      }),
  },
  {
    name: 'Nobody is in its own view',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        state.view.some(({ peer }) => peer === id) ? `${id} knows itself` : undefined,
      ),
  },
  {
    name: 'A view has one descriptor of a peer',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) => {
        const peers = state.view.map(({ peer }) => peer);
        const twice = peers.find((peer, at) => peers.indexOf(peer) !== at);
        return twice === undefined ? undefined : `${id} has ${twice} twice`;
      }),
  },
  {
    name: 'Views name nodes of the run',
    check: (view) => {
      const all = new Set(view.nodes.map(({ id }) => id));
      return firstOf(withState(view), ({ id, state }) => {
        const stranger = state.view.find(({ peer }) => !all.has(peer));
        return stranger === undefined ? undefined : `${id} knows ${stranger.peer}, who is nobody`;
      });
    },
  },
];
