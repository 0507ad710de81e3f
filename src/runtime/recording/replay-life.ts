/** Replays one life of a node, and says where it came to something else than was recorded. */

import { compareTraces, type TraceDifference } from '../../check/trace/trace-diff.ts';
import type { TraceRecord } from '../../check/trace/trace-record.ts';
import type { LogLevel } from '../../core/ports.ts';
import type { NodeResult } from '../../core/result.ts';
import type { TraceEvent } from '../../core/trace.ts';
import type { RunPlan } from '../plan.ts';
import { macrotask } from '../platform.ts';
import { printable, printableEvent } from '../trace-file.ts';
import type { BetweenLine, LifeLine, TurnLine } from './recording.ts';
import { ImpossibleInput, ReplayedNode } from './replayed-node.ts';

/** A line with its number in the file, from 1. */
export interface Numbered<L> {
  readonly number: number;
  readonly line: L;
}

/** What is known of one life of a node. */
export interface RecordedLife {
  readonly life: LifeLine;
  readonly lines: readonly Numbered<TurnLine | BetweenLine>[];
  /** What the node came to; undefined when the recording ends before. */
  readonly result: Numbered<NodeResult> | undefined;
}

/** How a replay went. */
export interface ReplayedLife {
  readonly life: LifeLine;
  /** Turns that were replayed. */
  readonly turns: number;
  /** The node's time in the last of them, in milliseconds. */
  readonly lastMs: number;
  /** What the node did this time. */
  readonly events: readonly TraceEvent[];
  /** The first event that is another one. */
  readonly difference?: TraceDifference;
  /** An input that could not happen; the replay ended there. */
  readonly impossible?: { readonly number: number; readonly why: string };
  /** Fields of the result that are others, though no event is. */
  readonly otherResult?: readonly string[];
}

/** Turns between two looks at the platform's event loop, so that Ctrl-C is heard and progress is seen. */
const TURNS_PER_BREATH = 2000;

/** What a replay does beside replaying. */
export interface ReplayOptions {
  /** Hears now and then how many turns are done. */
  readonly progress?: (turns: number) => void;
  /** Takes what the node logs. */
  readonly log?: (timeMs: number, level: LogLevel, path: string, text: string) => void;
  readonly signal?: AbortSignal;
}

/** Replays a life. */
export async function replayLife(
  plan: RunPlan,
  { life, lines, result }: RecordedLife,
  { log, progress, signal }: ReplayOptions = {},
): Promise<ReplayedLife> {
  const records: TraceRecord[] = [];
  let at = 0;
  const node = new ReplayedNode(
    plan,
    life,
    (event) => records.push(record(printableEvent(event), at)),
    log,
  );
  let turns = 0;
  let lastMs = 0;
  let impossible: ReplayedLife['impossible'];
  try {
    for (const { number, line } of lines) {
      if (signal?.aborted === true) break;
      at = number;
      try {
        if ('turn' in line) {
          await node.take(line);
          turns++;
          lastMs = line.time;
          if (turns % TURNS_PER_BREATH === 0) {
            progress?.(turns);
            await macrotask();
          }
        } else await node.between(line.events);
      } catch (error) {
        if (!(error instanceof ImpossibleInput)) throw error;
        impossible = { number, why: error.message };
        break;
      }
    }
  } finally {
    await node.close();
  }
  const replayed = { life, turns, lastMs, events: records.map(({ event }) => event) };
  const difference = compareTraces(
    { facts: {}, records: recordsOf(lines) },
    { facts: {}, records },
  );
  if (difference !== undefined || impossible !== undefined) {
    return {
      ...replayed,
      ...(difference === undefined ? {} : { difference }),
      ...(impossible === undefined ? {} : { impossible }),
    };
  }
  const otherResult = result && differingFields(result.line, node.result());
  return otherResult === undefined || otherResult.length === 0
    ? replayed
    : { ...replayed, otherResult };
}

function* recordsOf(lines: readonly Numbered<TurnLine | BetweenLine>[]): Generator<TraceRecord> {
  for (const { number, line } of lines) {
    for (const event of line.events ?? []) yield record(event, number);
  }
}

function record(event: TraceEvent, number: number): TraceRecord {
  return { event, line: JSON.stringify(event), number };
}

/** Fields in which two results differ. Of an error, only the first line is the algorithm's: the stack is the engine's. */
function differingFields(recorded: NodeResult, replayed: NodeResult): readonly string[] {
  const [a, b] = [comparable(recorded), comparable(replayed)];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (field) => JSON.stringify(a[field]) !== JSON.stringify(b[field]),
  );
}

function comparable({ error, report, ...rest }: NodeResult): Record<string, unknown> {
  return {
    ...rest,
    report: printable(report),
    ...(error === undefined ? {} : { error: error.split('\n')[0] }),
  };
}
