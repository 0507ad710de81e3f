/** Mistakes that are made with chains of signatures. */

import { bug, type Exhibit } from '../../core/bug.ts';
import { nodeNames } from '../verdict.ts';
import { rules } from './rules.ts';
import { MessageChain } from './message-chain.ts';

const SIMPLE = 'A chain is a simple path from an initiator, no longer than max_hops';

const five: Exhibit = {
  config: nodeNames(5)
    .map((id, index) => `${id}: { is_initiator: ${index === 0}, max_hops: 3 }`)
    .join('\n'),
};

/** Bugs of {@link MessageChain}. */
export const bugs = [
  bug(MessageChain, {
    name: 'trust-signatures',
    title: 'Signatures are trusted, and nothing else is looked at',
    story:
      'Each signature is good, so the chain is taken for good. But good statements can be said again, to others and at another time.',
    replaces: { flawOf: () => undefined },
    violates: SIMPLE,
    shows: five,
    seeds: 50,
  }),
  bug(MessageChain, {
    name: 'run-in-circles',
    title: 'A chain goes to everybody',
    story:
      'Also to those that have signed it, who have signed nothing that they would not sign again.',
    replaces: {
      isHeir: () => true,
      flawOf: (chain, arrival) => rules.flawOf(chain, { ...arrival, receiver: 'nobody' }),
    },
    violates: SIMPLE,
    shows: five,
    seeds: 5,
  }),
  bug(MessageChain, {
    name: 'one-hop-more',
    title: 'A chain becomes too long by one',
    story:
      '≤ in the place of <, and its like where chains arrive: factorially more messages than were agreed on.',
    replaces: {
      goesOn: (hops, hopsMax) => hops <= hopsMax,
      flawOf: (chain, arrival) => rules.flawOf(chain, { ...arrival, hopsMax: arrival.hopsMax + 1 }),
    },
    violates: SIMPLE,
    shows: five,
    seeds: 5,
  }),
  bug(MessageChain, {
    name: 'answer-at-once',
    title: 'A chain is answered when it has arrived',
    story:
      'And not when all that it caused is over: the initiator believes that everything has ended while chains are still under way.',
    replaces: { answer: () => Promise.resolve(null) },
    violates: 'When all initiators have done their part, no chain is under way',
    shows: five,
    seeds: 20,
  }),
];
