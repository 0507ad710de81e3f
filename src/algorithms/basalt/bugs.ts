/** Mistakes that are made in Basalt. */

import { bug } from '../../core/bug.ts';
import { network } from '../gbps/scenarios.ts';
import { Basalt } from './basalt.ts';
import { offer } from './slots.ts';

/** Bugs of {@link Basalt}. */
export const bugs = [
  bug(Basalt, {
    name: 'forget-the-hit',
    title: 'A new peer begins unhit',
    story:
      'Who enters a slot has been named once. Without that hit the newest names are contacted first, ' +
      'and whoever names new friends all the time is contacted most.',
    replaces: {
      offer: (slots, node, ...rest) => {
        const before = Array.from(slots.peers);
        const evaluations = offer(slots, node, ...rest);
        before.forEach((peer, at) => {
          if (slots.peers[at] !== peer) slots.hits[at] = 0;
        });
        return evaluations;
      },
    },
    violates: 'A filled slot was hit at least once',
    shows: { config: network(6, 'view_size: 4, refresh: 1') },
    seeds: 10,
  }),
];
