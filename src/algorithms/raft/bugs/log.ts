/** Mistakes in the log: how it is copied, committed, stored, and cut short. */

import { bug, GOOD_END, type Bug } from '../../../core/bug.ts';
import { Raft } from '../raft.ts';
import { cluster } from '../cluster.ts';
import {
  COMPLETE,
  CREDITED,
  MACHINE_SAFETY,
  MAJORITY,
  MATCHING,
  PLACES,
  REACHED,
} from './properties.ts';
import { appends, campaigns, compacts, EARLY, figure8, staged } from '../stage.ts';
import { stormy } from './weather.ts';

/** Bugs of {@link Raft} in its log. */
export const logBugs: readonly Bug[] = [
  bug(Raft, {
    name: 'old-terms-by-counting',
    title: 'Figure 8: an old entry is committed by counting its replicas',
    story:
      'n1 leads again and copies an entry of an earlier term to a majority. n5, which has a newer one, can still be elected, and overwrites it: only an entry of the own term commits what is before it.',
    replaces: { mayCommit: () => true },
    violates: MACHINE_SAFETY,
    shows: figure8,
    seeds: 5,
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
    name: 'counts-itself-early',
    title: 'A leader counts itself before its disk does',
    story:
      'To write while the followers write is right; to count oneself before the own write is done is not.',
    replaces: { holdsPromises: (toItself) => !toItself },
    violates: COMPLETE,
    shows: stormy(3, '', { disk: { sync: '20-150ms' } }),
    seeds: 60,
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
    name: 'old-leader-heeded',
    title: 'An append of an older term is taken',
    story: 'Whoever follows a leader of the past goes back in time: terms only grow.',
    replaces: { heedsLeader: () => true },
    violates: REACHED,
    shows: stormy(5, EARLY),
    seeds: 40,
  }),
  bug(Raft, {
    name: 'old-append-wipes-the-log',
    title: 'The place is looked at before the term',
    story:
      'An append of n1, from the time when the log was empty, reaches n3 late. A library emptied the log and looked at the term afterwards; what had been committed was gone.',
    replaces: { heedsLeader: () => true, conflicts: (termHere) => termHere !== undefined },
    violates: REACHED,
    shows: staged({
      size: 3,
      settings: EARLY,
      orders: [campaigns(100, 'n1'), appends(200, 'n1', 'kept'), campaigns(300, 'n2')],
      faults: {
        links: { 'n1->n3': { latency: 500, at: 107, for: 3 } },
        heal: 1200,
      },
    }),
    seeds: 5,
  }),
  bug(Raft, {
    name: 'conflicts-stay',
    title: 'An entry that is there is not replaced',
    story: 'What a deposed leader left behind stays in the log, and other entries follow it.',
    replaces: { conflicts: () => false },
    violates: MATCHING,
    shows: staged({
      size: 3,
      settings: EARLY,
      orders: [
        campaigns(100, 'n1'),
        appends(210, 'n1', 'lost'),
        campaigns(250, 'n2'),
        ...['one', 'two'].map((text) => appends(270, 'n2', text)),
      ],
      faults: { partitions: [{ isolate: 'n1', at: 200, for: 120 }], heal: 1200 },
    }),
    seeds: 5,
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
    name: 'acknowledges-what-lies-behind',
    title: 'A follower acknowledges its whole log',
    story:
      'n1 has entries that no other leader knows. A heartbeat vouches for none of them, n1 acknowledges them with it, and the leader believes that n1 has what is still to come.',
    replaces: {
      acknowledged: (_prevIndex, _count, lastIndex) => lastIndex,
      opensTerm: () => false,
    },
    violates: CREDITED,
    shows: staged({
      size: 5,
      settings: EARLY,
      orders: [
        campaigns(100, 'n1'),
        appends(110, 'n1', 'everywhere'),
        appends(210, 'n1', 'lost-1'),
        appends(220, 'n1', 'lost-2'),
        campaigns(250, 'n2'),
        appends(450, 'n2', 'new'),
      ],
      faults: { partitions: [{ isolate: 'n1', at: 200, for: 120 }], heal: 1200 },
    }),
    seeds: 5,
  }),
  bug(Raft, {
    name: 'late-acknowledgements-count',
    title: 'An acknowledgement of an earlier term is counted',
    story:
      'n1 led, was replaced, and leads again. What n2 acknowledged in the first of these terms has been cut off since; its answer comes now, and is taken for one of this term.',
    replaces: { countsAcknowledgement: () => true },
    violates: CREDITED,
    shows: staged({
      size: 5,
      settings: EARLY,
      orders: [
        campaigns(100, 'n1'),
        appends(200, 'n1', 'lost-1'),
        appends(200, 'n1', 'lost-2'),
        campaigns(250, 'n3'),
        campaigns(400, 'n1'),
      ],
      faults: {
        links: { 'n2->n1': { latency: 500, at: 200, for: 12 } },
        partitions: [
          {
            groups: [
              ['n1', 'n2'],
              ['n3', 'n4', 'n5'],
            ],
            at: 150,
            for: 150,
          },
          { cut: 'n1->n2', at: 407, for: 393 },
        ],
        heal: 1200,
      },
    }),
    seeds: 5,
  }),
  bug(Raft, {
    name: 'no-entry-of-its-own',
    title: 'A new leader appends nothing',
    story:
      'It has everything that is committed and may not say so: until somebody writes, nobody can read.',
    replaces: { opensTerm: () => false },
    violates: GOOD_END,
    shows: {
      config: cluster(3, 'commands: 3, only_reads: true'),
      faults: { latency: '1-20' },
      timeoutSeconds: 10,
    },
    seeds: 2,
  }),
  bug(Raft, {
    name: 'snapshot-keeps-conflicts',
    title: 'A snapshot is put before a log that does not agree with it',
    story:
      'n1 led alone, and its log has other entries where the snapshot ends. A library kept them: what follows the snapshot then never fits, and n1 refuses for ever.',
    replaces: { keepsSuffix: (termHere) => termHere !== undefined },
    violates: GOOD_END,
    shows: staged(
      {
        size: 3,
        settings: EARLY,
        orders: [
          campaigns(100, 'n1'),
          ...[1, 2, 3, 4, 5, 6].map((i) => appends(210, 'n1', `lost-${i}`)),
          campaigns(250, 'n2'),
          ...[1, 2, 3].map((i) => appends(270, 'n2', `kept-${i}`)),
          compacts(300, 'n2'),
        ],
        faults: { partitions: [{ isolate: 'n1', at: 200, for: 120 }], heal: 1200 },
      },
      { timeoutSeconds: 10 },
    ),
    seeds: 5,
  }),
  bug(Raft, {
    name: 'old-snapshot-installed',
    title: 'A snapshot that is older than the log is installed',
    story: 'It comes late, or twice, and takes back what was committed since.',
    replaces: { isNewSnapshot: () => true },
    violates: PLACES,
    shows: stormy(3, 'snapshot_entries: 2'),
    seeds: 40,
  }),
];
