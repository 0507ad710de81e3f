/** What must be true at every moment. */

import type { NodeId } from '../../core/id.ts';
import type { Invariant } from '../../core/invariant.ts';
import { firstOf, withState } from '../verdict.ts';

/** What a node of this chapter shows of itself. */
export interface VisibleState {
  readonly active_size: number;
  readonly passive_size: number;
  readonly active: readonly NodeId[];
  readonly passive: readonly NodeId[];
  readonly cycles: number;
  readonly shuffles: number;
  readonly failures: number;
  readonly refused: number;
}

/** Invariants of {@link Hyparview}. */
export const invariants: readonly Invariant<VisibleState>[] = [
  {
    name: 'No view is larger than it may be',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) => {
        const { active, passive, active_size, passive_size } = state;
        if (active.length > active_size) return `${id} has ${active.length} neighbours`;
        return passive.length > passive_size ? `${id} keeps ${passive.length} names` : undefined;
      }),
  },
  {
    name: 'Nobody is in its own views',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) =>
        state.active.includes(id) || state.passive.includes(id) ? `${id} knows itself` : undefined,
      ),
  },
  {
    name: 'A peer is once in one of the two views',
    check: (view) =>
      firstOf(withState(view), ({ id, state }) => {
        const all = [...state.active, ...state.passive];
        const twice = all.find((peer, at) => all.indexOf(peer) !== at);
        return twice === undefined ? undefined : `${id} has ${twice} twice`;
      }),
  },
];
