/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import { allTerminated, first, firstOf, nodeNames, reported, same } from '../verdict.ts';

const four = `
node1: { is_initiator: true, initial_value: "Hello from the message chain!", max_hops: 3 }
node2: { is_initiator: false, max_hops: 3 }
node3: { is_initiator: false, max_hops: 3 }
node4: { is_initiator: false, max_hops: 3 }
`;

const six = nodeNames(6)
  .map((id, index) => `${id}: { is_initiator: ${index === 0}, max_hops: 3 }`)
  .join('\n');

const generals = nodeNames(5)
  .map((id, index) => `${id}: { is_initiator: ${index < 2}, max_hops: 2 }`)
  .join('\n');

const oneWayRing = nodeNames(7)
  .map((id, index, ids) => {
    const next = ids[(index + 1) % ids.length]!;
    return `${id}: { neighbours: [${next}], is_initiator: ${index === 0}, max_hops: 4 }`;
  })
  .join('\n');

const silence = nodeNames(3)
  .map((id) => `${id}: { is_initiator: false }`)
  .join('\n');

/**
 * Chains that end at a given node when one of n nodes, all connected, begins: one for each choice
 * of nodes in between.
 */
function chainsAtEach(n: number, maxHops: number): number {
  let total = 0;
  let ofLength = 1;
  for (let length = 1; length <= Math.min(maxHops, n - 1); length++) {
    total += ofLength;
    ofLength *= n - 1 - length;
  }
  return total;
}

/** Scenarios of {@link MessageChain}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'Four nodes, three hops',
    story: 'Every path that the four allow: five chains reach each of the three others.',
    config: four,
    ends: (result) =>
      first(
        allTerminated(result),
        same('messages sent', result.messages_sent, 2 * 15),
        reported(result, 'node1', { chains_received: 0, is_initiator: true }),
        firstOf(['node2', 'node3', 'node4'], (id) =>
          reported(result, id, {
            chains_received: 5,
            is_initiator: false,
            values: { node1: ['Hello from the message chain!'] },
          }),
        ),
      ),
  },
  {
    name: 'Six nodes, three hops',
    story: 'The factorial begins to show: 17 chains at each node, 170 messages with their answers.',
    config: six,
    latencyMs: { min: 1, max: 60 },
    ends: (result) =>
      first(
        allTerminated(result),
        same('messages sent', result.messages_sent, 2 * 5 * chainsAtEach(6, 3)),
        firstOf(nodeNames(6).slice(1), (id) =>
          reported(result, id, { chains_received: 17, values: { n1: ['Hello from n1'] } }),
        ),
      ),
  },
  {
    name: 'Two initiators',
    story: 'Two trees of chains grow side by side, and each initiator knows when its own is over.',
    config: generals,
    ends: (result) =>
      first(
        allTerminated(result),
        same('messages sent', result.messages_sent, 2 * 2 * 4 * chainsAtEach(5, 2)),
        firstOf(['n1', 'n2'], (id) => reported(result, id, { chains_received: 4 })),
        firstOf(['n3', 'n4', 'n5'], (id) =>
          reported(result, id, {
            chains_received: 8,
            values: { n1: ['Hello from n1'], n2: ['Hello from n2'] },
          }),
        ),
      ),
  },
  {
    name: 'A one-way ring',
    story:
      'One path only, four hops long: the last two nodes hear nothing, and the answers find back.',
    config: oneWayRing,
    ends: (result) =>
      first(
        allTerminated(result),
        same('messages sent', result.messages_sent, 2 * 4),
        firstOf(['n2', 'n3', 'n4', 'n5'], (id) => reported(result, id, { chains_received: 1 })),
        firstOf(['n6', 'n7'], (id) => reported(result, id, { chains_received: 0, values: {} })),
      ),
  },
  {
    name: 'Nobody begins',
    story: 'No initiator: nothing is sent, and everybody ends at once.',
    config: silence,
    ends: (result) => first(allTerminated(result), same('messages sent', result.messages_sent, 0)),
  },
];
