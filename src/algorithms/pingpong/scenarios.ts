/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import { allTerminated, first, firstOf, nodeNames, reported, same } from '../verdict.ts';

/** Ping, its answer, pong. */
const MESSAGES_A_ROUND = 3;

const two = `
n1: { neighbours: [n2], initiator: true, max_rounds: 10 }
n2: { neighbours: [n1], initiator: false }
`;

const line = `
n1: { neighbours: [n2], initiator: false }
n2: { neighbours: [n1, n3], initiator: true, max_rounds: 4 }
n3: { neighbours: [n2, n4], initiator: false }
n4: { neighbours: [n3, n5], initiator: false }
n5: { neighbours: [n4], initiator: false, max_rounds: 100 }
`;

const simultaneous = nodeNames(5)
  .map((id) => `${id}: { initiator: true, max_rounds: 3 }`)
  .join('\n');

const oneWay = `
n1: { neighbours: [n2, n3], initiator: true, max_rounds: 6 }
n2: { neighbours: [n3], initiator: false }
n3: { neighbours: [n1], initiator: false }
`;

const none = `
n1: { initiator: true, max_rounds: 0 }
n2: { initiator: false }
`;

/** Scenarios of {@link PingPong}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'Ten rounds for two',
    story: 'n1 serves ten times; n2 has no number of rounds of its own and needs none.',
    config: two,
    ends: (result) =>
      first(
        allTerminated(result),
        same('messages sent', result.messages_sent, 10 * MESSAGES_A_ROUND),
        reported(result, 'n1', { pings_received: 0, pongs_received: 10, abandoned: [] }),
        reported(result, 'n2', { pings_received: 10, pongs_received: 0, abandoned: [] }),
      ),
  },
  {
    name: 'A server in the middle of a line',
    story: 'n2 plays to both sides at its own pace; n4 and n5 are asked by nobody and end as well.',
    config: line,
    latencyMs: { min: 1, max: 100 },
    ends: (result) =>
      first(
        allTerminated(result),
        same('messages sent', result.messages_sent, 8 * MESSAGES_A_ROUND),
        reported(result, 'n2', { pings_received: 0, pongs_received: 8 }),
        firstOf(['n1', 'n3'], (id) => reported(result, id, { pings_received: 4 })),
        firstOf(['n4', 'n5'], (id) => reported(result, id, { pings_received: 0 })),
      ),
  },
  {
    name: 'Everybody serves',
    story: 'Twenty games at once among five nodes: each pair plays two, and no ball is mistaken.',
    config: simultaneous,
    ends: (result) =>
      first(
        allTerminated(result),
        same('messages sent', result.messages_sent, 20 * 3 * MESSAGES_A_ROUND),
        firstOf(nodeNames(5), (id) =>
          reported(result, id, { pings_received: 12, pongs_received: 12 }),
        ),
      ),
  },
  {
    name: 'One-way neighbours',
    story: 'n2 cannot send to n1 and refuses the game; n3 can and plays it to the end.',
    config: oneWay,
    ends: (result) =>
      first(
        allTerminated(result),
        reported(result, 'n1', { pongs_received: 6, abandoned: ['n2'] }),
        reported(result, 'n2', { pings_received: 0 }),
        reported(result, 'n3', { pings_received: 6 }),
      ),
  },
  {
    name: 'No rounds',
    story: 'A game of no rounds is over before it began.',
    config: none,
    ends: (result) => first(allTerminated(result), same('messages sent', result.messages_sent, 0)),
  },
];
