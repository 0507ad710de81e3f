/** What two nodes say to one another in an exchange. */

import * as v from 'valibot';
import { cast, request } from '../../core/message.ts';
import { boundedList } from '../roster.ts';
import { AGE_MAX } from './descriptor.ts';

/** More in one message are refused unread: half of the largest view that makes sense is far below. */
const DESCRIPTORS_MAX = 1_000;

/** Who, and how many cycles ago it was heard of. */
const descriptor = v.object({
  peer: v.string(),
  age: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(AGE_MAX)),
});

const descriptors = boundedList(descriptor, DESCRIPTORS_MAX);

/** A descriptor on the wire. */
export type Descriptor = v.InferOutput<typeof descriptor>;

/** Messages of {@link Gbps}. */
export const messages = {
  /** Push and pull: half of my view, for half of yours. */
  exchange: request({ view: descriptors }, descriptors),
  /** Push alone. */
  push: cast({ view: descriptors }, { via: 'gossip' }),
};
