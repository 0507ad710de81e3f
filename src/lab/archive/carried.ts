/** What the events of one stretch of a run leave behind for the next: what every node was and held at its end, and what was on its way. */

import type { TraceEvent } from '../../core/trace.ts';

/** Messages under way that are carried on at most: more is a cloud, of which the latest are the ones to be seen. */
const UNDER_WAY_MAX = 2000;

/**
 * The events of a stretch that a picture of the time after it needs, in their order: of each node the last status, of each algorithm
 * at a node the last state, and the sendings of what has not arrived.
 */
export function carriedFrom(events: readonly TraceEvent[]): TraceEvent[] {
  const last = new Map<string, number>();
  const underWay = new Map<string, number>();
  for (const [index, event] of events.entries()) {
    switch (event.kind) {
      case 'status':
        last.set(event.node, index);
        break;
      case 'state':
        last.set(`${event.node} ${event.path}`, index);
        break;
      case 'send':
        underWay.set(`${event.message} ${event.to}`, index);
        break;
      case 'deliver':
      case 'drop':
        underWay.delete(`${event.message} ${event.node}`);
        break;
      default:
    }
  }
  const kept = new Set([...last.values(), ...[...underWay.values()].slice(-UNDER_WAY_MAX)]);
  return events.filter((_, index) => kept.has(index));
}
