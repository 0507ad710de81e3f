/** What happens at a node, before the node has written itself and the time into it. */

import type { TraceEvent } from '../core/trace.ts';

/** An event without what every event has. */
export type Happening = TraceEvent extends infer E
  ? E extends TraceEvent
    ? Omit<E, 'time' | 'node' | 'sequence'>
    : never
  : never;
