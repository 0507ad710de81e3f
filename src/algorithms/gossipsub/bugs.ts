/** Mistakes that are made in gossipsub. */

import { bug, GOOD_END } from '../../core/bug.ts';
import { DELIVERED_ONCE } from '../dissemination/invariants.ts';
import { group } from '../dissemination/scenarios.ts';
import { delivered } from '../dissemination/verdicts.ts';
import { nodeNames } from '../verdict.ts';
import { Gossipsub } from './gossipsub.ts';
import { MESH_IN_BOUNDS } from './invariants.ts';
import { small } from './scenarios.ts';

const all = { topics: ['news'], flood_publish: false, ...small };
const ten = {
  config: group(10, all, { n1: { publishes: 5 } }),
  faults: { latency: '1-30' },
};

/** Bugs of {@link Gossipsub}. */
export const bugs = [
  bug(Gossipsub, {
    name: 'forget-what-was-seen',
    title: 'Whatever comes is new',
    story: 'Without a memory a publication runs round the mesh for ever.',
    replaces: { noveltyOf: () => 'new' },
    violates: DELIVERED_ONCE,
    shows: ten,
    seeds: 5,
  }),
  bug(Gossipsub, {
    name: 'keep-everybody',
    title: 'A mesh never shrinks',
    story:
      'Whoever grafts is let in and nobody is put out again: the popular have everybody in their mesh, and publish to all.',
    replaces: { graftAnswer: () => 'accept', staying: (ranked) => new Set(ranked) },
    violates: MESH_IN_BOUNDS,
    shows: ten,
    seeds: 20,
  }),
  bug(Gossipsub, {
    name: 'no-gossip',
    title: 'The mesh alone',
    story:
      'Nobody outside is told what there was. What the mesh loses is lost: with a tenth of all messages gone somebody misses something.',
    replaces: { lazyCount: () => 0 },
    violates: GOOD_END,
    shows: {
      config: group(10, { ...all, D_lazy: 6 }, { n1: { publishes: 20 } }),
      faults: { latency: '1-30', loss: '10%' },
      ends: (result) => delivered(result, 'news', nodeNames(10), { n1: 20 }),
    },
    seeds: 20,
  }),
];
