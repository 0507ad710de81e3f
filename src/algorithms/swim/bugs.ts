/** Mistakes that are made in SWIM. */

import { bug, GOOD_END } from '../../core/bug.ts';
import type { Faults } from '../../core/faults/faults.ts';
import { nobodyBuried } from '../detector-verdict.ts';
import { rules } from './rules.ts';
import { group, QUICK } from './scenarios.ts';
import { Swim } from './swim.ts';

/** One that is silent for a moment, and should be given it. */
const standingStill: Faults = {
  latency: '1-20',
  pauses: [{ node: 'n1', at: '2s', for: '1200ms' }],
};

/** Bugs of {@link Swim}. */
export const bugs = [
  bug(Swim, {
    name: 'accuser-counts-up',
    title: 'The accuser counts up the incarnation',
    story:
      'Only a node itself may count up its incarnation. When whoever suspects it does, to be heard, ' +
      'its contradiction is old news, and it is buried alive.',
    replaces: {
      accusation: ({ incarnation }) => ({ status: 'suspect', incarnation: incarnation + 1 }),
    },
    violates: 'Nobody is known by a greater incarnation than its own',
    shows: { config: group(4), faults: standingStill },
    seeds: 10,
  }),
  bug(Swim, {
    name: 'never-contradict',
    title: 'A suspected node does not contradict',
    story: 'It is there and answers, and is declared dead: what nobody takes back stands.',
    replaces: { refutation: () => undefined },
    violates: GOOD_END,
    shows: {
      config: group(4, QUICK),
      faults: standingStill,
      ends: nobodyBuried,
    },
    seeds: 10,
  }),
  bug(Swim, {
    name: 'death-is-final',
    title: 'Nothing overrides that a node is dead',
    story:
      'The paper’s rule, where whoever comes back takes another name. Under the same name a node that ' +
      'was away too long is dead for the others for ever, however loudly it says that it is there.',
    replaces: {
      overrides: (news, known) => known.status !== 'dead' && rules.overrides(news, known),
    },
    violates: GOOD_END,
    shows: {
      config: group(4, QUICK),
      faults: { latency: '1-20', crashes: [{ node: 'n1', at: '500ms', for: '5s' }] },
      ends: nobodyBuried,
    },
    seeds: 10,
  }),
  bug(Swim, {
    name: 'told-for-ever',
    title: 'News is never told often enough',
    story: 'Without a limit every message is full of what all have known for long.',
    replaces: { isSpent: () => false },
    violates: 'No news is told more often than its limit',
    shows: { config: group(4), faults: { latency: '1-20' } },
    seeds: 5,
  }),
];
