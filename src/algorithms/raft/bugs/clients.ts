/** Mistakes that clients suffer from: reads of the past, and commands that happen twice. */

import { bug, GOOD_END, type Bug, type Exhibit } from '../../../core/bug.ts';
import type { Faults } from '../../../core/faults/faults.ts';
import { Raft } from '../raft.ts';
import { freshReads } from '../scenarios.ts';
import { ONCE } from './properties.ts';
import { campaigns, EARLY, handsOver, staged } from '../stage.ts';
import { alone, stormy } from './weather.ts';

/** n1 leads and reads on its lease all the time; n3 writes once, `at` a time when it leads. */
function leased(at: number, orders: readonly string[], faults: Faults): Exhibit {
  return staged(
    {
      size: 5,
      settings: 'pre_vote: false, reads: lease, report_history: true',
      own: {
        n1: 'only_reads: true, commands: 150, command_interval: 12',
        n3: `commands: 1, command_interval: ${at}`,
      },
      // Before, everybody waits for a leader of an earlier life, who may have a lease.
      orders: [campaigns(605, 'n1'), ...orders],
      faults: { ...faults, heal: 2500 },
    },
    { ends: freshReads },
  );
}

/** Bugs of {@link Raft} that its clients notice. */
export const clientBugs: readonly Bug[] = [
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
    name: 'read-takes-old-answers',
    title: 'A read is confirmed by answers to an earlier question',
    story:
      'They were given when n1 still led, and reach it when n3 does. A read has to wait for answers to a question that was asked after it came.',
    replaces: { readRound: (round) => round },
    violates: GOOD_END,
    shows: staged(
      {
        size: 3,
        settings: `${EARLY}, report_history: true`,
        own: {
          n1: 'only_reads: true, commands: 1, command_interval: 680',
          n2: 'commands: 0',
          n3: 'commands: 1, command_interval: 640',
        },
        orders: [campaigns(100, 'n1'), campaigns(620, 'n3')],
        faults: {
          links: { 'n*->n1': { latency: 300, at: 500, for: 115 } },
          partitions: [{ isolate: 'n1', at: 615, for: 400 }],
          heal: 1200,
        },
      },
      { ends: freshReads },
    ),
    seeds: 5,
  }),
  bug(Raft, {
    name: 'lease-too-long',
    title: 'A lease outlives the promise that it rests on',
    story:
      'Voters wait for an election timeout since they heard n1, and n1 reads on for twice as long: between the two another leader writes.',
    replaces: { leaseMs: (electionTimeoutMs) => 2 * electionTimeoutMs },
    violates: GOOD_END,
    shows: leased(1630, [campaigns(1619, 'n3')], {
      partitions: [{ isolate: 'n1', at: 1018, for: 1000 }],
    }),
    seeds: 5,
  }),
  bug(Raft, {
    name: 'lease-survives-transfer',
    title: 'A leader that has handed over reads on',
    story:
      'n1 asks n3 to stand for election and gives up waiting; the message arrives late, n3 is elected in spite of all leases, for a leader has asked for it, and n1 still counts on its own.',
    replaces: { leaseSurvivesTransfer: () => true },
    violates: GOOD_END,
    shows: leased(1720, [handsOver(1000, 'n1', 'n3')], {
      links: { 'n1->n3': { latency: 700, at: 999, for: 15 } },
      partitions: [{ isolate: 'n1', at: 1690, for: 500 }],
    }),
    seeds: 5,
  }),
  bug(Raft, {
    name: 'votes-in-spite-of-a-leader',
    title: 'Whoever hears a leader votes for another',
    story:
      'n3 hears nobody and stands for election. The others hear n1, whose lease counts on their waiting, and elect n3.',
    replaces: { hearsLeader: () => false },
    violates: GOOD_END,
    shows: leased(1040, [campaigns(1020, 'n3')], {
      partitions: [{ cut: 'n1<->n3', at: 1019, for: 600 }],
    }),
    seeds: 5,
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
];
