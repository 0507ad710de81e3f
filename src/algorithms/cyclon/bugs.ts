/** Mistakes that are made in Cyclon. */

import { bug } from '../../core/bug.ts';
import { mergeBuffer } from '../gbps/merge-buffer.ts';
import { lattice, network } from '../gbps/scenarios.ts';
import { Cyclon } from './cyclon.ts';

/** Bugs of {@link Cyclon}. */
export const bugs = [
  bug(Cyclon, {
    name: 'keep-own-descriptor',
    title: 'Its own descriptor is kept',
    story:
      'A shuffle brings back what others have of the node itself, and the view is to leave it out.',
    replaces: {
      mergeBuffer: (views, node, _self, ...rest) => mergeBuffer(views, node, -1, ...rest),
    },
    violates: 'Nobody is in its own view',
    shows: { config: network(6, 'view_size: 4', lattice(6, 2)) },
    seeds: 10,
  }),
];
