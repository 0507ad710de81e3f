/** The same seed gives the same trace in Node and in Chromium: every distribution, and of the chapters and their faults some every day, all where there is time. */

import { afterAll, beforeAll, expect } from 'vitest';
import { differing, engineRuns } from '../support/engine-runs.ts';
import { LiveLab, testAlgorithm } from '../support/live-page.ts';
import { often, testOften } from '../support/often.ts';

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab?.close());

testOften('Node and Chromium come to the same hashes', async () => {
  const runs = await engineRuns(testAlgorithm('Blunder'), often(4, 1));
  expect(runs.length).toBeGreaterThan(often(10, 20));
  const page = await lab.browser.newPage();
  await page.goto(`http://${lab.authority}/node.html`);
  const hashes: (string | null)[] = [];
  for (const { spec, latencyMs, timeoutMs } of runs) {
    const result = await page.evaluate((given) => window.parleyPage.simulate(...given), [
      spec,
      latencyMs,
      timeoutMs,
    ] as const);
    hashes.push(result.trace_sha256);
  }
  expect(differing(runs, hashes)).toEqual([]);
  // Runs that differ in something have different hashes: it is not one number that comes out of everything.
  expect(new Set(hashes).size).toBe(runs.length);
});
