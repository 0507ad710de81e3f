/** An event of a trace file, with the place where it stands. */

import type { TraceEvent } from '../../core/trace.ts';

/** One line of a trace. */
export interface TraceRecord {
  readonly event: TraceEvent;
  /** The line as it is written, without its line feed. */
  readonly line: string;
  /** Its number in the file, from 1. */
  readonly number: number;
}

/** What a trace file says of its run, by name: seed, algorithm, format … */
export type TraceFacts = Readonly<Record<string, unknown>>;
