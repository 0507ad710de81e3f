/** What two nodes say to one another. */

import * as v from 'valibot';
import { cast } from '../../core/message.ts';

const finite = v.pipe(v.number(), v.finite());
const number = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Messages of {@link GossipAverage}. */
export const messages = {
  /** My value, for yours: let both of us have the mean. Numbered by who asks, and asked again under the same number. */
  offer: cast({ number, value: finite }),
  /** The value that the answering node had; null: ask somebody else, I wait for an answer myself. */
  answer: cast({ number, value: v.nullable(finite) }),
  /** Push-sum: all that this node has ever given to that one. */
  share: cast({
    number,
    sum: finite,
    weight: v.pipe(finite, v.minValue(0)),
  }),
};
