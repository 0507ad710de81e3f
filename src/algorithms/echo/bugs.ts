/** Mistakes that are made in an echo. */

import { bug, type Exhibit } from '../../core/bug.ts';
import { nodeNames } from '../verdict.ts';
import { Echo } from './echo.ts';

const OWED = 'A node has done its part only when nobody owes it an answer';

const twoCallers: Exhibit = {
  config: nodeNames(6)
    .map((id, index) => `${id}: { start_node: ${index < 2} }`)
    .join('\n'),
};

/** Bugs of {@link Echo}. */
export const bugs = [
  bug(Echo, {
    name: 'forget-to-wait',
    title: 'The answers are not awaited',
    story:
      'An await is missing: the caller says that it is done while its calls are still on their way.',
    replaces: { gather: () => Promise.resolve() },
    violates: OWED,
    shows: twoCallers,
    seeds: 5,
  }),
  bug(Echo, {
    name: 'first-answer',
    title: 'The first answer is taken for all',
    story: 'Promise.race in the place of Promise.all: whoever answers second answers nobody.',
    replaces: { gather: (calls) => Promise.race(calls) },
    violates: OWED,
    shows: twoCallers,
    seeds: 5,
  }),
  bug(Echo, {
    name: 'silence-is-consent',
    title: 'A timeout counts as an answer',
    story:
      'The call has come back, with an error that nobody looks at: some of those that “answered” never heard it.',
    replaces: { isAnswer: () => true },
    violates: 'Whoever answered a call had heard it',
    shows: twoCallers,
    seeds: 50,
  }),
];
