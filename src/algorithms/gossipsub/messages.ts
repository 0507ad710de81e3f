/** What nodes say to one another. Control messages have a class of their own on the link: they never wait behind bulk. */

import * as v from 'valibot';
import { cast } from '../../core/message.ts';
import { hopCount, publication, publicationId, topicName } from '../dissemination/interface.ts';
import { commonMessages } from '../dissemination/peers.ts';
import { boundedList } from '../roster.ts';

/** Publications named in one message. */
export const IDS_MAX = 5000;

/** Peers named in a prune; more are refused unread. */
const PEERS_MAX = 100;

/** A back-off of more than a day is somebody's mistake. */
const BACKOFF_SECONDS_MAX = 86_400;

const control = { via: 'control' } as const;
const ids = boundedList(publicationId, IDS_MAX);
const named = boundedList(v.object({ topic: topicName, id: publicationId }), IDS_MAX);
const backoff = v.pipe(v.number(), v.minValue(0), v.maxValue(BACKOFF_SECONDS_MAX));

/** Messages of {@link Gossipsub}. */
export const messages = {
  ...commonMessages,
  /** A publication, as its origin signed it, and how far it has come. */
  carry: cast({ publication, hops: hopCount }),
  /** You are in my mesh: let me be in yours. */
  graft: cast({ topic: topicName }, control),
  /** You are not in my mesh any more; do not graft me for so many seconds, and look at these. */
  prune: cast({ topic: topicName, backoff, peers: boundedList(v.string(), PEERS_MAX) }, control),
  /** These I have had of late. */
  ihave: cast({ topic: topicName, ids }, control),
  /** Send me these. */
  iwant: cast({ ids: named }, control),
  /** Do not send me these: I have them. */
  idontwant: cast({ ids: named }, control),
};
