/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import {
  allReported,
  allTerminated,
  first,
  firstOf,
  nodeNames,
  reported,
  same,
} from '../verdict.ts';

/** A payload and its acknowledgement. */
const MESSAGES_A_PAYLOAD = 2;

const three = `
_defaults: &defaults
  start_node: false
  messages: ["This is a test message"]

node1:
  <<: *defaults
  neighbours: [node2, node3]
  start_node: true
node2:
  <<: *defaults
  neighbours: [node1, node3]
node3:
  <<: *defaults
  neighbours: [node1, node2]
`;

const seven = nodeNames(7)
  .map((id, index) => {
    const messages = Array.from({ length: index + 1 }, (_, i) => `"text ${i}"`).join(', ');
    return `${id}: { start_node: ${index >= 4}, messages: [${messages}] }`;
  })
  .join('\n');

const path = `
n1: { neighbours: [n2], start_node: false }
n2: { neighbours: [n1, n3], start_node: true, messages: [left, right] }
n3: { neighbours: [n2, n4], start_node: false }
n4: { neighbours: [n3], start_node: false, messages: [unsaid] }
`;

const nothingToSay = nodeNames(3)
  .map((id, index) => `${id}: { start_node: ${index === 0} }`)
  .join('\n');

const silence = nodeNames(3)
  .map((id) => `${id}: { start_node: false, messages: [unsaid] }`)
  .join('\n');

/** Scenarios of {@link SimpleBroadcastUpper}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'One speaker, two listeners',
    story: 'One text and one echo reach both others, and the speaker’s own upper layer too.',
    config: three,
    ends: (result) =>
      first(
        allTerminated(result),
        same('messages sent', result.messages_sent, 2 * 2 * MESSAGES_A_PAYLOAD),
        allReported(result, { sends_received: 1, echoes_received: 1, complete: 1 }),
      ),
  },
  {
    name: 'Three speakers among seven',
    story: 'With 5, 6 and 7 texts: every node counts 18, and three echoes.',
    config: seven,
    latencyMs: { min: 1, max: 70 },
    ends: (result) =>
      first(
        allTerminated(result),
        same('messages sent', result.messages_sent, (18 + 3) * 6 * MESSAGES_A_PAYLOAD),
        allReported(result, { sends_received: 18, echoes_received: 3, complete: 3 }),
      ),
  },
  {
    name: 'A path of four',
    story: 'A broadcast goes one link far: n4 is no neighbour of the speaker and hears nothing.',
    config: path,
    ends: (result) =>
      first(
        allTerminated(result),
        same('messages sent', result.messages_sent, 3 * 2 * MESSAGES_A_PAYLOAD),
        firstOf(['n1', 'n2', 'n3'], (id) =>
          reported(result, id, { sends_received: 2, echoes_received: 1, complete: 1 }),
        ),
        reported(result, 'n4', { sends_received: 0, echoes_received: 0 }),
      ),
  },
  {
    name: 'Nothing to say',
    story: 'A speaker without texts announces none.',
    config: nothingToSay,
    ends: (result) =>
      first(
        allTerminated(result),
        allReported(result, { sends_received: 0, echoes_received: 1, complete: 1 }),
      ),
  },
  {
    name: 'Nobody speaks',
    story: 'No start node: nothing is sent, and everybody ends at once.',
    config: silence,
    ends: (result) => first(allTerminated(result), same('messages sent', result.messages_sent, 0)),
  },
];
