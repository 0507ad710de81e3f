/** Chooses events of a trace by what stands in them. */

import type { NodeId } from '../../core/id.ts';
import type { TraceEvent } from '../../core/trace.ts';

/** What an event must fulfil; an empty list asks for nothing. */
export interface FilterRules {
  readonly nodes: readonly NodeId[];
  readonly kinds: readonly string[];
  /** A path fits its layers too: `upper` fits `upper.broadcast`. */
  readonly paths: readonly string[];
  /** Types of messages and outputs. */
  readonly types: readonly string[];
  /** Must occur in the event's line, in any case. */
  readonly text: string | undefined;
  /** Milliseconds of the run, both included. */
  readonly fromMs: number | undefined;
  readonly untilMs: number | undefined;
}

/** Rules that every event fulfils. */
export const EVERYTHING: FilterRules = {
  nodes: [],
  kinds: [],
  paths: [],
  types: [],
  text: undefined,
  fromMs: undefined,
  untilMs: undefined,
};

/** The rules as a predicate over an event and its line in the file; undefined when everything fulfils them. */
export function eventFilter(
  rules: FilterRules,
): ((event: TraceEvent, line: string) => boolean) | undefined {
  const { nodes, kinds, paths, types, text, fromMs, untilMs } = rules;
  const tests: ((event: TraceEvent, line: string) => boolean)[] = [];
  if (fromMs !== undefined) tests.push(({ time }) => time >= fromMs);
  if (untilMs !== undefined) tests.push(({ time }) => time <= untilMs);
  if (nodes.length > 0) tests.push(isOneOf(nodes, ({ node }) => node));
  if (kinds.length > 0) tests.push(isOneOf(kinds, ({ kind }) => kind));
  if (types.length > 0) {
    tests.push(isOneOf(types, (event) => ('type' in event ? event.type : undefined)));
  }
  if (paths.length > 0) {
    tests.push((event) => 'path' in event && paths.some((path) => isWithin(event.path, path)));
  }
  if (text !== undefined) {
    const wanted = text.toLowerCase();
    tests.push((_event, line) => line.toLowerCase().includes(wanted));
  }
  if (tests.length === 0) return undefined;
  return (event, line) => tests.every((fits) => fits(event, line));
}

function isOneOf(
  names: readonly string[],
  read: (event: TraceEvent) => string | undefined,
): (event: TraceEvent) => boolean {
  const set = new Set<string | undefined>(names);
  return (event) => set.has(read(event));
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`);
}
