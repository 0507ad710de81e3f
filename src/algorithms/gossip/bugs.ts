/** Mistakes that are made in gossip. */

import { bug } from '../../core/bug.ts';
import { DELIVERED_ONCE } from '../dissemination/invariants.ts';
import { group } from '../dissemination/scenarios.ts';
import { Gossip } from './gossip.ts';
import { FANOUT_IN_BOUNDS } from './invariants.ts';

const twelve = {
  config: group(12, { topics: ['news'] }, { n1: { publishes: 3 } }),
  faults: { latency: '1-30' },
};

/** Bugs of {@link Gossip}. */
export const bugs = [
  bug(Gossip, {
    name: 'forget-what-was-seen',
    title: 'Whatever comes is new',
    story: 'Without a memory a rumour is told for ever, and heard again and again.',
    replaces: { noveltyOf: () => 'new' },
    violates: DELIVERED_ONCE,
    shows: twelve,
    seeds: 5,
  }),
  bug(Gossip, {
    name: 'tell-everybody',
    title: 'The fanout grows with the peers',
    story: 'Two thirds of all peers are told each time: in a large network that is a flood.',
    replaces: { fanoutFor: (peers) => Math.max(2, Math.ceil(peers / 1.5)) },
    violates: FANOUT_IN_BOUNDS,
    shows: twelve,
    seeds: 5,
  }),
];
