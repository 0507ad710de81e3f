/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import type { RunResult } from '../../core/result.ts';
import { allReported, allTerminated, first, nodeNames, same, type Verdict } from '../verdict.ts';
import { withLiars } from './faults.ts';

const four = `
n1: { is_sender: true, broadcast_value: "TestValue123" }
n2: { is_sender: false }
n3: { is_sender: false }
n4: { is_sender: false }
`;

function mesh(n: number, senders: number, more = ''): string {
  return nodeNames(n)
    .map((id, index) => `${id}: { is_sender: ${index < senders}, deliveries: ${senders}${more} }`)
    .join('\n');
}

/** Scenarios of {@link Bracha}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'Four nodes, none faulty',
    story: 'One sender, f = 1: 3 sends, 12 echoes, 12 readies.',
    config: four,
    ends: (result) =>
      first(
        allTerminated(result),
        broadcasts(result, 1),
        allReported(result, {
          delivered_value: 'TestValue123',
          delivered: { n1: 'TestValue123' },
        }),
      ),
  },
  {
    name: 'Seven nodes, uneven links',
    story: 'Some nodes deliver on the readies of others before the origin’s own word arrives.',
    config: mesh(7, 1),
    latencyMs: { min: 1, max: 200 },
    ends: (result) =>
      first(
        allTerminated(result),
        broadcasts(result, 1),
        allReported(result, { delivered: { n1: 'Hello from n1' } }),
      ),
  },
  {
    name: 'Three senders at once',
    story: 'Seven nodes keep three broadcasts apart by their origin.',
    config: mesh(7, 3),
    latencyMs: { min: 1, max: 40 },
    ends: (result) =>
      first(
        allTerminated(result),
        broadcasts(result, 3),
        allReported(result, {
          delivered: { n1: 'Hello from n1', n2: 'Hello from n2', n3: 'Hello from n3' },
        }),
      ),
  },
  {
    name: 'Fewer faults than possible',
    story: 'Seven nodes that fear one liar only: smaller quorums, as many messages.',
    config: mesh(7, 1, ', f: 1'),
    faults: withLiars('any 1'),
    ends: (result) => first(allTerminated(result), broadcasts(result, 1)),
  },
  {
    name: 'Nobody broadcasts',
    story: 'Whoever waits for no broadcast is done at once.',
    config: mesh(4, 0),
    ends: (result) =>
      first(allTerminated(result), broadcasts(result, 0), allReported(result, { delivered: {} })),
  },
  {
    name: 'Alone',
    story: 'A node that trusts itself: delivered at once, and nothing was sent.',
    config: mesh(1, 1),
    ends: (result) =>
      first(
        allTerminated(result),
        broadcasts(result, 1),
        allReported(result, { delivered_value: 'Hello from n1' }),
      ),
  },
];

/**
 * A send and 2n echoes and readies to n − 1 others: (n − 1)(2n + 1) messages for each broadcast.
 */
function broadcasts({ messages_sent, nodes }: RunResult, count: number): Verdict {
  const n = Object.keys(nodes).length;
  return same('messages sent', messages_sent, count * (n - 1) * (2 * n + 1));
}
