/**
 * Chapters over real data channels and under faults, recorded in their workers and replayed here: the same states and the same messages,
 * event by event, whatever the weather.
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { locateChapter } from '../../src/cli/chapters.ts';
import { groupsOf } from '../../src/cli/live/node-pages.ts';
import type { Faults } from '../../src/core/faults/faults.ts';
import { liveTrace } from '../../src/lab/live/live-trace.ts';
import { replayedTrace } from '../../src/lab/recording/replay-recording.ts';
import { planOf } from '../../src/lab/run-spec.ts';
import type { RunPlan } from '../../src/runtime/plan.ts';
import { traceLine } from '../../src/runtime/trace-file.ts';
import type { LiveLab } from '../support/live-page.ts';
import type { LiveRun } from '../support/live-run.ts';
import { test } from '../support/often.ts';
import { replayAll, type ReplayedReadLife } from '../support/recordings.ts';
import { ROOT } from './cli-process.ts';

/** What every chapter ends under, one way or the other. */
const weather: Faults = {
  latency: '1-40',
  duplication: '20%',
  reordering: '20%',
  pauses: [{ every: '60ms', for: '5-40ms' }],
};

/** Chapters whose run is over when it is, and not after ten seconds. */
const END_GRACE_MS = 1500;

/** Declares a test for each of these chapters. */
export function recordedChapters(chapters: readonly string[], lab: () => LiveLab): void {
  test.each(chapters)('%s under faults', async (algorithm) => {
    const config = readFileSync(path.join(ROOT, 'configs', `${algorithm}.yaml`), 'utf8');
    const run = await lab().newRun({ algorithm, config, faults: weather, records: true });
    const { chapter } = await locateChapter(algorithm, '.');
    const { plan } = planOf(run.job().spec, chapter);
    const nodes = plan.nodes.map(({ id }) => id);
    for (const group of groupsOf(nodes, false)) await run.start(await run.openTab(), ...group);
    const ended = run.results(nodes);
    // Before all of them run nothing can befall them.
    await run.until('all nodes to run', (reports) => {
      const runs = (id: string) =>
        reports.some(
          (one) =>
            (one.kind === 'ended' || (one.kind === 'status' && one.status === 'running')) &&
            one.node === id,
        );
      return nodes.every(runs) || undefined;
    });
    // A chapter that the weather is too much for is stopped, and replayed as well.
    const timer = setTimeout(() => void run.stop('stopped'), END_GRACE_MS);
    await ended;
    clearTimeout(timer);
    const lives = await replayOf(run, plan);
    expect(lives.map(({ read }) => read.ending)).toEqual(nodes.map(() => 'ended'));
    const fired = lives.flatMap(({ events }) => events).filter(({ kind }) => kind === 'fault');
    expect(fired.length).toBeGreaterThan(0);
    await run.close();
  });
}

/** Replays what a run recorded, and fails unless it is the same. */
export async function replayOf(
  run: LiveRun,
  plan: RunPlan,
  { exactTrace = true } = {},
): Promise<readonly ReplayedReadLife[]> {
  const lives = await replayAll(plan, run.recording);
  expect(run.pageErrors).toEqual([]);
  if (!exactTrace) return lives;
  const ids = plan.nodes.map(({ id }) => id);
  const events = run.reports.flatMap((report) => (report.kind === 'trace' ? report.events : []));
  const traces = [liveTrace(events, ids), replayedTrace(lives, ids)];
  const [live, replayed] = traces.map((trace) => Array.from(trace, traceLine));
  expect(replayed).toEqual(live);
  return lives;
}
