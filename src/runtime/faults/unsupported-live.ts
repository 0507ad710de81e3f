/** What a plan asks for that cannot be done to real tabs: said before the run begins, and not when nothing happens. */

import type { FaultPlan } from '../../core/faults/plan.ts';
import { LIE_KINDS } from '../../core/faults/kinds.ts';

/** A sentence for each fault of the plan that only the simulator has; none when the plan can be carried out live. */
export function unsupportedLive(plan: FaultPlan): readonly string[] {
  const sentences: string[] = [];
  const refuse = (isPlanned: boolean, sentence: string) => {
    if (isPlanned) sentences.push(sentence);
  };
  refuse(
    plan.crashes.length > 0,
    'crashes are for offline runs: live, a node goes down when its tab is closed, or when the room’s owner ends it.',
  );
  refuse(
    plan.diskSyncMs !== undefined,
    'disk: sync is for offline runs: a browser’s storage is as fast as it is.',
  );
  refuse(
    plan.kinds.includes('clock'),
    'clocks are for offline runs: live nodes have their machine’s.',
  );
  const lies = LIE_KINDS.filter((kind) => plan.kinds.includes(kind));
  refuse(
    lies.length > 0,
    `byzantine is for offline runs (here ${lies.join(', ')}): live nodes are as honest as their code.`,
  );
  refuse(
    plan.twins.size > 0,
    'twins are for offline runs: live, the newer of two with one key takes over.',
  );
  return sentences;
}
