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
import type { Outcome } from './rules.ts';

/** A coordinator and participants that vote so. Patient enough for slow links. */
function transaction(votes: readonly ('yes' | 'no')[], more = 'patience: 20000'): string {
  const [coordinator, ...participants] = nodeNames(votes.length + 1);
  return [
    `${coordinator}: { coordinator: true, ${more}, resend: 5000 }`,
    ...participants.map((id, index) => `${id}: { vote: ${votes[index]!}, ${more} }`),
  ].join('\n');
}

/** Scenarios of {@link TwoPhaseCommit}. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'All say yes',
    story: 'Four messages with each participant, and all commit.',
    config: transaction(['yes', 'yes', 'yes']),
    ends: (result) => first(ended(result, 'committed'), messages(result, 12)),
  },
  {
    name: 'One says no',
    story: 'It aborts at once; the others, who said yes, must wait to be told.',
    config: transaction(['yes', 'no', 'yes', 'yes']),
    ends: (result) => first(ended(result, 'aborted'), messages(result, 16)),
  },
  {
    name: 'Nobody waits',
    story: 'Patience shorter than a message takes: everybody gives up, and to the same effect.',
    config: transaction(['yes', 'yes', 'yes'], 'patience: 10'),
    latencyMs: { min: 20, max: 30 },
    ends: (result) =>
      first(ended(result, 'aborted'), within('messages sent', result.messages_sent, 9, 12)),
  },
  {
    name: 'Nobody takes part',
    story: 'A transaction of the coordinator alone: nobody to ask, committed at once.',
    config: 'n1: { coordinator: true }',
    // There is nobody to be parted from.
    faults: { pauses: [{ every: '50ms', for: '10ms' }] },
    ends: (result) => first(ended(result, 'committed'), messages(result, 0)),
  },
];

function ended(result: RunResult, outcome: Outcome): Verdict {
  return first(allTerminated(result), allReported(result, { outcome }));
}

function messages({ messages_sent }: RunResult, count: number): Verdict {
  return same('messages sent', messages_sent, count);
}
