/** What nodes say to one another. */

import * as v from 'valibot';
import { cast } from '../../core/message.ts';

/** 2⁴⁸: exact in a double, and out of reach of any honest counter. */
const COUNTER_MAX = 281_474_976_710_656;

const counter = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(COUNTER_MAX));

/** Messages of {@link PhiAccrual}. */
export const messages = {
  /** I am here. Best effort: one that waits for others to be sent again would say how they fare. */
  heartbeat: cast({ life: counter, beat: counter }, { via: 'gossip' }),
  /** I leave. */
  goodbye: cast({}, { via: 'control' }),
};
