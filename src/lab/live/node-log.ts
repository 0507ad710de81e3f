/** A node's log as text: what the command line writes into files, and the lab saves. */

import type { NodeId } from '../../core/id.ts';
import type { LogLevel } from '../../core/ports.ts';
import type { TraceEvent } from '../../core/trace.ts';

/** The levels, the least severe first. */
export const LOG_LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];

/** Something that a node said, or that was said of it where it runs: then the path is empty. */
export type LogEvent = Extract<TraceEvent, { readonly kind: 'log' }>;

/** Whether a line is at least as severe as a level. */
export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
}

/** A line of a node: seconds, level, layer, text, with a tab between each two; each line of its text has them. */
export function logText(timeMs: number, level: LogLevel, layer: string, text: string): string {
  const head = `${(timeMs / 1000).toFixed(3)}\t${level}\t${layer}`;
  return text
    .split('\n')
    .map((line) => `${head}\t${line}\n`)
    .join('');
}

/** The lines of one node; of all nodes, each with its node before it, unless one is named. */
export function logFileOf(events: readonly TraceEvent[], node?: NodeId): string {
  const lines = events.flatMap((event) => {
    if (event.kind !== 'log' || (node !== undefined && event.node !== node)) return [];
    const { time, level, path, text } = event;
    const own = logText(time, level, path, text);
    return node === undefined ? own.replace(/^(?=.)/gm, `${event.node}\t`) : own;
  });
  return lines.join('');
}
