/** What is said: a whole vector. */

import * as v from 'valibot';
import { cast } from '../../core/message.ts';
import { boundedList } from '../roster.ts';

/** Longer vectors are refused: a message would not fit the links' frames any more. */
export const DIMENSIONS_MAX = 10_000;

const finite = v.pipe(v.number(), v.finite());

/** A list of finite numbers. */
export const numbers = boundedList(finite, DIMENSIONS_MAX);

/** Messages of {@link ShareVec}. */
export const messages = { vector: cast({ vector: numbers }, { via: 'gossip' }) };
