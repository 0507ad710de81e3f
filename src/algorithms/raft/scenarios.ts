/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import type { RunResult } from '../../core/result.ts';
import { allTerminated, first, firstOf, type Verdict } from '../verdict.ts';
import { cluster } from './cluster.ts';
import { campaigns, changes, figure8, handsOver, staged } from './stage.ts';

/** Scenarios of {@link Raft}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'Three nodes agree',
    story:
      'One stands for election first, the others vote for it, and every command goes through its log.',
    config: cluster(3, 'commands: 4'),
    ends: (result) => wellEnded(result, 4),
  },
  {
    name: 'Split vote',
    story:
      'All stand for election at once, each votes for itself, nobody wins; then chance draws them apart.',
    config: cluster(
      4,
      'commands: 2, pre_vote: false, election_timeout: 600, heartbeat_interval: 100',
    ),
    latencyMs: { min: 80, max: 120 },
    ends: (result) => wellEnded(result, 2),
  },
  {
    name: 'Figure 8',
    story:
      'An old entry comes to lie on a majority, and is overwritten: what is on a majority is not committed before an entry of the own term is.',
    ...figure8,
    ends: (result) => wellEnded(result, 3),
  },
  {
    name: 'Members come and go',
    story:
      'Two of five are replaced in one step, through a joint configuration; they come back one by one, and leadership is handed over.',
    ...staged({
      size: 5,
      settings: 'voters: [n1, n2, n3]',
      reunite: true,
      orders: [
        campaigns(100, 'n1'),
        changes(500, 'n1', { n2: 'removed', n3: 'removed', n4: 'voter', n5: 'voter' }),
        changes(1000, 'n1', { n2: 'voter' }),
        changes(1300, 'n1', { n3: 'voter' }),
        handsOver(1600, 'n1', 'n4'),
      ],
      faults: { latency: '1-20', loss: '2%' },
    }),
    ends: (result) => wellEnded(result, 3),
  },
  {
    name: 'A disruptive server',
    story:
      'One node hears nobody, and would stand for election for ever: pre-vote keeps its term where it is, and the leader in peace.',
    config: cluster(3, 'commands: 3, election_timeout: 600, heartbeat_interval: 120'),
    faults: {
      latency: '1-20',
      partitions: [{ cut: ['n1->n3', 'n2->n3'], at: '1s', for: '4s' }],
      heal: '6s',
    },
    ends: (result) => first(wellEnded(result, 3), termsBelow(6)(result)),
  },
  {
    name: 'A stale leader',
    story:
      'Each node in turn is alone for a while, leaders among them: without a majority one commits nothing, and steps down.',
    config: cluster(
      3,
      'commands: 4, command_interval: 300, election_timeout: 600, heartbeat_interval: 120',
    ),
    faults: {
      latency: '1-20',
      partitions: [
        { isolate: 'n1', at: '1s', for: '1500ms' },
        { isolate: 'n2', at: '3s', for: '1500ms' },
        { isolate: 'n3', at: '5s', for: '1500ms' },
      ],
      heal: '7s',
    },
    ends: (result) => wellEnded(result, 4),
  },
  {
    name: 'A short log',
    story:
      'Every few commands a snapshot takes the place of the log; who was away gets it in pieces.',
    config: cluster(3, 'commands: 12, command_interval: 60, snapshot_entries: 4, chunk_bytes: 64'),
    faults: {
      latency: '1-20',
      loss: '5%',
      crashes: [{ nodes: 'n*', every: '900ms', for: '300ms', disk: 'torn' }],
      disk: { sync: '1-60ms' },
      partitions: [{ isolate: 'n3', at: '3s', for: '2s' }],
      heal: '6s',
    },
    ends: (result) => first(wellEnded(result, 12), compacted(result)),
  },
  {
    name: 'A damaged disk',
    story:
      'n2 comes back with a record that its checksum does not fit: it says so, begins again with nothing, votes for nobody, learns, and is made a voter again. The disks of n1 and n3 fail in a write.',
    config: cluster(
      5,
      'commands: 8, command_interval: 150, snapshot_entries: 6, election_timeout: 400, heartbeat_interval: 80',
    ),
    faults: {
      latency: '1-20',
      crashes: [
        { node: 'n2', at: '1500ms', for: '300ms', disk: 'damaged' },
        { node: 'n1', at: '1200ms', for: '500ms', disk: 'full' },
        { node: 'n3', at: '2200ms', for: '500ms', disk: 'refused' },
      ],
      disk: { sync: '1-20ms' },
      heal: '6s',
    },
    ends: (result) => first(wellEnded(result, 8), remembers(result)),
  },
  {
    name: 'A learner and a witness',
    story:
      'Two nodes keep everything and lead in turn, a third only counts entries and votes, a fourth only listens.',
    config: cluster(4, 'commands: 3, voters: [n1, n2], witnesses: [n3], learners: [n4]'),
    ends: (result) => first(wellEnded(result, 3), neverLed(result, ['n3', 'n4'])),
  },
  {
    name: 'Reads on a lease',
    story: 'While a majority has promised to wait, the leader answers reads alone.',
    config: cluster(3, 'commands: 6, reads: lease'),
    ends: (result) => wellEnded(result, 6),
  },
  {
    name: 'Alone',
    story: 'A cluster of one elects itself; its majority is its disk.',
    config: 'n1: { commands: 3 }',
    faults: {
      disk: { sync: '1-60ms' },
      crashes: [{ node: 'n1', at: '1500ms', for: '300ms', disk: 'torn' }],
      heal: '3s',
    },
    ends: (result) => wellEnded(result, 3),
  },
];

function wellEnded(result: RunResult, operations: number): Verdict {
  return first(allTerminated(result), finished(result, operations));
}

/** Every client has done what it had to do. */
function finished({ nodes }: RunResult, operations: number): Verdict {
  return firstOf(Object.entries(nodes), ([id, { report }]) => {
    if (report['operations'] === operations) return undefined;
    return `${id} has done ${String(report['operations'])} of ${operations} operations`;
  });
}

