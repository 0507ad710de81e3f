/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import type { RunResult } from '../../core/result.ts';
import {
  allTerminated,
  first,
  firstOf,
  nodeNames,
  reported,
  same,
  type Verdict,
} from '../verdict.ts';

/** A call and its answer: two messages for each neighbour of a start node. */
const MESSAGES_A_CALL = 2;

const star = `
node1:
  neighbours: [node2, node3]
  start_node: true
node2:
  neighbours: [node1]
  start_node: false
node3:
  neighbours: [node1]
  start_node: false
`;

const mesh = nodeNames(6)
  .map((id, index) => `${id}: { start_node: ${index < 2} }`)
  .join('\n');

const path = `
n1: { neighbours: [n2], start_node: true }
n2: { neighbours: [n1, n3], start_node: false }
n3: { neighbours: [n2, n4], start_node: false }
n4: { neighbours: [n3], start_node: false }
`;

const oneWay = `
n1: { neighbours: [n2, n3], start_node: true }
n2: { neighbours: [n3], start_node: false }
n3: { neighbours: [n2], start_node: true }
`;

const silence = nodeNames(3)
  .map((id) => `${id}: { start_node: false }`)
  .join('\n');

/** Scenarios of {@link Echo}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'A star of three',
    story: 'The middle calls, both ends answer: four messages, one round trip.',
    config: star,
    ends: (result) =>
      first(
        allTerminated(result),
        calls(result, 2),
        firstOf(['node2', 'node3'], (id) => reported(result, id, { messages_received: 1 })),
        firstOf(['node2', 'node3'], (id) =>
          // {"sender":"node1","message":"Hello world!"}
          result.format === 'json'
            ? same(`bytes received by ${id}`, result.nodes[id]!.bytes_received, 43)
            : undefined,
        ),
        reported(result, 'node1', { messages_received: 0, answers_received: 2, unanswered: [] }),
      ),
  },
  {
    name: 'Two callers among six',
    story: 'Everybody knows everybody; two nodes call, and each answers the other as well.',
    config: mesh,
    latencyMs: { min: 1, max: 80 },
    ends: (result) =>
      first(
        allTerminated(result),
        calls(result, 10),
        firstOf(['n1', 'n2'], (id) =>
          reported(result, id, { messages_received: 1, answers_received: 5 }),
        ),
        firstOf(['n3', 'n4', 'n5', 'n6'], (id) =>
          reported(result, id, { messages_received: 2, answers_received: 0 }),
        ),
      ),
  },
  {
    name: 'A path of four',
    story: 'The call reaches one neighbour; n3 and n4 hear nothing, and the run ends all the same.',
    config: path,
    ends: (result) =>
      first(
        allTerminated(result),
        calls(result, 1),
        reported(result, 'n2', { messages_received: 1 }),
        firstOf(['n3', 'n4'], (id) => reported(result, id, { messages_received: 0 })),
      ),
  },
  {
    name: 'One-way neighbours',
    story: 'n1 is nobody’s neighbour: an answer needs no link, it takes the way of its question.',
    config: oneWay,
    ends: (result) =>
      first(
        allTerminated(result),
        calls(result, 3),
        reported(result, 'n1', { messages_received: 0, answers_received: 2 }),
        reported(result, 'n2', { messages_received: 2 }),
        reported(result, 'n3', { messages_received: 1, answers_received: 1 }),
      ),
  },
  {
    name: 'Nobody calls',
    story: 'No start node: nothing is sent, and everybody ends at once.',
    config: silence,
    ends: (result) => first(allTerminated(result), calls(result, 0)),
  },
];

function calls({ messages_sent }: RunResult, count: number): Verdict {
  return same('messages sent', messages_sent, MESSAGES_A_CALL * count);
}
