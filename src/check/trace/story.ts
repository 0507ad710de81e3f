/**
 * The story of a failure in a dozen lines: from the causal past of where it showed, what went wrong, what was delivered, and the last
 * messages that led there.
 */

import type { NodeId } from '../../core/id.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { CausalClocks, inCone, kept, type Stamp } from './causal-clocks.ts';
import { describeEvent } from './describe-event.ts';

/** Lines of a story, the last one included. */
export const STORY_LINES_MAX = 12;

/** Of these, so many are told before other things get their turn: outputs, then faults. */
const TOLD_MAX: readonly number[] = [4, 4];

/** One line of the story. */
export interface StoryLine {
  readonly time: number;
  readonly node: NodeId;
  readonly text: string;
}

/**
 * Tells what led to the end of a failing run.
 *
 * @param trace whole, up to the failure
 */
export function storyOf(
  trace: readonly TraceEvent[],
  linesMax: number = STORY_LINES_MAX,
): readonly StoryLine[] {
  const apex = apexOf(trace);
  if (apex < 0) return [];
  const clocks = new CausalClocks();
  const stamps: Stamp[] = trace.map((event) => kept(clocks.take(event)));
  const isPast = (index: number) => inCone(stamps[index]!, stamps[apex]!, 'past');
  const lines = new Map<string, number[]>([['apex', [apex]]]);
  for (const rank of [0, 1, 2, 3]) {
    // The latest first: what is nearest to the failure explains most.
    let told = 0;
    for (let index = trace.length - 1; index >= 0; index--) {
      const event = trace[index]!;
      if (index === apex || rankOf(event) !== rank || (rank > 0 && !isPast(index))) continue;
      if (++told > (TOLD_MAX[rank] ?? Infinity)) break;
      // A broadcast is one sentence.
      const key = event.kind === 'send' ? event.message : `event ${index}`;
      const line = lines.get(key);
      if (line !== undefined) line.unshift(index);
      else if (lines.size < linesMax) lines.set(key, [index]);
    }
  }
  return [...lines.values()]
    .toSorted(([a = 0], [b = 0]) => a - b)
    .map((indexes) => lineOf(indexes.map((index) => trace[index]!)));
}

function lineOf(events: readonly TraceEvent[]): StoryLine {
  const first = events[0]!;
  const { time, node } = first;
  if (first.kind !== 'send') return { time, node, text: describeEvent(first) };
  const to = events.map((event) => (event.kind === 'send' ? event.to : '')).join(', ');
  return { time, node, text: describeEvent({ ...first, to }) };
}

/** Where it showed: the violation, or else the first node that came to a bad end, or the last event of all. */
function apexOf(trace: readonly TraceEvent[]): number {
  const violation = trace.findLastIndex(({ kind }) => kind === 'violation');
  if (violation >= 0) return violation;
  const bad = trace.findIndex(
    (event) => event.kind === 'status' && (event.status === 'failed' || event.status === 'timeout'),
  );
  return bad >= 0 ? bad : trace.length - 1;
}

/** What is told first: what the algorithm gave to the world, then what went wrong, then what arrived. */
function rankOf(event: TraceEvent): number {
  switch (event.kind) {
    case 'output':
      return 0;
    case 'fault':
      return 1;
    case 'deliver':
      return 2;
    case 'send':
    case 'drop':
      return 3;
    case 'log':
      return event.level === 'warn' || event.level === 'error' ? 2 : 9;
    case 'timer':
    case 'state':
    case 'status':
    case 'violation':
      return 9;
  }
}
