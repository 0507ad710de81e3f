/** What the two layers send: the lower one anything, the upper one two kinds of payload. */

import * as v from 'valibot';
import { anyValue } from '../../core/any-value.ts';
import { cast, request } from '../../core/message.ts';

/** Anything that may travel: whoever carries it need not know what it is. */
const payload = anyValue();

/** Messages of the lower layer, {@link SimpleBroadcast}. */
export const messages = {
  /** A payload for the layer above, answered when that layer has it. */
  data: request({ payload }, v.null()),
};

/** What the lower layer delivers. */
export const delivers = {
  /** `from` broadcast `payload`. */
  got: cast({ from: v.string(), payload }),
};

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What the upper layer puts into a payload. */
export const upperMessage = v.variant('kind', [
  /** One of the texts, with its number from 0. */
  v.object({ kind: v.literal('send'), index: count, text: v.string() }),
  /** That was all: so many texts. */
  v.object({ kind: v.literal('echo'), sends: count }),
]);

/** A payload of the upper layer. */
export type UpperMessage = v.InferOutput<typeof upperMessage>;
