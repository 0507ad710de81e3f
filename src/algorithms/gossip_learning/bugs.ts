/** Mistakes that are made in gossip learning. */

import { bug } from '../../core/bug.ts';
import { applicationNetwork } from '../application-verdict.ts';
import { GossipLearning } from './gossip-learning.ts';

const five = {
  config: applicationNetwork(5, {
    app: 'elapsed_time: 0.2, cycles: 25, tests: 20, exchange: push, probability: 1',
    sampling: 'algorithm: gbps, delay: 0.5',
  }),
};

/** Bugs of {@link GossipLearning}. */
export const bugs = [
  bug(GossipLearning, {
    name: 'merge-copies',
    title: 'A copy of a message counts again',
    story: 'The network doubles messages; whoever merges both gives one sender twice its due.',
    replaces: { isNews: () => true },
    violates: 'A model is merged once for each time that it was sent',
    shows: five,
    seeds: 20,
  }),
  bug(GossipLearning, {
    name: 'add-models',
    title: 'Models are added, not averaged',
    story: 'Weights double with each exchange, and soon say nothing but how often.',
    replaces: { merged: (own, received) => own.map((weight, at) => weight + received[at]!) },
    violates: 'Models stay small',
    shows: five,
    seeds: 10,
  }),
];
