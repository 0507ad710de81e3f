/** Mistakes that are made when vectors are shared. */

import { bug } from '../../core/bug.ts';
import { applicationNetwork } from '../application-verdict.ts';
import { ShareVec } from './share-vec.ts';

const four = {
  config: applicationNetwork(
    4,
    { app: 'elapsed_time: 0.2, cycles: 10', sampling: 'algorithm: gbps, delay: 0.5' },
    (at) => `vector: [${at + 1}, 1]`,
  ),
};

/** Bugs of {@link ShareVec}. */
export const bugs = [
  bug(ShareVec, {
    name: 'add-instead-of-average',
    title: 'Vectors are added, not averaged',
    story: 'Whoever forgets to halve has more after each message than anybody brought.',
    replaces: { averaged: (own, received) => own.map((value, at) => value + received[at]!) },
    violates: 'Every number lies among those that the nodes began with',
    shows: four,
    seeds: 10,
  }),
  bug(ShareVec, {
    name: 'append-instead-of-average',
    title: 'What comes is appended',
    story: 'A list in a language where + joins lists: the vector grows with each message.',
    replaces: { averaged: (own, received) => [...own, ...received] },
    violates: 'A vector is as long as it was',
    shows: four,
    seeds: 10,
  }),
];
