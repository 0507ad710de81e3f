/** The decisions on which atomicity rests. */

import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';

/** What can become of a transaction. */
export type Outcome = 'committed' | 'aborted';

/**
 * Where a node stands. The coordinator is `working` until it decides; a participant is until it
 * votes, and `prepared` from its yes until it hears the decision: then it is in doubt.
 */
export type Phase = 'working' | 'prepared' | Outcome;

/** Rules of {@link TwoPhaseCommit}. */
export const rules = { isUnanimous, onSilence, mayAbortAlone, presumed, record, recall };

/** The coordinator commits when every participant has said yes. One no is enough to abort. */
function isUnanimous(yes: ReadonlySet<NodeId>, participants: readonly NodeId[]): boolean {
  return participants.every((id) => yes.has(id));
}

/** What the coordinator decides when votes are missing for too long. */
function onSilence(): Outcome {
  return 'aborted';
}

/** Whether a participant that hears nothing may abort by itself: until it has said yes. */
function mayAbortAlone(phase: Phase): boolean {
  return phase === 'working';
}

/** What a coordinator decides that comes back and finds no decision on its disk: it had told nobody to commit. */
function presumed(): Outcome {
  return 'aborted';
}

/** What is stored before anybody hears of it. */
function record(phase: Phase): Readonly<Record<string, unknown>> {
  return { phase };
}

/** Where a node stood when it went down. */
function recall(stored: ReadonlyMap<string, Value>): Phase {
  return (stored.get('phase') as Phase | undefined) ?? 'working';
}
