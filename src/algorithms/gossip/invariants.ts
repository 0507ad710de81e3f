/** What must be true at every moment. */

import type { Invariant } from '../../core/invariant.ts';
import { commonInvariants } from '../dissemination/invariants.ts';
import type { CommonVisible } from '../dissemination/visible.ts';
import { firstOf, withState } from '../verdict.ts';
import { INTERVAL } from './rules.ts';

/** What a node of this chapter shows of itself. */
export interface VisibleState extends CommonVisible {
  readonly fanout: number;
  /** Seconds. */
  readonly interval: number;
  readonly rounds: number;
  /** Publications kept for those who missed them. */
  readonly kept: number;
}

/** Nobody tells everybody. */
export const FANOUT_IN_BOUNDS = 'A rumour is told to two peers at least and to six at most';

/** Invariants of {@link Gossip}. */
export const invariants: readonly Invariant<VisibleState>[] = [
  ...commonInvariants,
  {
    name: FANOUT_IN_BOUNDS,
    check: (view) =>
      firstOf(withState(view), ({ id, state: { fanout } }) =>
        fanout >= 2 && fanout <= 6 ? undefined : `${id} tells ${fanout}`,
      ),
  },
  {
    name: 'Rounds are half a second to five seconds apart',
    check: (view) =>
      firstOf(withState(view), ({ id, state: { interval } }) =>
        interval >= INTERVAL.min && interval <= INTERVAL.max
          ? undefined
          : `the rounds of ${id} are ${interval} s apart`,
      ),
  },
];
