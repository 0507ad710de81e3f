/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import { network } from '../gbps/scenarios.ts';
import { connected, everybodyKnown, happened, viewsHold } from '../overlay-verdict.ts';
import { first, same } from '../verdict.ts';

/** Scenarios of {@link Hyparview}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'Eight at one door',
    story:
      'All join through n1, which sends their names on walks; nobody has more than three neighbours.',
    config: network(8, 'active_size: 3, passive_size: 9'),
    ends: (result) => first(viewsHold(result, 1), connected(result), happened(result, 'shuffles')),
  },
  {
    name: 'Five are a clique',
    story: 'With four places and four others everybody ends as everybody’s neighbour.',
    config: network(5, 'active_size: 4, passive_size: 10'),
    ends: (result) => first(connected(result), everybodyKnown(result)),
  },
  {
    name: 'A third goes',
    story: 'Three of nine crash at once: whoever asks them in vain finds another among its names.',
    config: network(9, 'active_size: 4, passive_size: 8'),
    faults: { crashes: [{ nodes: 'any third', at: '4s' }] },
    ends: (result) => first(viewsHold(result, 1), connected(result)),
  },
  {
    name: 'Alone',
    story: 'No door to knock at, nothing to send.',
    config: network(1, 'active_size: 3'),
    ends: (result) => same('messages sent', result.messages_sent, 0),
  },
];
