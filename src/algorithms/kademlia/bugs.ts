/** Mistakes that are made in Kademlia. */

import { bug } from '../../core/bug.ts';
import { Kademlia } from './kademlia.ts';
import { rules } from './rules.ts';
import { network } from './scenarios.ts';

const twelve = { config: network(12, 'k: 2') };

/** Bugs of {@link Kademlia}. */
export const bugs = [
  bug(Kademlia, {
    name: 'buckets-without-end',
    title: 'A bucket always has room',
    story:
      'Half of all nodes belong into the first bucket. Without a bound every node ends up knowing ' +
      'everybody, and whoever floods a node with names owns its table.',
    replaces: { hasRoom: () => true },
    violates: 'No bucket is larger than k',
    shows: twelve,
    seeds: 10,
  }),
  bug(Kademlia, {
    name: 'one-bit-off',
    title: 'The bucket is counted from one',
    story:
      'The number of leading bits in common, plus one: everything seems to work, and every bucket ' +
      'holds those of another distance than a refresh of it looks for.',
    replaces: { bucketOf: (own, other) => rules.bucketOf(own, other) + 1 },
    violates: 'Every contact lies in the bucket of its distance',
    shows: twelve,
    seeds: 5,
  }),
  bug(Kademlia, {
    name: 'everybody-at-once',
    title: 'A lookup asks all that it knows at once',
    story:
      'Quick, and k times the messages: what is parallel without a bound hides that most of the ' +
      'questions were for nothing.',
    replaces: { mayAsk: () => true },
    violates: 'No lookup asks more than α at once',
    shows: { config: network(12, 'k: 8, alpha: 2') },
    seeds: 10,
  }),
];
