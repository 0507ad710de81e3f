/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import { lattice, network } from '../gbps/scenarios.ts';
import { connected, happened } from '../overlay-verdict.ts';
import { first, same } from '../verdict.ts';

/** Scenarios of {@link Basalt}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'Eight nodes on a ring',
    story:
      'Each slot looks for the one peer that it ranks least; where it is found, the slot stays as it is.',
    config: network(8, 'view_size: 6, refresh: 1', lattice(8, 3)),
    ends: (result) => first(connected(result), happened(result, 'sampled')),
  },
  {
    name: 'Never refreshed',
    story:
      'Without new seeds the view settles and no samples come: a stubborn search that has found everything.',
    config: network(6, 'view_size: 5, refresh: 0', lattice(6, 2)),
    ends: (result) => first(connected(result), nobodySampled(result.nodes)),
  },
  {
    name: 'Everything new in each cycle',
    story:
      'nodemanager’s schema lets refresh be large: many samples, and little time to find good ones.',
    config: network(6, 'view_size: 4, refresh: 3'),
    ends: (result) => happened(result, 'sampled'),
  },
  {
    name: 'Alone',
    story: 'Nobody to rank, nothing to send.',
    config: network(1, 'view_size: 4'),
    ends: (result) => same('messages sent', result.messages_sent, 0),
  },
];

function nobodySampled(nodes: Readonly<Record<string, { readonly report: object }>>) {
  const reports = Object.values(nodes).map(({ report }) => report as { readonly sampled: number });
  return same(
    'samples',
    reports.reduce((all, { sampled }) => all + sampled, 0),
    0,
  );
}
