/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import type { RunResult } from '../../core/result.ts';
import { allReported, allTerminated, first, same, within, type Verdict } from '../verdict.ts';

/** A ring in the order given, as YAML. */
export function ring(nodeIds: readonly number[], startDelayMax?: number): string {
  const delay = startDelayMax === undefined ? '' : `, start_delay_max: ${startDelayMax}`;
  return nodeIds
    .map((nodeId, index) => {
      const next = ((index + 1) % nodeIds.length) + 1;
      return `n${index + 1}: { neighbours: [n${next}], node_id: ${nodeId}${delay} }`;
    })
    .join('\n');
}

const up = [1, 2, 3, 4];
const down = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
const mixed = [11, 3, 27, 8, 19, 2, 31, 14, 6, 23, 1, 30, 17, 9, 25, 12];

/** Scenarios of {@link ChangRoberts}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'Four nodes in ascending order',
    story: 'Every number but the greatest is swallowed by the very next node.',
    config: ring(up),
    ends: (result) => first(elects(result, 4), within(...elections(result), 4, 2 * 4 - 1)),
  },
  {
    name: 'The best case, all at once',
    story: 'Ascending order and no delay: 2n − 1 candidatures, of which n are the winner’s.',
    config: ring([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0),
    ends: (result) => first(elects(result, 10), same(...elections(result), 2 * 10 - 1)),
  },
  {
    name: 'The worst case, all at once',
    story: 'Descending order and no delay: number k makes k hops before it meets a greater one.',
    config: ring(down, 0),
    ends: (result) => first(elects(result, 10), same(...elections(result), (10 * 11) / 2)),
  },
  {
    name: 'Sixteen nodes in no order',
    story: 'Between the two, and with luck nearer to n·H(n) ≈ 54 than to n(n+1)/2 = 136.',
    config: ring(mixed),
    latencyMs: { min: 1, max: 50 },
    ends: (result) => first(elects(result, 31), within(...elections(result), 16, 136)),
  },
  {
    name: 'Late risers',
    story:
      'Delays far above the latency: most are woken or beaten before they stand up themselves.',
    config: ring(mixed, 2000),
    ends: (result) => first(elects(result, 31), within(...elections(result), 16, 136)),
  },
  {
    name: 'Alone',
    story: 'A ring of one: nobody to ask, nothing to send.',
    config: 'n1: { node_id: -7 }',
    ends: (result) => first(elects(result, -7), same('messages sent', result.messages_sent, 0)),
  },
];

function elects(result: RunResult, leader: number): Verdict {
  return first(allTerminated(result), allReported(result, { leader }));
}

/** Messages without the n that carry the result around. */
function elections({ messages_sent, nodes }: RunResult): [what: string, count: number] {
  return ['election messages', messages_sent - Object.keys(nodes).length];
}
