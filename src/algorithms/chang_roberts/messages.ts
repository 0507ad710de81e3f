/** What travels around the ring, always to the next node. */

import * as v from 'valibot';
import { cast } from '../../core/message.ts';

/** Messages of {@link ChangRoberts}. */
export const messages = {
  /**
   * Somebody's candidature. `hops` counts the links it has come over: the paper does without, we
   * use it to notice a ring that is none.
   */
  election: cast({
    elector: v.pipe(v.number(), v.integer()),
    hops: v.pipe(v.number(), v.integer(), v.minValue(1)),
  }),
  /** The result, once around. */
  elected: cast({ leader: v.pipe(v.number(), v.integer()) }),
};
