/** What nodes say to one another. */

import * as v from 'valibot';
import { cast, request } from '../../core/message.ts';
import { hopCount, publication, publicationId, topicName } from '../dissemination/interface.ts';
import { commonMessages } from '../dissemination/peers.ts';
import { boundedList } from '../roster.ts';

/** Publications named in one message; a round names no more, and the rest is for others to name. */
export const IDS_MAX = 1000;

const ids = boundedList(publicationId, IDS_MAX);

/** Messages of {@link Gossip}. */
export const messages = {
  ...commonMessages,
  /** A rumour: a publication, as its origin signed it, and how far it has come. */
  carry: cast({ publication, hops: hopCount }),
  /** A round: these publications of the topic were here of late. */
  recent: cast({ topic: topicName, ids }, { via: 'control' }),
  /** The answer, if there is one: these I have missed. */
  want: cast({ topic: topicName, ids }, { via: 'control' }),
  /** How long does it take to you and back? */
  probe: request({}, v.null(), { via: 'control' }),
};
