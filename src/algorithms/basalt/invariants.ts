/** What must be true at every moment. */

import type { NodeId } from '../../core/id.ts';
import type { Invariant } from '../../core/invariant.ts';
import { firstOf, withState } from '../verdict.ts';

/** What a node of this chapter shows of itself. */
export interface VisibleState {
  readonly view_size: number;
  /** The peer of each slot; null in an empty one. */
  readonly view: readonly (NodeId | null)[];
  readonly hits: readonly number[];
  readonly cycles: number;
  readonly sampled: number;
  readonly unanswered: number;
  readonly refused: number;
}

/** Invariants of {@link Basalt}. */
export const invariants: readonly Invariant<VisibleState>[] = [
  {
    name: 'A view has view_size slots',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) => {
        if (state.view.length === state.view_size) return undefined;
        return `${id} has ${state.view.length} slots, and its view_size is ${state.view_size}`;
      }),
  },
  {
    name: 'Nobody is in its own view',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        state.view.includes(id) ? `${id} knows itself` : undefined,
      ),
  },
  {
    name: 'A filled slot was hit at least once',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) => {
        const at = state.view.findIndex((peer, slot) => peer !== null && state.hits[slot]! < 1);
        return at < 0 ? undefined : `${id} holds ${state.view[at]} in slot ${at + 1}, unhit`;
      }),
  },
  {
    name: 'Whoever knows somebody has no empty slot',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) => {
        const empty = state.view.filter((peer) => peer === null).length;
        if (empty === 0 || empty === state.view.length) return undefined;
        return `${id} has ${empty} empty slots beside ${state.view.length - empty} filled ones`;
      }),
  },
];
