/** Mistakes that were made in Raft: by libraries, by papers before they were read well, by everybody once. */

import { bug, GOOD_END, type Bug, type Exhibit } from '../../core/bug.ts';
import type { Faults } from '../../core/faults/faults.ts';
import { Raft } from './raft.ts';
import { cluster, freshReads } from './scenarios.ts';

const ELECTION = 'Election Safety: at most one leader is elected in a term';
const MATCHING =
  'Log Matching: logs with an entry of the same index and term are the same up to there';
const MACHINE_SAFETY =
  'State Machine Safety: no two nodes have committed different entries at one place';
const COMPLETE =
  'Leader Completeness: the leader of the newest term has everything that is committed';
const MAJORITY = 'Committed entries lie on a majority of the voters';
const ONCE = 'A command is applied once, however often its client sends it';

/** Quick elections, so that much happens in little time. */
const quick = 'election_timeout: 150, heartbeat_interval: 30, command_interval: 20';

/** Leaders come and go; disks lose what was not synced. */
const storm: Faults = {
  latency: '1-30',
  loss: '5%',
  duplication: '10%',
  reordering: '20%',
  partitions: [{ split: 'random', every: '400ms', for: '100-400ms' }],
  crashes: [{ nodes: 'n*', every: '250ms', for: '20-200ms', disk: 'unsynced' }],
  disk: { sync: '1-20ms' },
  heal: '3s',
};

function stormy(size: number, settings = '', faults: Faults = {}): Exhibit {
  const config = cluster(size, [quick, 'commands: 6', settings].filter(Boolean).join(', '));
  return { config, faults: { ...storm, ...faults } };
}

/** Each reader leads for a while and is then alone, and does not know it: it reads what was, while others write. */
function alone(settings: string): Exhibit {
  const reader = 'only_reads: true, commands: 60';
  const writer = 'priority: 0, commands: 40';
  const own = { n1: reader, n2: reader, n3: reader, n4: writer, n5: writer };
  return {
    config: cluster(5, `${quick}, report_history: true, ${settings}`, own),
    faults: {
      latency: '1-20',
      partitions: [
        { isolate: 'n1', at: '700ms', for: '700ms' },
        { isolate: 'n2', at: '1600ms', for: '700ms' },
        { isolate: 'n3', at: '2500ms', for: '700ms' },
      ],
      heal: '3500ms',
    },
    ends: freshReads,
  };
}

/** Bugs of {@link Raft}. */
export const bugs: readonly Bug[] = [
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
    name: 'promise-before-durable',
    title: 'Messages leave before the disk has what they promise',
    story: 'A vote or an acknowledgement is known to others, and a crash makes the node forget it.',
    replaces: { holdsPromises: () => false },
    violates: MAJORITY,
    shows: stormy(3, '', { disk: { sync: '20-150ms' } }),
    seeds: 60,
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
    shows: stormy(3, 'pre_vote: false, check_quorum: false'),
    seeds: 80,
  }),
  bug(Raft, {
    name: 'no-log-check',
    title: 'A vote for any log',
    story:
      'Without the restriction of section 3.6.1 whoever is elected may lack what is committed.',
    replaces: { isUpToDate: () => true },
    violates: COMPLETE,
    shows: stormy(3, 'pre_vote: false, check_quorum: false'),
    seeds: 60,
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
    name: 'stale-append-truncates',
    title: 'An append removes everything behind its place',
    story:
      'A short message that was overtaken by a longer one cuts off what the longer one brought, acknowledged and perhaps committed.',
    replaces: { conflicts: (termHere) => termHere !== undefined },
    violates: GOOD_END,
    shows: stormy(3),
    seeds: 20,
  }),
  bug(Raft, {
    name: 'conflicts-stay',
    title: 'An entry that is there is not replaced',
    story: 'What a deposed leader left behind stays in the log, and other entries follow it.',
    replaces: { conflicts: () => false },
    violates: MATCHING,
    shows: stormy(5),
    seeds: 60,
  }),
  bug(Raft, {
    name: 'gap-accepted',
    title: 'The entry before is not looked at',
    story: 'A follower that missed an append puts the next in its place.',
    replaces: { fitsLog: () => true },
    violates: MATCHING,
    shows: stormy(3),
    seeds: 10,
  }),
  bug(Raft, {
    name: 'applies-uncommitted',
    title: 'A follower applies what it gets',
    story: 'What is in the log is not yet decided: another leader may replace it.',
    replaces: { followerCommit: (_commit, vouched) => vouched },
    violates: MACHINE_SAFETY,
    shows: stormy(5),
    seeds: 40,
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
    name: 'reads-without-asking',
    title: 'A leader answers reads unasked',
    story: 'A leader that was replaced and does not know it answers from the past.',
    replaces: { readRound: () => 0 },
    violates: GOOD_END,
    shows: alone('check_quorum: false'),
    seeds: 40,
  }),
  bug(Raft, {
    name: 'reads-before-term-is-open',
    title: 'A new leader reads before its first commit',
    story: 'It has everything that is committed and does not know how far that is.',
    replaces: { mayRead: () => true, opensTerm: () => false },
    violates: GOOD_END,
    shows: alone('check_quorum: false'),
    seeds: 40,
  }),
  bug(Raft, {
    name: 'serial-ignored',
    title: 'A command that is sent again is applied again',
    story: 'A client that hears nothing asks again; only its serial tells that it is the same.',
    replaces: { isDuplicate: () => false },
    violates: ONCE,
    shows: stormy(3),
    seeds: 20,
  }),
  bug(Raft, {
    name: 'sessions-not-in-snapshot',
    title: 'A snapshot without the sessions',
    story: 'Whoever starts from the snapshot applies again what the others know to be a copy.',
    replaces: { snapshotKeepsSessions: () => false },
    violates: ONCE,
    shows: stormy(3, 'snapshot_entries: 2'),
    seeds: 60,
  }),
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
];
