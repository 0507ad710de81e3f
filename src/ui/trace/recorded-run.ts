/** A run that is over, out of a file: its events are all there is. */

import type { TraceEvent } from '../../core/trace.ts';
import type { Run, RunNode } from '../../lab/run.ts';

/** What the page holds beside the events. */
export interface TraceFactsShown {
  readonly algorithm?: string;
  readonly seed?: number;
  readonly nodes?: readonly string[];
}

/** The run that these events are of. */
export function recordedRun(events: readonly TraceEvent[], facts: TraceFactsShown): Run {
  return {
    place: 'simulated',
    algorithm: facts.algorithm ?? 'trace',
    seed: facts.seed ?? 0,
    nodes: nodesOf(events, facts.nodes ?? []),
    phase: 'ended',
    events,
    waitingFor: [],
    result: undefined,
    problem: undefined,
    subscribe: () => () => {},
    stop: () => {},
  };
}

/** The nodes of the configuration, then those that are only mentioned. */
function nodesOf(events: readonly TraceEvent[], first: readonly string[]): RunNode[] {
  const ids = new Set(first);
  for (const event of events) {
    ids.add(event.node);
    if (event.kind === 'send') ids.add(event.to);
  }
  return Array.from(ids, (id) => ({ id, neighbours: [], settings: {} }));
}
