/** What nodes say to one another. */

import * as v from 'valibot';
import { cast, request } from '../../core/message.ts';
import { boundedList } from '../roster.ts';

/** News in one message; a datagram of SWIM has about as many. */
export const NEWS_MAX = 32;
/** Lines of a table in one message. More nodes than that want a partial view, not the table of all. */
const TABLE_MAX = 10_000;
/** 2⁴⁸: far more refutations than a node can live to make, and exact in a double with room to count on. */
const INCARNATION_MAX = 281_474_976_710_656;

const incarnation = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(INCARNATION_MAX));

/** What there is to say of a node. The order is that in which they override one another. */
export const STATUSES = ['alive', 'suspect', 'dead', 'left'] as const;

/** See {@link STATUSES}. */
export type Status = (typeof STATUSES)[number];

const newsItem = v.object({
  node: v.string(),
  status: v.picklist(STATUSES),
  /** The node's own number of the life, or the refutation, that this is about. */
  incarnation,
  /** Who says so; suspicions of different nodes count. */
  by: v.string(),
});

/** One piece of news. */
export type News = v.InferOutput<typeof newsItem>;

const news = boundedList(newsItem, NEWS_MAX);
const table = boundedList(
  v.object({ node: v.string(), status: v.picklist(STATUSES), incarnation }),
  TABLE_MAX,
);

/** A line of a table. */
export type Line = v.InferOutput<typeof table>[number];

/**
 * Messages of {@link Swim}. Probes are best effort: one that waits behind bulk data, or is sent again until it arrives, would measure
 * something else.
 */
export const messages = {
  /** Are you there? */
  ping: request({ news }, v.object({ news }), { via: 'gossip' }),
  /** Is it there? Ask it for me. The answer says whether it answered; a no says that the asker's own links work. */
  ping_req: request({ target: v.string(), news }, v.object({ reached: v.boolean(), news }), {
    via: 'gossip',
  }),
  /** News alone, between probes. */
  gossip: cast({ news }, { via: 'gossip' }),
  /** All that I know, for all that you know. */
  sync: request({ table }, v.object({ table }), { via: 'control' }),
  /** I leave: news about the sender, to whoever it can still reach. */
  goodbye: cast({ incarnation }, { via: 'control' }),
};
