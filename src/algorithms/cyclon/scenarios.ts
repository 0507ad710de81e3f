/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import { lattice, network } from '../gbps/scenarios.ts';
import { connected, happened, viewsHold } from '../overlay-verdict.ts';
import { first, same } from '../verdict.ts';

/** Scenarios of {@link Cyclon}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'From a ring to a random graph',
    story: 'Eight nodes on a ring: after some shuffles nobody could tell.',
    config: network(8, 'view_size: 4', lattice(8, 3)),
    ends: (result) => first(viewsHold(result, 4), connected(result), happened(result, 'exchanges')),
  },
  {
    name: 'Two islands and a bridge',
    story: 'Two groups of five know one another through n1 alone, and become one network.',
    config: network(10, 'view_size: 4', (at) =>
      at === 0
        ? ['n2', 'n6']
        : at < 5
          ? ['n1', 'n2', 'n3', 'n4', 'n5']
          : ['n6', 'n7', 'n8', 'n9', 'n10'],
    ),
    ends: (result) => first(viewsHold(result, 3), connected(result)),
  },
  {
    name: 'Alone',
    story: 'Nobody to shuffle with, nothing to send.',
    config: network(1, 'view_size: 4'),
    ends: (result) => same('messages sent', result.messages_sent, 0),
  },
];
