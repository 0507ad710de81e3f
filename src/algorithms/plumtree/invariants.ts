/** What must be true at every moment. */

import type { NodeId } from '../../core/id.ts';
import type { Invariant } from '../../core/invariant.ts';
import { commonInvariants } from '../dissemination/invariants.ts';
import type { CommonVisible } from '../dissemination/visible.ts';
import { firstOf, withState } from '../verdict.ts';
import { MISSING_MAX } from './state.ts';

/** What a node of this chapter shows of itself. */
export interface VisibleState extends CommonVisible {
  readonly eager: readonly NodeId[];
  readonly lazy: readonly NodeId[];
  /** Publications that were named and have not come. */
  readonly missing: number;
  readonly kept: number;
  readonly hops: { readonly max: number; readonly sum: number; readonly count: number };
  readonly control: Readonly<Record<string, number>>;
}

/** Invariants of {@link Plumtree}. */
export const invariants: readonly Invariant<VisibleState>[] = [
  ...commonInvariants,
  {
    name: 'A neighbour is in the tree or outside, and nobody its own',
    check: (view) =>
      firstOf(withState(view), ({ id, state: { eager, lazy } }) => {
        const both = eager.find((peer) => lazy.includes(peer));
        if (both !== undefined) return `${both} is in the tree of ${id} and outside`;
        return eager.includes(id) || lazy.includes(id) ? `${id} is its own neighbour` : undefined;
      }),
  },
  {
    name: 'What is waited for is bounded',
    check: (view) =>
      firstOf(withState(view), ({ id, state: { missing } }) =>
        missing <= MISSING_MAX ? undefined : `${id} waits for ${missing} publications`,
      ),
  },
];
