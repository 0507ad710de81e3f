/** Live runs in one process, their recordings as they stand in files, and their replays. */

import { expect } from 'vitest';
import { diffText } from '../../src/check/trace/diff-text.ts';
import type { Faults } from '../../src/core/faults/faults.ts';
import type { AlgorithmClass } from '../../src/index.ts';
import { RecordingReader, type ReadRecording } from '../../src/lab/recording/recording-reader.ts';
import {
  firstToDiffer,
  isSame,
  replayRecording,
  whyDifferent,
  type ReplayedReadLife,
} from '../../src/lab/recording/replay-recording.ts';
import type { RunPlan } from '../../src/runtime/plan.ts';
import { LiveWorld } from './live-world.ts';
import { HEADER } from './recording-header.ts';
import { planOf, type RunOptions } from './simulate.ts';

export type { ReplayedReadLife } from '../../src/lab/recording/replay-recording.ts';

export { HEADER } from './recording-header.ts';

/** Runs live, to its end. */
export async function liveRun(
  algorithm: AlgorithmClass,
  options: RunOptions & { readonly faults?: Faults } = {},
  meanwhile: (world: LiveWorld) => Promise<void> = async () => {},
): Promise<LiveWorld> {
  const { faults, ...rest } = options;
  const world = new LiveWorld({ ...planOf(algorithm, rest), ...(faults && { faults }) });
  await world.start();
  await meanwhile(world);
  await world.ended;
  return world;
}

/** Reads a text as a recording. */
export function readRecording(text: string): ReadRecording {
  const reader = new RecordingReader();
  reader.push(text);
  return reader.end();
}

/** The recording of a world, read back. */
export function recordingOf({ recording }: LiveWorld): ReadRecording {
  return readRecording(HEADER + recording);
}

/** Replays what a world recorded, and fails with the first thing that is not the same. */
export function replay({ plan, recording }: LiveWorld): Promise<readonly ReplayedReadLife[]> {
  return replayAll(plan, recording);
}

/** Replays the lines of a recording, and fails with the first thing that is not the same, or was not recorded so. */
export async function replayAll(
  plan: RunPlan,
  recording: string,
): Promise<readonly ReplayedReadLife[]> {
  const { lives } = readRecording(HEADER + recording);
  const replayed = await replayRecording(plan, lives);
  const first = firstToDiffer(replayed);
  expect(first === undefined ? [] : inWords(first)).toEqual([]);
  expect(replayed.filter(({ read }) => read.changed !== undefined)).toEqual([]);
  return replayed;
}

/** Replays lines of a recording, whatever comes of it. */
export async function replayAsIs({ plan }: LiveWorld, lines: string) {
  const lives = await replayRecording(plan, readRecording(HEADER + lines).lives);
  return { lives, differences: lives.filter((life) => !isSame(life)) };
}

/** The text with the last match changed in lines of that node; fails where there is none. */
export function changed(text: string, node: string, what: RegExp, into: string): string {
  const lines = text.split('\n');
  const at = lines.findLastIndex((line) => line.startsWith(`{"node":${node}`) && what.test(line));
  expect(at).toBeGreaterThan(0);
  return lines.with(at, lines[at]!.replace(what, into)).join('\n');
}

function inWords(life: ReplayedReadLife): readonly string[] {
  const { difference } = life;
  const parts = difference && diffText(difference, { a: 'the recording', b: 'the replay' });
  return [...whyDifferent(life), ...(parts ?? [])];
}
