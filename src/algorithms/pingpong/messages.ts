/** The ball, on its way out and on its way back. */

import * as v from 'valibot';
import { cast, request } from '../../core/message.ts';

/** Number of a round, from 0. */
const sequence = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Messages of {@link PingPong}. */
export const messages = {
  /** A serve. Its sender waits for the answer `ACK_Ping_<sequence>`. */
  ping: request({ sequence }, v.string()),
  /** The ball comes back. Nobody waits for an answer to it. */
  pong: cast({ sequence }),
};
