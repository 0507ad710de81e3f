/** Mistakes that are made in Paxos. Each is a line that looks as if one could do without it. */

import { bug, type Exhibit } from '../../core/bug.ts';
import type { LinkFaults, Partition } from '../../core/faults/faults.ts';
import { isHigher, NO_BALLOT, type Proposal } from './ballot.ts';
import { Paxos } from './paxos.ts';
import { rules } from './rules.ts';

const AGREEMENT = 'Agreement: no two nodes hold different values to be chosen';
const ONE_VALUE = 'In one ballot one value is proposed';
const NO_CHANGE = 'What is proposed in a higher ballot than a decision is what was decided';

/** Two that do not hear of each other for a while, and a third that both need. */
function rivals(retry: number): string {
  return `n1: { value: red, retry: ${retry} }\nn2: { value: blue, retry: ${retry} }\nn3: { retry: ${retry} }`;
}

const parted: Partition = { cut: 'n1<->n2', at: 0, for: '400ms' };

const through: Exhibit = {
  config: rivals(100),
  faults: { latency: '1-20', partitions: [parted] },
};

/** Between two halves. */
const far: LinkFaults = { latency: '200-300' };

/** The same, and the third goes down again and again. */
const falling: Exhibit = {
  config: rivals(20),
  faults: {
    latency: '1-5',
    partitions: [parted],
    crashes: [{ node: 'n3', every: '10ms', for: '1ms' }],
    heal: '1s',
  },
};

/** Bugs of {@link Paxos}. */
export const bugs = [
  bug(Paxos, {
    name: 'ignore-accepted',
    title: 'A proposer proposes what it wants',
    story:
      'The promises say what was accepted before, and nobody listens: a value that was chosen is chosen away again. This is phase 1 without its purpose.',
    replaces: { pick: (_promises, own) => own },
    violates: NO_CHANGE,
    shows: through,
    seeds: 200,
  }),
  bug(Paxos, {
    name: 'pick-any-accepted',
    title: 'Any accepted value will do',
    story:
      'A proposer takes up the value of the lowest ballot that it hears of, not of the highest: that one may have lost long ago.',
    replaces: {
      pick: (promises, own) => {
        const accepted = [...promises.values()].filter((one): one is Proposal => one !== null);
        const lowest = accepted.reduce<Proposal | undefined>(
          (least, one) => (least === undefined || isHigher(least.ballot, one.ballot) ? one : least),
          undefined,
        );
        return lowest?.value ?? own;
      },
    },
    violates: NO_CHANGE,
    shows: { ...through, faults: { ...through.faults, latency: '1-40' } },
    seeds: 400,
  }),
  bug(Paxos, {
    name: 'half-is-enough',
    title: 'Half of the nodes are a quorum',
    story:
      'With an even number of nodes two halves share nobody, and each half chooses for itself.',
    replaces: { quorum: (n) => Math.ceil(n / 2) },
    violates: AGREEMENT,
    shows: {
      config: 'n1: { value: red }\nn2: {}\nn3: { value: blue }\nn4: {}',
      faults: {
        links: { 'n1<->n3': far, 'n1<->n4': far, 'n2<->n3': far, 'n2<->n4': far },
      },
    },
    seeds: 50,
  }),
  bug(Paxos, {
    name: 'accept-anything',
    title: 'An acceptor forgets what it promised',
    story:
      'It accepts values of ballots below its promise: a proposer that everybody had given up still gets its majority.',
    replaces: { mayAccept: () => true },
    violates: NO_CHANGE,
    shows: through,
    seeds: 100,
  }),
  bug(Paxos, {
    name: 'promise-in-memory',
    title: 'A promise is not stored',
    story:
      'Only what was accepted is on the disk: an acceptor that comes back knows nothing of a higher ballot that it has promised, and accepts a lower one.',
    replaces: {
      record: ({ accepted, chosen }) => {
        return { promised: accepted?.ballot ?? NO_BALLOT, accepted, chosen };
      },
    },
    violates: NO_CHANGE,
    shows: falling,
    seeds: 600,
  }),
  bug(Paxos, {
    name: 'accepted-in-memory',
    title: 'What was accepted is not stored',
    story:
      'A majority had accepted; one of them comes back knowing nothing of it, and the next majority is free to choose again.',
    replaces: {
      remember: (stored) => ({ ...rules.remember(stored), accepted: null }),
    },
    violates: NO_CHANGE,
    shows: falling,
    seeds: 100,
  }),
  bug(Paxos, {
    name: 'ballots-alike',
    title: 'A ballot is a number alone',
    story:
      'Two proposers with the same number are one proposer with two values; an acceptor that promises the same number twice serves both.',
    replaces: {
      nextBallot: ({ round }) => ({ ...NO_BALLOT, round: round + 1 }),
      mayPromise: (promised, ballot) => ballot.round >= promised.round,
    },
    violates: ONE_VALUE,
    shows: through,
    seeds: 20,
  }),
];
