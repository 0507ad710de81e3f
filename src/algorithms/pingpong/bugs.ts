/** Mistakes that are made in a game. */

import { bug, type Exhibit } from '../../core/bug.ts';
import { nodeNames } from '../verdict.ts';
import { PingPong } from './ping-pong.ts';

const LENGTH = 'A game is as long as the one who serves wants it';

const everybodyServes: Exhibit = {
  config: nodeNames(4)
    .map((id) => `${id}: { initiator: true, max_rounds: 4 }`)
    .join('\n'),
};

/** Bugs of {@link PingPong}. */
export const bugs = [
  bug(PingPong, {
    name: 'take-any-ball',
    title: 'Rounds are not numbered',
    story:
      'A second copy of a ball is played like a new one: from then on two balls are in the game.',
    replaces: { isExpected: () => true },
    violates: 'There is one ball in each game',
    shows: everybodyServes,
    seeds: 20,
  }),
  bug(PingPong, {
    name: 'one-round-more',
    title: 'One round too many',
    story: '≤ in the place of <, in a count that begins at 0.',
    replaces: { servesAgain: ({ served }, rounds) => served <= rounds },
    violates: LENGTH,
    shows: everybodyServes,
    seeds: 20,
  }),
  bug(PingPong, {
    name: 'end-on-answers',
    title: 'An answered serve is taken for a ball that came back',
    story:
      'The answer to a request says that the ball arrived there. Whoever ends on the last one ends before the last ball is back.',
    replaces: {
      isOver: ({ acknowledged, abandoned }, rounds) => abandoned !== null || acknowledged >= rounds,
    },
    violates: LENGTH,
    shows: everybodyServes,
    seeds: 50,
  }),
];
