/**
 * What DAPSS plots after a run, drawn while it goes on: its four pictures (adaptive gossip, overview, elections, partitions), with its names.
 * docs/pubsub.md says what is counted.
 */

import type { Dashboard } from '../../core/chapter.ts';
import type { NodeId } from '../../core/id.ts';
import type { Figures } from './figures.ts';
import type { PubsubState } from './state.ts';

type States = readonly PubsubState[];
type Lines = Readonly<Record<string, number | undefined>>;

/** As heights of a line. */
const ROLES: Readonly<Record<string, number>> = {
  follower: 0,
  'pre-candidate': 1,
  candidate: 2,
  leader: 3,
};

/** Dashboards of {@link PubSub}. */
export const dashboards: readonly Dashboard<PubsubState>[] = [
  {
    name: 'Adaptive gossip',
    charts: [
      { name: 'Fanout', unit: 'members', lines: eachNode(({ fanout }) => fanout) },
      { name: 'Interval', unit: 's', lines: eachNode(({ interval }) => interval) },
      {
        ...{ name: 'Message rate', unit: 'heard per second', isRate: true },
        lines: eachNode(({ received }) => received),
      },
      {
        ...{ name: 'Average latency', unit: 'ms, latest 20' },
        lines: eachNode(({ latencies_ms }) => meanOf(latencies_ms)),
      },
    ],
  },
  {
    name: 'Overview',
    charts: [
      {
        ...{ name: 'Gossip', unit: 'messages' },
        lines: (states) => ({
          sent: sumOf(states, ({ sent }) => sent),
          received: sumOf(states, ({ received }) => received),
          duplicates: sumOf(states, ({ duplicates }) => duplicates),
          failures: sumOf(states, ({ lost }) => lost),
        }),
      },
      {
        ...{ name: 'Throughput', unit: 'per second', isRate: true },
        lines: (states) => ({
          sent: sumOf(states, ({ sent }) => sent),
          received: sumOf(states, ({ received }) => received),
          delivered: states.reduce((sum, { delivered }) => sum + delivered, 0),
        }),
      },
      { name: 'Duplicates', unit: '% of what came', lines: duplicates },
      {
        ...{ name: 'Votes and elections', unit: 'so far' },
        lines: (states) => ({
          'votes requested': sumOf(states, ({ elections }) => elections.votes_requested),
          'votes granted': sumOf(states, ({ elections }) => elections.votes_granted),
          'state changes': sumOf(states, ({ elections }) => elections.state_changes),
          'leader elections': sumOf(states, ({ elections }) => elections.leader_elections),
        }),
      },
      { name: 'Connection success', unit: '% of pairs', lines: connections },
      { name: 'Latency distribution', unit: 'ms, latest 20 of each node', lines: latencies },
      {
        ...{ name: 'Peer health', unit: 'others that answer' },
        lines: eachNode(({ members, unreachable }) => members - 1 - unreachable),
      },
    ],
  },
  {
    name: 'Consensus timeline',
    charts: [
      {
        ...{ name: 'Role', unit: '0 follows, 1 and 2 stand for election, 3 leads' },
        lines: eachNode(({ role }) => ROLES[role]),
      },
      { name: 'Term', unit: '', lines: eachNode(({ term }) => term) },
    ],
  },
  {
    name: 'Partition timeline',
    charts: [
      {
        ...{ name: 'Not reached', unit: 'members' },
        lines: eachNode(({ unreachable }) => unreachable),
      },
      {
        ...{ name: 'Partitions', unit: 'so far' },
        lines: (states) => ({
          detected: sumOf(states, ({ detected }) => detected),
          healed: sumOf(states, ({ healed }) => healed),
        }),
      },
    ],
  },
];

/** A line for each node. */
function eachNode(
  of: (figures: Figures) => number | undefined,
): (states: States, ids: readonly NodeId[]) => Lines {
  return (states, ids) =>
    Object.fromEntries(ids.map((id, at) => [id, of(states[at]!.figures)] as const));
}

function sumOf(states: States, of: (figures: Figures) => number): number {
  return states.reduce((sum, { figures }) => sum + of(figures), 0);
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0
    ? undefined
    : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of everything that came, how much had come before. */
function duplicates(states: States): Lines {
  const again = sumOf(states, (figures) => figures.duplicates);
  const all = again + sumOf(states, ({ received }) => received);
  return { 'all nodes': all === 0 ? undefined : (100 * again) / all };
}

/** Of all pairs of members, how many are such that the one hears the other. */
function connections(states: States): Lines {
  const all = sumOf(states, ({ members }) => members - 1);
  const failed = sumOf(states, ({ unreachable }) => unreachable);
  return { 'all nodes': all === 0 ? undefined : (100 * (all - failed)) / all };
}

/** Percentiles by the nearest rank. */
function latencies(states: States): Lines {
  const all = states.flatMap(({ figures }) => figures.latencies_ms).toSorted((a, b) => a - b);
  const rank = (part: number): number | undefined =>
    all[Math.max(0, Math.ceil(all.length * part) - 1)];
  return {
    min: all[0],
    mean: meanOf(all),
    median: rank(0.5),
    p95: rank(0.95),
    p99: rank(0.99),
    max: all.at(-1),
  };
}
