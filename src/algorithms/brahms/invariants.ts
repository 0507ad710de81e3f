/** What must be true at every moment. */

import type { NodeId } from '../../core/id.ts';
import type { Invariant } from '../../core/invariant.ts';
import { firstOf, withState } from '../verdict.ts';

/** What a node of this chapter shows of itself. */
export interface VisibleState {
  readonly view_size: number;
  readonly view: readonly NodeId[];
  /** What each sampler holds; null for one that has heard of nobody. */
  readonly samples: readonly (NodeId | null)[];
  readonly pushes: number;
  readonly push_limit: number;
  /** What the last round brought. */
  readonly last: { readonly pushes: number; readonly renewed: boolean };
  readonly rounds: number;
  readonly blocked: number;
  readonly renewals: number;
  readonly refused: number;
}

/** Invariants of {@link Brahms}. */
export const invariants: readonly Invariant<VisibleState>[] = [
  {
    name: 'A view has view_size peers at most',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) => {
        if (state.view.length <= state.view_size) return undefined;
        return `${id} has ${state.view.length}, and its view_size is ${state.view_size}`;
      }),
  },
  {
    name: 'Nobody is in its own view or samples',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        state.view.includes(id) || state.samples.includes(id) ? `${id} knows itself` : undefined,
      ),
  },
  {
    name: 'A round with too many pushes does not renew the view',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) => {
        const { pushes, renewed } = state.last;
        if (!renewed || pushes <= state.push_limit) return undefined;
        return `${id} renewed its view after ${pushes} pushes, and ${state.push_limit} are allowed`;
      }),
  },
];
