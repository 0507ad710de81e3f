/** Replays a whole recording: every life of every node, one after the other, and their traces as one. */

import { compareIds, type NodeId } from '../../core/id.ts';
import type { LogLevel } from '../../core/ports.ts';
import type { TraceEvent } from '../../core/trace.ts';
import type { RunPlan } from '../../runtime/plan.ts';
import {
  replayLife,
  type ReplayedLife,
  type ReplayOptions,
} from '../../runtime/recording/replay-life.ts';
import { liveTrace } from '../live/live-trace.ts';
import { nameOf, RecordingFileError, type ReadLife } from './recording-reader.ts';

/** A life, how it was recorded, and how its replay went. */
export interface ReplayedReadLife extends ReplayedLife {
  readonly read: ReadLife;
}

/** What a replay does beside replaying. */
export interface ReplayRecordingOptions {
  /** Takes what nodes log. */
  readonly log?: (
    node: NodeId,
    timeMs: number,
    level: LogLevel,
    path: string,
    text: string,
  ) => void;
  /** Hears now and then how much of a life is done, from 0 to 1. */
  readonly progress?: (life: ReadLife, part: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Replays the lives of a recording, in the order of nodes and incarnations.
 *
 * @throws {RecordingFileError} when a life is one of a node that the plan does not have
 */
export async function replayRecording(
  plan: RunPlan,
  lives: readonly ReadLife[],
  { log, progress, signal }: ReplayRecordingOptions = {},
): Promise<readonly ReplayedReadLife[]> {
  const ids = plan.nodes.map(({ id }) => id);
  const stranger = lives.find(({ life }) => !ids.includes(life.node));
  if (stranger !== undefined) {
    const line = stranger.lines[0]?.number ?? 1;
    throw new RecordingFileError(line, `the configuration has no node ${stranger.life.node}`);
  }
  const all: ReplayedReadLife[] = [];
  for (const read of inOrder(lives, ids)) {
    if (signal?.aborted === true) break;
    const { node } = read.life;
    const done = await replayLife(plan, read, {
      ...(log === undefined
        ? {}
        : { log: (...line: Parameters<NonNullable<ReplayOptions['log']>>) => log(node, ...line) }),
      ...(signal === undefined ? {} : { signal }),
      progress: (turns) => progress?.(read, turns / read.lines.length),
    });
    all.push({ ...done, read });
  }
  return all;
}

function inOrder(lives: readonly ReadLife[], ids: readonly NodeId[]): readonly ReadLife[] {
  const place = new Map(ids.map((id, at) => [id, at]));
  return lives.toSorted(
    ({ life: a }, { life: b }) =>
      place.get(a.node)! - place.get(b.node)! || a.incarnation - b.incarnation,
  );
}

/** True when everything that was recorded happened again. */
export function isSame(life: ReplayedLife): boolean {
  const { difference, impossible, otherResult } = life;
  return difference === undefined && impossible === undefined && otherResult === undefined;
}

/** The life that differs first, by the times of its node; undefined when none does. */
export function firstToDiffer(lives: readonly ReplayedReadLife[]): ReplayedReadLife | undefined {
  return lives.filter((life) => !isSame(life)).toSorted(byDifference)[0];
}

function byDifference(a: ReplayedReadLife, b: ReplayedReadLife): number {
  return differsAtMs(a) - differsAtMs(b) || compareIds(a.life.node, b.life.node);
}

function differsAtMs({ difference, lastMs }: ReplayedLife): number {
  const event = difference?.a.record?.event ?? difference?.b.record?.event;
  return event?.time ?? lastMs;
}

/** What all lives did, as one trace: that of the run, when nothing differs. */
export function replayedTrace(
  lives: readonly ReplayedLife[],
  nodes: readonly NodeId[],
): Iterable<TraceEvent> {
  return liveTrace(
    lives.flatMap((life) => life.events),
    nodes,
  );
}

/** In words why a life is not what it was; a line each. */
export function whyDifferent(life: ReplayedReadLife): readonly string[] {
  const { impossible, otherResult } = life;
  const name = nameOf(life.life);
  if (impossible !== undefined) return [`${name}, line ${impossible.number}: ${impossible.why}`];
  if (otherResult === undefined) return [];
  return [`${name}: every event is the same, and its result is not (${otherResult.join(', ')})`];
}
