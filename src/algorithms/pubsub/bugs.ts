/** Mistakes that are made in publish and subscribe. */

import { bug, GOOD_END } from '../../core/bug.ts';
import { PubSub } from './pubsub.ts';
import { members } from './scenarios.ts';

const chat = {
  config: members(
    3,
    'registry_by: local, publish: 6, publish_interval: 30, subscribe: [{ pattern: news, history: true }], expect: 18',
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
    violates:
      'Causal order: what its author had when it published a message is delivered before it',
    shows: chat,
    seeds: 30,
  }),
  bug(PubSub, {
    name: 'skip-places',
    title: 'What has not come is stepped over',
    story:
      'In total order, too, the next in line is late now and then; who goes on without it never delivers it.',
    replaces: { waitsForPlace: () => false },
    violates: GOOD_END,
    shows: {
      config: members(
        3,
        "publish: 5, publish_interval: 60, subscribe: [{ pattern: '#', order: total, history: true }], expect: 15",
      ),
    },
    seeds: 60,
  }),
  bug(PubSub, {
    name: 'send-before-storing',
    title: 'Sent first, stored later',
    story:
      'A crash forgets what was sent but not stored: the author goes on with a lower number, and gives it to another message.',
    replaces: { storesFirst: () => false },
    violates: 'No creation: what is delivered was published, and to a topic of the subscription',
    shows: {
      config: members(
        3,
        'registry_by: local, publish: 25, publish_interval: 60, subscribe: [{ pattern: news, history: true }], expect: 75',
      ),
      faults: {
        latency: '1-10',
        crashes: [{ node: 'n1', every: '500ms', for: '100-300ms', disk: 'unsynced' }],
        disk: { sync: '60-120ms' },
        heal: '4s',
      },
    },
    seeds: 60,
  }),
];
