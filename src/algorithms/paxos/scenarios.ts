/** Runs to look at, and how they end with every seed. */

import type { Scenario } from '../../core/chapter.ts';
import type { RunResult } from '../../core/result.ts';
import {
  allReported,
  allTerminated,
  first,
  nodeNames,
  same,
  within,
  type Verdict,
} from '../verdict.ts';

function cluster(n: number, values: readonly string[], more = ''): string {
  return nodeNames(n)
    .map((id, index) => {
      const value = values[index];
      const own = value === undefined ? '' : `value: ${value}`;
      return `${id}: { ${[own, more].filter((part) => part !== '').join(', ')} }`;
    })
    .join('\n');
}

/** Scenarios of {@link Paxos}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'One proposer',
    story: 'Two questions to everybody, two answers, and the result: nobody interferes.',
    config: cluster(5, ['red'], 'retry: 10000'),
    ends: (result) =>
      first(agrees(result, ['red']), within('messages sent', result.messages_sent, 16, 20)),
  },
  {
    name: 'Two proposers at once',
    story: 'Each promise to one breaks the other’s round; the higher ballot wins, or takes over.',
    config: cluster(5, ['red', 'blue']),
    ends: (result) => agrees(result, ['red', 'blue']),
  },
  {
    name: 'Everybody proposes',
    story: 'A duel of five: without random back-off it could go on for ever.',
    config: cluster(5, ['red', 'blue', 'green', 'black', 'white']),
    latencyMs: { min: 10, max: 40 },
    ends: (result) => agrees(result, ['red', 'blue', 'green', 'black', 'white']),
  },
  {
    name: 'Impatience',
    story: 'They begin anew before an answer can be there, until they have learned to wait.',
    config: cluster(3, ['red', 'blue', 'green'], 'retry: 40'),
    latencyMs: { min: 20, max: 40 },
    ends: (result) => agrees(result, ['red', 'blue', 'green']),
  },
  {
    name: 'Alone',
    story: 'A majority of one: chosen at once, and nothing was sent.',
    config: cluster(1, ['red']),
    // There is nobody to be parted from.
    faults: { pauses: [{ every: '50ms', for: '10ms' }] },
    ends: (result) =>
      first(agrees(result, ['red']), same('messages sent', result.messages_sent, 0)),
  },
];

/** All know the same value, and somebody wanted it. */
function agrees(result: RunResult, wanted: readonly string[]): Verdict {
  const chosen = Object.values(result.nodes)[0]?.report['chosen'];
  if (typeof chosen !== 'string' || !wanted.includes(chosen)) {
    return `chosen is ${JSON.stringify(chosen ?? null)}, and wanted were ${wanted.join(', ')}`;
  }
  return first(allTerminated(result), allReported(result, { chosen }));
}
