/** The one message of the echo chapter, and its answer. */

import * as v from 'valibot';
import { request } from '../../core/message.ts';

/** What is called out. */
export const WORDS = 'Hello world!';

/** A call and its echo have the same form: who says it, and what. */
const fields = { sender: v.string(), message: v.string() };

/** Messages of {@link Echo}. */
export const messages = {
  /** A start node calls; whoever hears it answers with the same words under its own name. */
  message: request(fields, v.object(fields)),
};
