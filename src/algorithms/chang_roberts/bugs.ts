/** Mistakes that are made in an election on a ring. */

import { bug, GOOD_END, type Exhibit } from '../../core/bug.ts';
import { ChangRoberts } from './chang-roberts.ts';
import { rules } from './rules.ts';
import { ring } from './scenarios.ts';

const GREATEST = 'The leader has the greatest node_id';

const tenInNoOrder: Exhibit = { config: ring([11, 3, 27, 8, 19, 2, 9, 31, 14, 6]) };

/** They stand up long after the first numbers have come by. */
const lateRisers: Exhibit = { config: ring([11, 3, 27, 8, 19, 2, 9, 31, 14, 6], 2000) };

/** Bugs of {@link ChangRoberts}. */
export const bugs = [
  bug(ChangRoberts, {
    name: 'forward-smaller',
    title: 'The comparison is the wrong way round',
    story:
      'Smaller numbers go on and greater ones are swallowed: the smallest comes home and leads.',
    replaces: {
      fate: (elector, { node_id }) => {
        if (elector === node_id) return 'is home';
        return elector < node_id ? 'goes on' : 'ends here';
      },
    },
    violates: GREATEST,
    shows: tenInNoOrder,
    seeds: 20,
  }),
  bug(ChangRoberts, {
    name: 'compare-as-text',
    title: 'Numbers are compared as text',
    story:
      'They came as text and stayed it: “9” is greater than “31”. With numbers of one length nobody notices.',
    replaces: {
      fate: (elector, { node_id }) => {
        if (elector === node_id) return 'is home';
        return String(elector) > String(node_id) ? 'goes on' : 'ends here';
      },
    },
    violates: GREATEST,
    shows: tenInNoOrder,
    seeds: 20,
  }),
  bug(ChangRoberts, {
    name: 'forward-all',
    title: 'Every number is passed on',
    story:
      'Nobody swallows anything, and all numbers come home, to nodes that have given up at the sight of the others: nobody leads.',
    replaces: {
      fate: (elector, { node_id }) => (elector === node_id ? 'is home' : 'goes on'),
    },
    violates: GOOD_END,
    shows: tenInNoOrder,
    seeds: 20,
  }),
  bug(ChangRoberts, {
    name: 'forward-own',
    title: 'Not smaller is taken for greater',
    story:
      'With ≥ in the place of > the winner passes its own number on as well, and it goes round for ever.',
    replaces: {
      fate: (elector, { node_id }) => (elector >= node_id ? 'goes on' : 'ends here'),
    },
    violates: GOOD_END,
    shows: tenInNoOrder,
    seeds: 20,
  }),
  bug(ChangRoberts, {
    name: 'sleep-through',
    title: 'A sleeper swallows every number',
    story:
      'Whoever is woken by a number sends its own instead, without comparing. The greatest number sets out once, and is lost.',
    replaces: {
      fate: (elector, state) =>
        state.role === 'asleep' ? 'ends here' : rules.fate(elector, state),
    },
    violates: GOOD_END,
    shows: lateRisers,
    seeds: 20,
  }),
  bug(ChangRoberts, {
    name: 'stand-up-again',
    title: 'Nobody remembers to have stood up',
    story:
      'Every number swallowed makes a node stand again, the beaten and the leader too: after its election a late number unseats it.',
    replaces: { standsUp: () => true },
    violates: 'Whoever names a leader names the one that was elected',
    shows: lateRisers,
    seeds: 50,
  }),
];
