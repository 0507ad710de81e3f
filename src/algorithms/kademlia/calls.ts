/** What the layer above may ask. */

import * as v from 'valibot';
import { request } from '../../core/message.ts';
import { key, value } from './messages.ts';

/** Calls of {@link Kademlia}. */
export const calls = {
  /** The nodes closest to a key, the closest first. */
  closest: request({ key }, v.array(v.string())),
  /** Stores a value at the nodes closest to its key; answers how many keep it. */
  put: request({ key, value }, v.number()),
  /** What is stored under the key; null where nobody has it. */
  get: request({ key }, v.nullable(value)),
  /** Says that this node provides what the key names; answers how many know it. */
  provide: request({ key }, v.number()),
  /** Who does. */
  providers: request({ key }, v.array(v.string())),
};
