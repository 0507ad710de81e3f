/** Mistakes in elections. */

import { bug, GOOD_END, type Bug } from '../../../core/bug.ts';
import { Raft } from '../raft.ts';
import { cluster } from '../cluster.ts';
import { COMPLETE, ELECTION, MACHINE_SAFETY, MAJORITY, WITNESS } from './properties.ts';
import { appends, campaigns, EARLY, staged } from '../stage.ts';
import { stormy } from './weather.ts';

/** n3 has missed what n1 and n2 have committed, and asks n2 for its vote. */
const behind = staged({
  size: 3,
  settings: EARLY,
  orders: [
    campaigns(100, 'n1'),
    ...['one', 'two', 'three'].map((text) => appends(200, 'n1', text)),
    campaigns(350, 'n3'),
  ],
  faults: {
    partitions: [{ isolate: 'n3', at: 150, for: 160 }],
    crashes: [{ node: 'n1', at: 309, for: 500 }],
    heal: 1200,
  },
});

/** Bugs of {@link Raft} in its elections. */
export const electionBugs: readonly Bug[] = [
  bug(Raft, {
    name: 'half-is-a-majority',
    title: 'Half of the voters are enough',
    story:
      'With an even number of voters both halves elect a leader: ⌈n/2⌉ is a majority of odd numbers only.',
    replaces: { quorum: (voters) => Math.ceil(voters / 2) },
    violates: MAJORITY,
    shows: stormy(4),
    seeds: 20,
  }),
  bug(Raft, {
    name: 'one-is-enough',
    title: 'The leader commits alone',
    story: 'An entry is committed as soon as anybody has it, and gone with the node that had it.',
    replaces: { quorum: () => 1 },
    violates: MAJORITY,
    shows: stormy(3),
    seeds: 10,
  }),
  bug(Raft, {
    name: 'vote-in-old-term',
    title: 'A vote for a term that is over',
    story:
      'Whoever votes in any term that it is asked for votes twice in one: the vote belongs to a term.',
    replaces: { votesInTerm: () => true, mayVote: () => true },
    violates: ELECTION,
    shows: stormy(5, 'pre_vote: false'),
    seeds: 40,
  }),
  bug(Raft, {
    name: 'vote-twice',
    title: 'A vote for everybody who asks',
    story:
      'First come first served is what makes a vote a vote: two candidates of one term both win.',
    replaces: { mayVote: () => true },
    violates: ELECTION,
    shows: stormy(5, 'pre_vote: false'),
    seeds: 40,
  }),
  bug(Raft, {
    name: 'vote-not-stored',
    title: 'A vote is forgotten in a crash',
    story:
      'n2 votes for n1, goes down, comes back, and votes for n3 in the same term: term and vote have to be on the disk before anybody hears of them.',
    replaces: { storesVote: () => false },
    violates: ELECTION,
    shows: staged({
      size: 3,
      settings: EARLY,
      orders: [campaigns(100, 'n1'), campaigns(200, 'n3')],
      faults: {
        partitions: [
          { isolate: 'n3', at: 50, for: 130 },
          { cut: 'n1->n2', at: 106, for: 400 },
          { cut: 'n1<->n3', at: 180, for: 300 },
        ],
        crashes: [{ node: 'n2', at: 130, for: 20 }],
        heal: 1200,
      },
    }),
    seeds: 5,
  }),
  bug(Raft, {
    name: 'vote-cleared-in-its-term',
    title: 'Stepping down clears the vote',
    story:
      'n3 has voted for n1, and hears n1 lead with an append that it cannot match yet. It follows, forgets in the same term whom it voted for, and the late request of n2 finds its vote free: two leaders. A vote is spent for its whole term.',
    replaces: { voteAfterStepDown: () => null },
    violates: ELECTION,
    shows: staged({
      size: 3,
      settings: EARLY,
      orders: [
        campaigns(100, 'n1'),
        appends(200, 'n1', 'only-two-have-it'),
        campaigns(400, 'n1'),
        campaigns(400, 'n2'),
      ],
      faults: {
        links: { 'n2->n3': { latency: 14, at: 390, for: 20 } },
        partitions: [
          { isolate: 'n3', at: 150, for: 200 },
          { cut: 'n1->n2', at: 407, for: 100 },
        ],
        crashes: [{ node: 'n1', at: 320, for: 20 }],
        heal: 1200,
      },
    }),
    seeds: 5,
  }),
  bug(Raft, {
    name: 'late-votes-count',
    title: 'A vote of an earlier term is counted',
    story:
      'n2’s vote for term 1 reaches n1 when it stands in term 2, and n1 leads with a vote that nobody gave it for this term; n3 leads with those that were.',
    replaces: { countsVote: () => true },
    violates: ELECTION,
    shows: staged({
      size: 3,
      settings: EARLY,
      orders: [campaigns(100, 'n1'), campaigns(150, 'n1'), campaigns(160, 'n3')],
      faults: {
        links: { 'n2->n1': { latency: 100, at: 100, for: 10 } },
        partitions: [
          { cut: ['n1->n2', 'n1->n3'], at: 110, for: 300 },
          { cut: 'n3<->n1', at: 102, for: 300 },
        ],
        heal: 1200,
      },
    }),
    seeds: 5,
  }),
  bug(Raft, {
    name: 'newer-by-either',
    title: 'A candidate may be behind in one of index and term',
    story:
      'A library refused only who was behind in both: term and index are compared in this order, not each by itself.',
    replaces: {
      isUpToDate: (candidate, own) => candidate.index >= own.index || candidate.term >= own.term,
    },
    violates: COMPLETE,
    shows: behind,
    seeds: 5,
  }),
  bug(Raft, {
    name: 'no-log-check',
    title: 'A vote for any log',
    story:
      'Without the restriction of section 3.6.1 whoever is elected may lack what is committed.',
    replaces: { isUpToDate: () => true },
    violates: COMPLETE,
    shows: behind,
    seeds: 5,
  }),
  bug(Raft, {
    name: 'votes-without-its-disk',
    title: 'A node that has lost its disk votes',
    story:
      'n1 and n2 have committed what n3 lacks. n2 comes back with a damaged disk, empties it, and votes for n3: nothing there is newer than what n3 has. Whoever has forgotten what it acknowledged joins as a learner.',
    replaces: { votesWithMemory: () => true },
    violates: MACHINE_SAFETY,
    shows: staged({
      size: 3,
      settings: EARLY,
      orders: [campaigns(100, 'n1'), appends(200, 'n1', 'kept'), campaigns(400, 'n3')],
      faults: {
        disk: { sync: 1 },
        partitions: [{ isolate: 'n3', at: 150, for: 160 }],
        crashes: [
          { node: 'n2', at: 312, for: 30, disk: 'damaged' },
          { node: 'n1', at: 311, for: 700 },
        ],
        heal: 1200,
      },
    }),
    seeds: 5,
  }),
  bug(Raft, {
    name: 'deaf-to-newer-terms',
    title: 'A newer term in an answer is not noticed',
    story: 'A node that is ahead refuses the leader, the leader goes on, and they never meet.',
    replaces: { followsNewerTerm: () => false },
    violates: GOOD_END,
    shows: stormy(3, 'pre_vote: false'),
    seeds: 30,
  }),
  bug(Raft, {
    name: 'equal-timeouts',
    title: 'All wait equally long',
    story: 'All stand for election at once, again and again: chance is what draws them apart.',
    replaces: { electionTimeout: (leastMs) => leastMs },
    violates: GOOD_END,
    shows: {
      config: cluster(4, 'commands: 1, pre_vote: false, adaptive: false'),
      faults: { latency: 50 },
      timeoutSeconds: 10,
    },
    seeds: 5,
  }),
  bug(Raft, {
    name: 'witness-leads',
    title: 'A witness stands for election',
    story:
      'A witness has the terms and places of all commands, so it wins; what it then sends to the others is empty.',
    replaces: { mayLead: () => true },
    violates: WITNESS,
    shows: stormy(5, 'voters: [n1, n2, n3], witnesses: [n4, n5]'),
    seeds: 20,
  }),
];
