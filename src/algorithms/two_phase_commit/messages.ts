/** Two questions of the coordinator, and their answers. */

import * as v from 'valibot';
import { cast } from '../../core/message.ts';

/** Messages of {@link TwoPhaseCommit}, in the order in which a transaction sends them. */
export const messages = {
  /** Phase 1, from the coordinator: `Can you commit?` */
  prepare: cast({}),
  /** The answer. Whoever says yes can do either from now on, and decides nothing by itself any more. */
  vote: cast({ yes: v.boolean() }),
  /** Phase 2, from the coordinator: what is to be done. */
  decision: cast({ commit: v.boolean() }),
  /** `Done, and stored.` */
  ack: cast({}),
};
