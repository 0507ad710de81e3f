/** The trace of a live run: events of nodes whose clocks differ, in one order. */

import { TraceMerge } from '../../check/trace/merge.ts';
import type { NodeId } from '../../core/id.ts';
import type { TraceEvent } from '../../core/trace.ts';

/**
 * All events in one order: what arrives does not stand before its sending.
 *
 * @param nodes in the order of the configuration
 */
export function liveTrace(
  events: readonly TraceEvent[],
  nodes: readonly NodeId[],
): Iterable<TraceEvent> {
  const place = new Map(nodes.map((id, at) => [id, at]));
  const sorted = events.toSorted(
    (a, b) =>
      a.time - b.time ||
      (place.get(a.node) ?? 0) - (place.get(b.node) ?? 0) ||
      a.sequence - b.sequence,
  );
  return new TraceMerge([() => sorted]).events();
}
