/** What nodes say in a round. */

import * as v from 'valibot';
import { cast, request } from '../../core/message.ts';
import { boundedList } from '../roster.ts';

/** A longer view is refused unread. */
const PEERS_MAX = 2_000;

/** Messages of {@link Brahms}. */
export const messages = {
  /** Here I am. A limited push: the protocol counts them. */
  push: cast({}, { via: 'gossip' }),
  /** Whom do you know? */
  pull: request({}, boundedList(v.string(), PEERS_MAX)),
  /** Are you there? Asked for a sampler that holds you. */
  probe: request({}, v.null()),
};
