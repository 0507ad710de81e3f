/** The same seed gives the same trace in Node and in Firefox, which has an engine of its own. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { launch, type Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SignalingServer } from '../../signaling-server/server.ts';
import { differing, engineRuns } from '../support/engine-runs.ts';
import { serveBuiltPage, testAlgorithm } from '../support/live-page.ts';
import { describeUnless } from '../support/skip.ts';

const firefox = (process.env['PATH'] ?? '')
  .split(path.delimiter)
  .map((folder) => path.join(folder, 'firefox-esr'))
  .find(existsSync);

describeUnless(firefox === undefined ? 'there is no firefox-esr' : undefined)('Firefox', () => {
  let server: SignalingServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await serveBuiltPage('127.0.0.1');
    browser = await launch({ browser: 'firefox', executablePath: firefox!, headless: true });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test('Node and Firefox come to the same hashes', async () => {
    const runs = await engineRuns(testAlgorithm('Blunder'));
    const page = await browser.newPage();
    await page.goto(`http://localhost:${server.port}/node.html`);
    const hashes: (string | null)[] = [];
    for (const { spec, latencyMs, timeoutMs } of runs) {
      const result = await page.evaluate(
        (...given) => window.parleyPage.simulate(...given),
        spec,
        latencyMs,
        timeoutMs,
      );
      hashes.push(result.trace_sha256);
    }
    expect(differing(runs, hashes)).toEqual([]);
    console.log(`${runs.length} runs: ${await page.evaluate(() => navigator.userAgent)}`);
  });
});
