/** What must be true of all vectors at every moment. */

import type { NodeId } from '../../core/id.ts';
import type { Invariant } from '../../core/invariant.ts';
import { firstOf, withState } from '../verdict.ts';
import type { ShareVecState } from './share-vec.ts';

/** What a node of this chapter shows of itself. */
export interface VisibleState extends ShareVecState {
  readonly view: readonly NodeId[];
  /** Whom its failure detector has given up, where it has one. */
  readonly missed?: readonly NodeId[];
  readonly cycle: number;
}

/** What rounding may add to a mean of two numbers, as a part of them. */
const ROUNDING = 1e-12;

/** Invariants of {@link ShareVec}. */
export const invariants: readonly Invariant<VisibleState>[] = [
  {
    name: 'A vector is as long as it was',
    check: (view) =>
      firstOf(withState(view), ({ id, state: { vector, initial } }) =>
        vector.length === initial.length
          ? undefined
          : `${id} has ${vector.length} numbers, and had ${initial.length}`,
      ),
  },
  {
    name: 'Every number lies among those that the nodes began with',
    check: (view) => {
      const nodes = withState(view);
      const longest = Math.max(0, ...nodes.map(({ state }) => state.initial.length));
      const limits = Array.from({ length: longest }, (_, at) => limitsOf(nodes, at));
      // A liar may say any number, and a mean with it may then be any.
      if (view.nodes.some(({ fault }) => fault === 'byzantine')) return undefined;
      return firstOf(nodes, ({ id, state }) =>
        firstOf(state.vector.entries(), ([at, value]) => {
          const { low, high } = limits[at]!;
          const slack = ROUNDING * Math.max(Math.abs(low), Math.abs(high));
          if (value >= low - slack && value <= high + slack) return undefined;
          return `${id} has ${value} in place ${at}, and all began between ${low} and ${high}`;
        }),
      );
    },
  },
];

function limitsOf(nodes: readonly { readonly state: VisibleState }[], at: number) {
  const values = nodes.flatMap(({ state: { initial } }) => initial[at] ?? []);
  return { low: Math.min(...values), high: Math.max(...values) };
}
