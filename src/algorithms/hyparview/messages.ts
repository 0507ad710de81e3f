/** What nodes say to one another. */

import * as v from 'valibot';
import { cast, request } from '../../core/message.ts';
import { boundedList } from '../roster.ts';

/** More names in one shuffle are refused unread. */
const PEERS_MAX = 500;
/** No walk is longer, whoever sends it off. */
const WALK_MAX = 64;

const walk = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(WALK_MAX));
const peers = boundedList(v.string(), PEERS_MAX);

/** Messages of {@link Hyparview}. */
export const messages = {
  /** Let me in. */
  join: cast({}),
  /** Somebody was let in; its name takes so many more steps. */
  forward_join: cast({ newcomer: v.string(), walk }),
  /** Be my neighbour; an urgent wish, of one that has none, is never refused. */
  neighbor: cast({ urgent: v.boolean() }),
  neighbor_reply: cast({ accepted: v.boolean() }),
  /** I need your place for somebody else. */
  disconnect: cast({}),
  /** Names for your passive view, or for whoever the walk ends at. */
  shuffle: cast({ origin: v.string(), peers, walk }),
  shuffle_reply: cast({ peers }),
  /** Are you there, and am I your neighbour? The paper's connections say so by being open. */
  alive: request({}, v.boolean()),
};

/** What goes up, to a layer that spreads over these neighbours. */
export const delivers = {
  /** It has a neighbour more, or one less. */
  neighbor_up: cast({ peer: v.string() }),
  neighbor_down: cast({ peer: v.string() }),
};
