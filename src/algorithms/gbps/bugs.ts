/** Mistakes that are made in peer sampling. */

import { bug } from '../../core/bug.ts';
import { Gbps } from './gbps.ts';
import { mergeBuffer } from './merge-buffer.ts';
import { lattice, network } from './scenarios.ts';

const six = { config: network(6, 'view_size: 4, heal: 0, swap: 2', lattice(6, 2)) };

/** Bugs of {@link Gbps}. */
export const bugs = [
  bug(Gbps, {
    name: 'keep-own-descriptor',
    title: 'Its own descriptor is kept',
    story:
      'What a node sent of itself comes back from others. Kept in the view, it is a peer that ' +
      'nobody can gossip with.',
    replaces: {
      mergeBuffer: (views, node, _self, ...rest) => mergeBuffer(views, node, -1, ...rest),
    },
    violates: 'Nobody is in its own view',
    shows: six,
    seeds: 10,
  }),
];
