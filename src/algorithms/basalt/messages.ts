/** What nodes say to one another. */

import * as v from 'valibot';
import { cast, request } from '../../core/message.ts';
import { boundedList } from '../roster.ts';

/** A longer view is refused unread: each name in it is ranked by every slot. */
const PEERS_MAX = 2_000;

const peers = boundedList(v.string(), PEERS_MAX);

/** Messages of {@link Basalt}. */
export const messages = {
  /** Whom do you know? */
  pull: request({}, peers),
  /** These are whom I know. */
  push: cast({ view: peers }, { via: 'gossip' }),
};

/** What it delivers to the layer above. */
export const delivers = {
  /** A peer, as good as drawn from all nodes. */
  sample: cast({ peer: v.string() }),
};
