/** The two phases, each a question and its answer, and the result. */

import * as v from 'valibot';
import { cast, request } from '../../core/message.ts';
import { ballotSchema, proposalSchema } from './ballot.ts';

/** Messages of {@link Paxos}, in the order in which a round sends them. */
export const messages = {
  /** Phase 1a. `Promise me to take part in no lower ballot than this.` */
  prepare: cast({ ballot: ballotSchema }),
  /** Phase 1b. `I promise; and this is what I accepted last, if anything.` */
  promise: cast({ ballot: ballotSchema, accepted: v.nullable(proposalSchema) }),
  /** Phase 2a. `Accept this value.` */
  accept: cast({ ballot: ballotSchema, value: v.string() }),
  /** Phase 2b. `I have accepted it.` */
  accepted: cast({ ballot: ballotSchema }),
  /** `A majority has accepted this value in this ballot.` */
  decided: cast({ ballot: ballotSchema, value: v.string() }),
};

/** What it delivers to the layer above. */
export const delivers = {
  /** The value that was chosen, once. */
  chosen: cast({ value: v.string() }),
};

/** What the layer above may ask. */
export const calls = {
  /** Proposes a value; answered with the one that is chosen, which may be another's. */
  propose: request({ value: v.string() }, v.string()),
};
