/** What a plan asks for that cannot be done to real tabs: said before the run begins, and not when nothing happens. */

import type { FaultPlan } from '../../core/faults/plan.ts';
import { LIE_KINDS } from '../../core/faults/kinds.ts';

/** A sentence for each fault of the plan that only the simulator has; none when the plan can be carried out live. */
export function unsupportedLive(plan: FaultPlan): readonly string[] {
  const sentences: string[] = [];
  const refuse = (isPlanned: boolean, sentence: string) => {
    if (isPlanned) sentences.push(sentence);
  };
  const disks = new Set(plan.crashes.map(({ disk }) => disk));
  refuse(disks.has('amnesia'), 'disk: amnesia is for offline runs: a tab’s storage is not ours to wipe.');
  refuse(
    disks.has('unsynced') || disks.has('torn'),
    'disk: unsynced and torn are for offline runs: a browser’s storage writes all of a transaction or nothing.',
  );
  refuse(
    plan.diskSyncMs !== undefined,
    'disk: sync is for offline runs: a browser’s storage is as fast as it is.',
  );
  refuse(plan.kinds.includes('clock'), 'clocks are for offline runs: live nodes have their machine’s.');
  const lies = LIE_KINDS.filter((kind) => plan.kinds.includes(kind));
  refuse(
    lies.length > 0,
    `byzantine is for offline runs (here ${lies.join(', ')}): live nodes are as honest as their code.`,
  );
  refuse(plan.twins.size > 0, 'twins are for offline runs: live, the newer of two with one key takes over.');
  return sentences;
}
