/** The decisions of averaging. */

import { answerBefore, canAccept, meanOf } from './push-pull.ts';
import { newIn } from './push-sum.ts';

/** Rules of {@link GossipAverage}. */
export const rules = { meanOf, canAccept, answerBefore, newIn };
