/** Mistakes that are made in averaging, and cost a mean that is right. */

import { bug } from '../../core/bug.ts';
import { applicationNetwork } from '../application-verdict.ts';
import { GossipAverage } from './gossip-average.ts';

const pairs = {
  config: applicationNetwork(
    5,
    { app: 'elapsed_time: 0.2, cycles: 20', sampling: 'algorithm: gbps, delay: 0.5' },
    (at) => `value: ${at * 10}`,
  ),
};
const sums = { config: pairs.config.replaceAll('cycles: 20', 'cycles: 20, exchange: pushsum') };

/** Bugs of {@link GossipAverage}. */
export const bugs = [
  bug(GossipAverage, {
    name: 'answer-while-waiting',
    title: 'A node that waits accepts another offer',
    story:
      'Its value changes while its own offer is under way, and the other side has taken the mean with the old one: an exchange that is not atomic.',
    replaces: { canAccept: () => true },
    violates: 'The mean stays what it was',
    shows: pairs,
    seeds: 20,
  }),
  bug(GossipAverage, {
    name: 'forget-answers',
    title: 'An offer that comes again is a new one',
    story:
      'The answer was lost, the offer is repeated, and whoever does not remember it takes the mean a second time.',
    replaces: { answerBefore: () => undefined },
    violates: 'The mean stays what it was',
    shows: pairs,
    seeds: 20,
  }),
  bug(GossipAverage, {
    name: 'forget-refusals',
    title: 'Only accepted offers are remembered',
    story:
      'A copy of an offer that was refused comes late, when there is time for it: it is accepted, and nobody waits for the answer any more.',
    replaces: {
      answerBefore: (state, from, number) => {
        const last = state.answered.get(from);
        if (last === undefined || last.number < number || last.value === null) return undefined;
        return last.number === number ? last : null;
      },
    },
    violates: 'The mean stays what it was',
    shows: pairs,
    seeds: 50,
  }),
  bug(GossipAverage, {
    name: 'only-one-side-averages',
    title: 'Who answers keeps its value',
    story: 'The mean of one side alone is nodemanager’s rule, and it conserves nothing.',
    replaces: { meanOf: (own) => own },
    violates: 'The mean stays what it was',
    shows: pairs,
    seeds: 10,
  }),
  bug(GossipAverage, {
    name: 'take-totals-again',
    title: 'Every share is taken as it stands',
    story:
      'A share says all that was ever given; taken as if it were new, old mass is counted again.',
    replaces: { newIn: (_before, total) => total },
    violates: 'The mean stays what it was',
    shows: sums,
    seeds: 10,
  }),
];
