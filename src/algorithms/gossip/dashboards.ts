/** What the two rules of DAPSS do, drawn while a run goes on: here the interval really acts. */

import type { Dashboard } from '../../core/chapter.ts';
import type { NodeId } from '../../core/id.ts';
import type { VisibleState } from './invariants.ts';

/** Dashboards of {@link Gossip}. */
export const dashboards: readonly Dashboard<VisibleState>[] = [
  {
    name: 'Adaptive gossip',
    charts: [
      { name: 'Fanout', unit: 'neighbours', lines: eachNode(({ fanout }) => fanout) },
      { name: 'Interval', unit: 's', lines: eachNode(({ interval }) => interval) },
      {
        ...{ name: 'Message rate', unit: 'delivered per second', isRate: true },
        lines: eachNode(({ counts }) => counts.delivered),
      },
      {
        ...{ name: 'Publications', unit: 'per second', isRate: true },
        lines: (states) => ({
          'sent on': sumOf(states, ({ counts }) => counts.forwarded),
          duplicates: sumOf(states, ({ counts }) => counts.duplicates),
        }),
      },
    ],
  },
];

/** A line for each node. */
function eachNode(of: (state: VisibleState) => number) {
  return (
    states: readonly VisibleState[],
    ids: readonly NodeId[],
  ): Readonly<Record<NodeId, number>> =>
    Object.fromEntries(ids.map((id, at) => [id, of(states[at]!)] as const));
}

function sumOf(states: readonly VisibleState[], of: (state: VisibleState) => number): number {
  return states.reduce((sum, state) => sum + of(state), 0);
}
