/** Mistakes that are made in publish and subscribe. */

import { bug } from '../../core/bug.ts';
import { PubSub } from './pubsub.ts';
import { members } from './scenarios.ts';

const chat = {
  config: members(
    3,
    'registry_by: local, publish: 6, publish_interval: 30, subscribe: [{ pattern: news }], expect: 18',
  ),
};

/** Bugs of {@link PubSub}. */
export const bugs = [
  bug(PubSub, {
    name: 'forget-dependencies',
    title: 'Nothing is waited for',
    story:
      'A message is delivered when it comes, whatever its author had heard before: the answer stands above its question.',
    replaces: { hasPassed: () => true },
    violates: 'Causal order: what its author had when it published a message is delivered before it',
    shows: chat,
    seeds: 30,
  }),
  bug(PubSub, {
    name: 'skip-places',
    title: 'What has not come is stepped over',
    story: 'In total order, too, the next in line is late now and then; who goes on without it is out of order for good.',
    replaces: { waitsForPlace: () => false },
    violates: 'Total order: no two nodes deliver the same two messages in different orders',
    shows: {
      config: members(
        3,
        "publish: 5, publish_interval: 60, subscribe: [{ pattern: '#', order: total, history: true }], expect: 15",
      ),
    },
    seeds: 60,
  }),
  bug(PubSub, {
    name: 'deliver-before-storing',
    title: 'Delivered first, stored never',
    story: 'What was delivered is not stored: a crash forgets it, anti-entropy brings it again, and it is delivered again.',
    replaces: { storesFirst: () => false },
    violates: 'No creation: what is delivered was published, and to a topic of the subscription',
    shows: chat,
    seeds: 60,
  }),
];
