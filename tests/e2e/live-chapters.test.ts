/**
 * Every chapter over real data channels comes to what it comes to in the simulator: as workers of one page, in both formats; Bracha
 * also with a tab for each node.
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chapterNames, locateChapter } from '../../src/cli/chapters.ts';
import type { FormatName, NodeResult } from '../../src/core/result.ts';
import { planOf } from '../../src/lab/run-spec.ts';
import { Simulation } from '../../src/runtime/simulator.ts';
import { LiveLab } from '../support/live-page.ts';

const formats: readonly FormatName[] = ['json', 'msgpack'];

/** What may differ from the simulator: messages that are no longer needed may come before the end or after it. */
const unsettled: Readonly<Record<string, readonly string[]>> = { bracha: ['echoes', 'readies'] };

/** How many messages it takes depends on who is faster. */
const racing = new Set(['chang_roberts']);

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab?.close());

describe.each(formats)('as workers of one page, in %s', (format) => {
  test.each(chapterNames())('%s', async (algorithm) => {
    const run = await lab.newRun({ algorithm, config: configOf(algorithm), format });
    const { chapter } = await locateChapter(algorithm, '.');
    const { plan } = planOf(run.job().spec, chapter);
    const nodes = plan.nodes.map(({ id }) => id);
    const simulated = await new Simulation({ plan }).run();
    await run.start(await run.openTab(), ...nodes);
    const results = await run.results(nodes);
    expect(settled(algorithm, results)).toEqual(settled(algorithm, simulated.nodes));
    expect(run.pageErrors).toEqual([]);
    await run.close();
  });
});

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
      const sent = racing.has(algorithm) ? undefined : messages_sent;
      return [id, { status, error, report: Object.fromEntries(kept), sent, dropped }];
    }),
  );
}