/** Few elections were needed. */
export function termsBelow(term: number): (result: RunResult) => Verdict {
  return ({ nodes }) =>
    firstOf(Object.entries(nodes), ([id, { report }]) =>
      Number(report['term']) < term ? undefined : `${id} is in term ${String(report['term'])}`,
    );
}

function compacted({ nodes }: RunResult): Verdict {
  return firstOf(Object.entries(nodes), ([id, { report }]) =>
    Number(report['snapshot']) > 0 ? undefined : `${id} has no snapshot`,
  );
}

/** Whoever had forgotten is what it was. */
function remembers({ nodes }: RunResult): Verdict {
  return firstOf(Object.entries(nodes), ([id, { report }]) => {
    if (report['memory'] !== 'whole') return `${id} has not regained what it lost`;
    const { length } = report['voters'] as readonly string[];
    return length === Object.keys(nodes).length ? undefined : `${id} knows of ${length} voters`;
  });
}

function neverLed({ nodes }: RunResult, ids: readonly string[]): Verdict {
  return firstOf(ids, (id) => (nodes[id]?.report['role'] === 'leader' ? `${id} leads` : undefined));
}

interface Seen {
  readonly f: string;
  readonly key: string;
  readonly text: string;
  readonly begunAtMs: number;
  readonly endedAtMs: number;
}

/** Every read has what was acknowledged, to whomever, before it began. For runs whose clocks are right. */
export function freshReads({ nodes }: RunResult): Verdict {
  const seen = Object.values(nodes).flatMap(
    ({ report }) => (report['history'] ?? []) as unknown as readonly Seen[],
  );
  return firstOf(
    seen.filter(({ f }) => f === 'get'),
    (read) =>
      firstOf(seen, ({ f, key, text, endedAtMs }) => {
        if (f !== 'append' || key !== read.key || endedAtMs >= read.begunAtMs) return undefined;
        if (read.text.includes(text)) return undefined;
        return `a read of ${key} at ${read.begunAtMs} ms lacks '${text}', which was acknowledged at ${endedAtMs} ms`;
      }),
  );
}
