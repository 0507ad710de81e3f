/** The three kinds of message, and how the layers around the algorithm speak to it. */

import * as v from 'valibot';
import { cast, request } from '../../core/message.ts';

/** Whose broadcast it is, and what the sender of this message holds its value to be. */
const claim = { origin: v.string(), value: v.string() };

/** Messages of {@link Bracha}. */
export const messages = {
  /** The origin says its value. Bracha’s `initial`. Valid from the origin alone. */
  send: cast(claim),
  /** `The origin told me this value.` One from each node counts. */
  echo: cast(claim),
  /** `I know that no other value can be delivered.` One from each node counts. */
  ready: cast(claim),
};

/** What it delivers to the layer above. */
export const delivers = {
  /** Every correct node delivers the same value for an origin, or none does. */
  delivered: cast(claim),
};

/** What the layer above may ask. */
export const calls = {
  /** Broadcasts a value, once for each node; refused the second time. */
  broadcast: request({ value: v.string() }, v.null()),
};
