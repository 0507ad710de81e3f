/** Mistakes that are made in Brahms. */

import { bug } from '../../core/bug.ts';
import { network } from '../gbps/scenarios.ts';
import { Brahms } from './brahms.ts';
import { renewedView } from './rounds.ts';

/** Bugs of {@link Brahms}. */
export const bugs = [
  bug(Brahms, {
    name: 'unlimited-pushes',
    title: 'Pushes are not counted',
    story:
      'A round renews the view however many pushes it had: whoever floods a node soon is all that it knows.',
    replaces: {
      renewedView: (rules, ...rest) => renewedView({ ...rules, limited: false }, ...rest),
    },
    violates: 'A round with too many pushes does not renew the view',
    shows: { config: network(6, 'view_size: 4, sampler_size: 4, alpha: 0.25, beta: 0.5') },
    seeds: 10,
  }),
];
