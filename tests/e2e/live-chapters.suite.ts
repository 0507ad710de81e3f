/**
 * Every chapter over real data channels comes to what it comes to in the simulator: as workers of one page, in both formats; Bracha
 * also with a tab for each node.
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chapterNames, locateChapter } from '../../src/cli/chapters.ts';
import type { NodeResult } from '../../src/core/result.ts';
import { FORMAT_NAMES } from '../../src/net/format.ts';
import { NODES_PER_PAGE_MAX } from '../../src/net/limits.ts';
import { planOf } from '../../src/lab/run-spec.ts';
import { Simulation } from '../../src/runtime/simulator.ts';
import { LiveLab } from '../support/live-page.ts';

/** What may differ from the simulator: messages that are no longer needed may come before the end or after it. */
const unsettled: Readonly<Record<string, readonly string[]>> = {
  bracha: ['echoes', 'readies'],
  pubsub: ['duplicates', 'repaired'],
};

/** How many messages it takes depends on who is faster. */
const racing = new Set(['chang_roberts', 'pubsub']);

/** What comes out depends on who is faster, though all come to the same. */
const open = new Set(['paxos', 'raft']);

/** Milliseconds that a service serves in a test: some cycles of each. */
const SERVES_MS = 3000;

/** Services that serve in the every-day suite. */
const EVERYDAY_SERVICES = 1;

/** Chapters that do so: shapes of links and calls that differ. */
const EVERYDAY_CHAPTERS = new Set(['bracha', 'chang_roberts', 'pubsub', 'raft']);

const chapters = await Promise.all(
  chapterNames().map(async (name) => [name, (await locateChapter(name, '.')).chapter] as const),
);
const endless = chapters.filter(([, { algorithm }]) => algorithm.definition.service);
const ending = chapters.filter(([, { algorithm }]) => !algorithm.definition.service);

/**
 * Declares the tests.
 *
 * @param isWhole every chapter in both formats, and tabs; otherwise a few chapters, whose formats take turns, and a service
 */
export function liveChapters({ isWhole }: { readonly isWhole: boolean }): void {
  let lab: LiveLab;
  beforeAll(async () => {
    lab = await LiveLab.open();
  });
  afterAll(() => lab?.close());

  for (const format of FORMAT_NAMES) {
    const here = ending.filter(
      ([name], at) =>
        isWhole ||
        (EVERYDAY_CHAPTERS.has(name) && FORMAT_NAMES[at % FORMAT_NAMES.length] === format),
    );
    test.each(here)(`as workers of a page, in ${format}: %s`, async (name, chapter) => {
      const run = await lab.newRun({ algorithm: name, config: configOf(name), format });
      const { plan } = planOf(run.job().spec, chapter);
      const nodes = plan.nodes.map(({ id }) => id);
      const simulated = await new Simulation({ plan }).run();
      await run.start(await run.openTab(), ...nodes);
      const results = await run.results(nodes);
      expect(settled(name, results)).toEqual(settled(name, simulated.nodes));
      expect(run.pageErrors).toEqual([]);
      await run.close();
    });
  }

  test.each(isWhole ? endless : endless.slice(0, EVERYDAY_SERVICES))(
    '%s serves until it is stopped',
    async (name, chapter) => {
      const run = await lab.newRun({ algorithm: name, config: configOf(name) });
      const nodes = planOf(run.job().spec, chapter).plan.nodes.map(({ id }) => id);
      for (let at = 0; at < nodes.length; at += NODES_PER_PAGE_MAX) {
        await run.start(await run.openTab(), ...nodes.slice(at, at + NODES_PER_PAGE_MAX));
      }
      // Everybody has heard of others than those it began with, or has at least gone through some cycles.
      await new Promise((resolve) => setTimeout(resolve, SERVES_MS));
      await run.stop('stopped');
      for (const [id, result] of Object.entries(await run.results(nodes))) {
        expect(result, id).toMatchObject({ status: 'stopped', dropped: {} });
        expect(result.messages_sent, id).toBeGreaterThan(0);
      }
      expect(run.pageErrors).toEqual([]);
      await run.close();
    },
  );

  // Every day that is what room.test.ts begins with.
  if (!isWhole) return;
  test('four tabs, a node each: Bracha delivers in all', async () => {
    const run = await lab.newRun({ algorithm: 'bracha', config: configOf('bracha') });
    const nodes = ['n1', 'n2', 'n3', 'n4'];
    await run.startTabs(nodes);
    for (const result of Object.values(await run.results(nodes))) {
      expect(result).toMatchObject({
        status: 'terminated',
        report: { delivered_value: 'TestValue123' },
        dropped: {},
      });
    }
    expect(run.pageErrors).toEqual([]);
    await run.close();
  });
}

function configOf(algorithm: string): string {
  const file = path.join(import.meta.dirname, '../../configs', `${algorithm}.yaml`);
  return readFileSync(file, 'utf8');
}

/** The part of the results that is the same wherever the nodes are. */
function settled(algorithm: string, results: Readonly<Record<string, NodeResult>>): object {
  const leftOut = unsettled[algorithm] ?? [];
  return Object.fromEntries(
    Object.entries(results).map(([id, { status, error, report, messages_sent, dropped }]) => {
      const kept = Object.entries(report).filter(([name]) => !leftOut.includes(name));
      if (open.has(algorithm)) return [id, { status, error, dropped }];
      const sent = racing.has(algorithm) ? undefined : messages_sent;
      return [id, { status, error, report: Object.fromEntries(kept), sent, dropped }];
    }),
  );
}
