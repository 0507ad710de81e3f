/** What nodes say to one another. Control messages have a class of their own on the link: they never wait behind bulk. */

import * as v from 'valibot';
import { cast } from '../../core/message.ts';
import {
  hopCount,
  HOPS_MAX,
  publication,
  publicationId,
  topicName,
} from '../dissemination/interface.ts';
import { commonMessages } from '../dissemination/peers.ts';
import { boundedList } from '../roster.ts';

/** Publications named in one message. */
export const IDS_MAX = 1000;

const control = { via: 'control' } as const;
const round = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(HOPS_MAX));

/** A publication that is named, and how far it has come to whoever names it. */
export const announcement = v.object({ topic: topicName, id: publicationId, round });

/** Messages of {@link Plumtree}. */
export const messages = {
  ...commonMessages,
  /** GOSSIP: a publication, as its origin signed it, and how far it has come. */
  carry: cast({ publication, hops: hopCount }),
  /** IHAVE: these have come here. */
  ihave: cast({ ids: boundedList(announcement, IDS_MAX) }, control),
  /** GRAFT: be my neighbour in the tree, and send me this one if I miss one. */
  graft: cast({ missing: v.nullable(announcement) }, control),
  /** PRUNE: I have it from another; tell me in future only that you have something. */
  prune: cast({}, control),
};
