/** What nodes say to one another. */

import * as v from 'valibot';
import { request } from '../../core/message.ts';
import { boundedList } from '../roster.ts';
import { POSITION_WORDS } from './positions.ts';

/** Longest key: it is hashed, and travels in every question about it. */
const KEY_LENGTH_MAX = 256;
/** Longest value: what is larger belongs elsewhere, and its place here. */
const VALUE_LENGTH_MAX = 8192;
/** Peers in one answer; a node reads k of them. */
const PEERS_MAX = 64;

/** A key, as people write it. */
export const key = v.pipe(v.string(), v.minLength(1), v.maxLength(KEY_LENGTH_MAX));
/** What is stored under one. */
export const value = v.pipe(v.string(), v.maxLength(VALUE_LENGTH_MAX));

/** Seconds. */
const lifetime = v.pipe(v.number(), v.minValue(0));
const word = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff));
const position = v.pipe(v.array(word), v.length(POSITION_WORDS));
const peers = boundedList(v.string(), PEERS_MAX);

/** Messages of {@link Kademlia}. Whoever asks is known by its link, so every question also says that its sender is there. */
export const messages = {
  /** Whom do you know near this position? */
  find_node: request({ target: position }, v.object({ peers })),
  /** What is stored under this key, or whom do you know near it? */
  find_value: request({ key }, v.object({ value: v.nullable(value), peers })),
  /** Keep this. False from whoever has no room. */
  store: request({ key, value }, v.boolean()),
  /** Who provides this, or whom do you know near it? */
  find_providers: request({ key }, v.object({ providers: peers, peers })),
  /** I provide this: nobody can say it of another. For how long it is to be kept, if not as long as any record. */
  add_provider: request({ key, lifetime: v.optional(lifetime) }, v.boolean()),
};
