/** What the nodes say to one another. */

import * as v from 'valibot';
import { cast } from '../../core/message.ts';

/** Messages of {@link ChapterName}. This record is all that its nodes can send; what does not fit it is dropped. */
export const messages = {
  /** Something that everybody should hear, and how many steps it has come. */
  rumour: cast({ text: v.string(), hops: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
};
