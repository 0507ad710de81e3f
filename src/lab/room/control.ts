/** What directors did to a run, and what follows from it for one node. */

import type { NodeId } from '../../core/id.ts';
import type { TraceEvent } from '../../core/trace.ts';
import type { Control } from './messages.ts';

/** Nothing was done to it yet. */
export function untouched(runId: string): Control {
  return { runId, isHeld: false, cut: [], killed: [], isStopped: false };
}

/** The nodes that a node cannot reach: those of the other groups. A node in no group reaches all. One way, only the first group is mute. */
export function cutOffFrom(node: NodeId, cut: Control['cut'], isOneWay = false): readonly NodeId[] {
  const own = cut.find((group) => group.includes(node));
  if (own === undefined || (isOneWay && own !== cut[0])) return [];
  return [...new Set(cut.filter((group) => group !== own).flat())].filter(
    (other) => !own.includes(other),
  );
}

/** What was done to single messages between two states of control. */
export function newGrabs(before: Control, after: Control): NonNullable<Control['grabs']> {
  const { grabs = [] } = after;
  return grabs.slice(before.grabs?.length ?? 0);
}

/** The difference between two states of control, as the trace tells it; `time` is the run's. */
export function controlEvents(
  before: Control,
  after: Control,
  time: number,
): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  for (const node of after.killed) {
    if (before.killed.includes(node)) continue;
    const detail = 'a director killed it';
    events.push({ kind: 'fault', node, time, sequence: 0, fault: 'crash', detail });
    // It cannot say so itself any more.
    events.push({ kind: 'status', node, time, sequence: 0, status: 'departed', detail });
  }
  for (const { to, message, path, type, deed } of newGrabs(before, after)) {
    if (deed !== 'drop') continue;
    const from = message.slice(0, message.lastIndexOf('#'));
    const detail = 'somebody took it out';
    const about = { from, message, path, type, reason: 'removed' as const, detail };
    events.push({ kind: 'drop', node: to, time, sequence: 0, ...about });
  }
  const isSame = JSON.stringify(before.cut) === JSON.stringify(after.cut);
  if (!isSame || before.isOneWay !== after.isOneWay) {
    for (const node of new Set([...before.cut, ...after.cut].flat())) {
      const others = cutOffFrom(node, after.cut, after.isOneWay);
      const detail =
        others.length === 0 ? 'reaches all again' : `cut off from ${others.join(', ')}`;
      events.push({ kind: 'fault', node, time, sequence: 0, fault: 'partition', detail });
    }
  }
  return events;
}
