/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import type { RunResult } from '../../core/result.ts';
import { allTerminated, first, firstOf, nodeNames, same, type Verdict } from '../verdict.ts';

/** Settings of the layers below: the registry is asked nothing where subscriptions are local, and otherwise soon there. */
const layers = (common: string): string =>
  `dissemination: { durable: false }, registry: { ${
    common.includes('registry_by: local')
      ? 'priority: 0'
      : 'election_timeout: 400, heartbeat_interval: 80'
  } }`;

/** Whoever is cut off is missed within half a second, as among members over links of a room. */
const SOON_MISSED =
  'detector: { heartbeat_interval: 0.1, min_deviation: 0.03, acceptable_pause: 0.3 }';

/** So many nodes, each with the same settings and its own. */
export function members(
  size: number,
  common: string,
  own: Readonly<Record<string, string>> = {},
): string {
  return nodeNames(size)
    .map(
      (id) =>
        `${id}: { ${['report_orders: true', common, own[id], layers(common)].filter(Boolean).join(', ')} }`,
    )
    .join('\n');
}

/** Scenarios of {@link PubSub}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'News for three',
    story:
      'Everybody publishes to one topic, and everybody hears everything, no answer before its question.',
    config: members(
      3,
      'registry_by: local, publish: 4, publish_interval: 60, subscribe: [{ pattern: news, history: true }], expect: 12',
    ),
    ends: (result) => first(allTerminated(result), everybodyHeard(result, 'causal news', 12)),
  },
  {
    name: 'Patterns',
    story: 'One level is +, the rest is #: who subscribes to part of the topics hears that part.',
    config: members(3, 'registry_by: local', {
      n1: 'publish: 6, topics: [sport/run, sport/swim/far, weather], publish_interval: 40',
      n2: "subscribe: [{ pattern: 'sport/+', order: fifo, history: true }], expect: 2",
      n3: "subscribe: [{ pattern: 'sport/#', history: true }], expect: 4",
    }),
    ends: (result) =>
      first(
        allTerminated(result),
        heard(result, 'n2', 'fifo sport/+', 2),
        heard(result, 'n3', 'causal sport/#', 4),
      ),
  },
  {
    name: 'Subscriptions by agreement, and one order for all',
    story:
      'A majority agrees on who subscribes; the leader gives each message its place, and all deliver in that order.',
    config: members(
      3,
      "publish: 4, publish_interval: 90, publish_after: 200, subscribe: [{ pattern: '#', order: total, history: true }], expect: 12",
    ),
    ends: (result) =>
      first(
        allTerminated(result),
        everybodyHeard(result, 'total #', 12),
        sameOrder(result, 'total #'),
      ),
  },
  {
    name: 'A pulled cable',
    story:
      'Two and two are apart for a while, miss one another and talk on: afterwards everybody has everything, in order.',
    config: members(
      4,
      `registry_by: local, publish: 5, publish_interval: 200, subscribe: [{ pattern: news, history: true }], expect: 20, ${SOON_MISSED}`,
    ),
    faults: {
      latency: '1-20',
      partitions: [
        {
          groups: [
            ['n1', 'n2'],
            ['n3', 'n4'],
          ],
          at: '200ms',
          for: '1500ms',
        },
      ],
      heal: '3s',
    },
    ends: (result) => first(allTerminated(result), everybodyHeard(result, 'causal news', 20)),
  },
];

function everybodyHeard(result: RunResult, subscription: string, count: number): Verdict {
  return firstOf(Object.keys(result.nodes), (id) => heard(result, id, subscription, count));
}

function heard({ nodes }: RunResult, id: string, subscription: string, count: number): Verdict {
  return same(
    `${id}: messages delivered to '${subscription}'`,
    orderOf(nodes, id, subscription).length,
    count,
  );
}

function sameOrder({ nodes }: RunResult, subscription: string): Verdict {
  const [one, ...others] = Object.keys(nodes);
  return firstOf(others, (id) =>
    same(
      `the order of ${id}`,
      orderOf(nodes, id, subscription),
      orderOf(nodes, one!, subscription),
    ),
  );
}

function orderOf(nodes: RunResult['nodes'], id: string, subscription: string): readonly string[] {
  const orders = nodes[id]?.report['orders'] as Record<string, readonly string[]> | undefined;
  return orders?.[subscription] ?? [];
}
