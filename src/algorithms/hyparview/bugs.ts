/** Mistakes that are made in HyParView. */

import { bug } from '../../core/bug.ts';
import { network } from '../gbps/scenarios.ts';
import { Hyparview } from './hyparview.ts';

/** Bugs of {@link Hyparview}. */
export const bugs = [
  bug(Hyparview, {
    name: 'no-room-made',
    title: 'A newcomer is let in, and nobody goes',
    story:
      'Everybody joins through one door. If it makes no room, all are its neighbours, and what was ' +
      'to be a few connections each is a star.',
    replaces: {
      onJoin: (me, newcomer, step) => {
        if (!me.active.includes(newcomer)) me.active.push(newcomer);
        for (const peer of me.active) {
          if (peer !== newcomer) step.out.forwardJoin(peer, newcomer, step.rules.activeWalk);
        }
      },
    },
    violates: 'No view is larger than it may be',
    shows: { config: network(10, 'active_size: 3, passive_size: 9') },
    seeds: 10,
  }),
];
