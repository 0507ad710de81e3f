/** A value with the signatures of all whose hands it went through. */

import * as v from 'valibot';
import { request } from '../../core/message.ts';
import { signed } from '../../core/signed.ts';

/**
 * One hop: its signer states that `value` reached it along `path`, the signers before it in order.
 * Because each hop repeats the whole path, hops of different chains cannot be joined to one that
 * nobody sent.
 */
export const hop = signed('Hop', {
  /** Number of the hop, from 0: as many as `path` has names. */
  hop: v.pipe(v.number(), v.integer(), v.minValue(0)),
  path: v.array(v.string()),
  value: v.string(),
});

/** A signed hop. */
export type Hop = v.InferOutput<typeof hop>;

/** Messages of {@link MessageChain}. */
export const messages = {
  /**
   * A chain, signed by its sender last. It is answered when everything that it caused has been
   * answered.
   */
  bundle: request({ chain: v.array(hop) }, v.null()),
};
