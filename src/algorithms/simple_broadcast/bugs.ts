/** Mistakes that are made in a broadcast and on top of it. */

import { bug, type Exhibit } from '../../core/bug.ts';
import { nodeNames } from '../verdict.ts';
import { SimpleBroadcastUpper } from './simple-broadcast-upper.ts';
import { SimpleBroadcast } from './simple-broadcast.ts';

const VALIDITY =
  'Validity: whoever has done its part was heard in full by itself and all its neighbours';

const twoSpeakers: Exhibit = {
  config: nodeNames(5)
    .map((id, index) => `${id}: { start_node: ${index < 2}, messages: [one, two, three] }`)
    .join('\n'),
};

/** Bugs of {@link SimpleBroadcast} and of {@link SimpleBroadcastUpper} above it. */
export const bugs = [
  bug(SimpleBroadcast, {
    name: 'forget-myself',
    title: 'A broadcast goes to all others',
    story:
      'The sender is one of all as well: without its own copy its upper layer knows less than everybody else.',
    replaces: { recipients: (_, neighbours) => neighbours },
    violates: VALIDITY,
    shows: twoSpeakers,
    seeds: 20,
  }),
  bug(SimpleBroadcast, {
    name: 'forget-to-wait',
    title: 'The acknowledgements are not awaited',
    story:
      'An await is missing in the lower layer, and the upper one says that it was heard when it has only spoken.',
    replaces: { gather: () => Promise.resolve([]) },
    violates: VALIDITY,
    shows: twoSpeakers,
    seeds: 20,
  }),
  bug(SimpleBroadcastUpper, {
    name: 'number-on-arrival',
    title: 'Texts are numbered by who counts them',
    story:
      'The n-th text to arrive is taken for text n: a copy on the way makes a text that nobody said.',
    replaces: { placeOf: (_, heard) => heard },
    violates: 'No creation: what is heard was broadcast',
    shows: twoSpeakers,
    seeds: 50,
  }),
];
