/** Mistakes in who belongs to the cluster. */

import { bug, type Bug, type Exhibit } from '../../../core/bug.ts';
import { Raft } from '../raft.ts';
import { COMPLETE, CREDITED, MACHINE_SAFETY, MAJORITY } from './properties.ts';
import { appends, campaigns, changes, EARLY, staged } from '../stage.ts';
import { stormy } from './weather.ts';

/** Two of five want to be the majority of a cluster of three, which the other three are not told of. */
function secession(...orders: readonly string[]): Exhibit {
  return staged({
    size: 5,
    settings: EARLY,
    reunite: true,
    orders: [
      campaigns(100, 'n1'),
      ...orders,
      appends(240, 'n1', 'two-of-three'),
      campaigns(250, 'n3'),
      appends(270, 'n3', 'three-of-five'),
    ],
    faults: {
      partitions: [
        {
          groups: [
            ['n1', 'n2'],
            ['n3', 'n4', 'n5'],
          ],
          at: 200,
          for: 300,
        },
      ],
      heal: 1200,
    },
  });
}

/** The leader reaches the new voters, and none of the old. */
const halves: Exhibit = staged({
  size: 5,
  settings: `${EARLY}, voters: [n1, n2, n3]`,
  reunite: true,
  orders: [
    campaigns(100, 'n1'),
    changes(200, 'n1', { n1: 'removed', n2: 'removed', n4: 'voter', n5: 'voter' }),
  ],
  faults: { partitions: [{ cut: ['n1->n2', 'n1->n3'], at: 211, for: 200 }], heal: 1200 },
});

/** Bugs of {@link Raft} in its membership. */
export const memberBugs: readonly Bug[] = [
  bug(Raft, {
    name: 'learners-decide',
    title: 'Learners count',
    story:
      'A learner is there to catch up; counted, it makes a majority of whom nobody asks for a vote.',
    replaces: {
      deciders: (configuration) => ({
        ...configuration,
        voters: [...configuration.voters, ...configuration.learners],
      }),
    },
    violates: MAJORITY,
    shows: stormy(5, 'voters: [n1, n2, n3], learners: [n4, n5]'),
    seeds: 60,
  }),
  bug(Raft, {
    name: 'two-voters-at-once',
    title: 'Two voters change in one step',
    story:
      'Three of five and two of three need not share anybody: each side commits for itself. More than one voter takes a joint configuration.',
    replaces: { needsJoint: () => false },
    violates: COMPLETE,
    shows: secession(changes(210, 'n1', { n4: 'removed', n5: 'removed' })),
    seeds: 5,
  }),
  bug(Raft, {
    name: 'two-changes-at-once',
    title: 'A change begins before the one before is committed',
    story: 'One voter at a time is safe, and twice one voter is two: the first must be committed.',
    replaces: { mayChange: (_pending, _commit, commitTerm, term) => commitTerm === term },
    violates: COMPLETE,
    shows: secession(changes(210, 'n1', { n5: 'removed' }), changes(220, 'n1', { n4: 'removed' })),
    seeds: 5,
  }),
  bug(Raft, {
    name: 'change-before-term-is-open',
    title: 'A new leader changes the members before it has committed anything',
    story:
      'n1 has removed n3 and nobody knows; n2, elected, removes n1 at once. The one counts on n1 and n4, the other on n2 and n3. This stood in the dissertation until 2015: an entry of the own term has to be committed first.',
    replaces: { mayChange: (pending, commit) => pending <= commit },
    violates: COMPLETE,
    shows: staged({
      size: 4,
      settings: EARLY,
      reunite: true,
      orders: [
        campaigns(100, 'n1'),
        changes(210, 'n1', { n3: 'removed' }),
        campaigns(250, 'n2'),
        changes(251, 'n2', { n1: 'removed' }),
        appends(270, 'n2', 'of-two-and-three'),
        campaigns(330, 'n1'),
      ],
      faults: {
        partitions: [
          { isolate: 'n1', at: 200, for: 100 },
          { cut: ['n2->n4', 'n3->n4'], at: 253, for: 300 },
          { cut: ['n1<->n2', 'n1<->n3'], at: 300, for: 250 },
        ],
        heal: 1200,
      },
    }),
    seeds: 5,
  }),
  bug(Raft, {
    name: 'joint-is-one-majority',
    title: 'A joint configuration is counted as one set of voters',
    story:
      'Three of the five who are in it are a majority of the five, and perhaps of neither half: each half has to agree.',
    replaces: {
      deciders: (configuration) => ({
        ...configuration,
        voters: [...new Set([...configuration.voters, ...configuration.outgoing])],
        outgoing: [],
      }),
    },
    violates: COMPLETE,
    shows: halves,
    seeds: 5,
  }),
  bug(Raft, {
    name: 'joint-forgets-the-old',
    title: 'In a joint configuration only the new voters decide',
    story:
      'The old majority has not heard of the change, and may go on without it: until the change is committed, both decide.',
    replaces: { deciders: (configuration) => ({ ...configuration, outgoing: [] }) },
    violates: COMPLETE,
    shows: halves,
    seeds: 5,
  }),
  bug(Raft, {
    name: 'configuration-outlives-its-entry',
    title: 'A configuration that is cut off goes on to count',
    story:
      'n1 removed n3, was replaced, and its entry is gone; it still believes that n1 and n4 are two of three. A configuration is as much part of the log as a command.',
    replaces: { dropsConfiguration: () => false },
    violates: MACHINE_SAFETY,
    shows: staged({
      size: 4,
      settings: EARLY,
      reunite: true,
      orders: [
        campaigns(100, 'n1'),
        changes(210, 'n1', { n3: 'removed' }),
        campaigns(250, 'n2'),
        changes(410, 'n2', { n1: 'removed' }),
        campaigns(450, 'n1'),
      ],
      faults: {
        partitions: [
          { isolate: 'n1', at: 200, for: 100 },
          {
            groups: [
              ['n1', 'n4'],
              ['n2', 'n3'],
            ],
            at: 400,
            for: 200,
          },
        ],
        heal: 1200,
      },
    }),
    seeds: 5,
  }),
  bug(Raft, {
    name: 'rejoins-with-old-credit',
    title: 'What a node acknowledged before it left counts when it is back',
    story:
      'n4 is removed, loses its disk, and joins again within the term. An answer that it gave before is still under way; nine of seventeen libraries took it for one of the new member. Answers name the membership that they belong to.',
    replaces: { isOfSession: () => true },
    violates: CREDITED,
    shows: staged({
      size: 4,
      settings: EARLY,
      orders: [
        campaigns(100, 'n1'),
        appends(200, 'n1', 'acknowledged'),
        changes(250, 'n1', { n4: 'removed' }),
        changes(400, 'n1', { n4: 'voter' }),
      ],
      faults: {
        links: { 'n4->n1': { latency: 600, at: 203, for: 5 } },
        partitions: [{ cut: 'n1->n4', at: 406, for: 500 }],
        crashes: [{ node: 'n4', at: 300, for: 50, disk: 'amnesia' }],
        heal: 1200,
      },
    }),
    seeds: 5,
  }),
];
