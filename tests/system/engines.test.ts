/** The same seed gives the same trace in Node and in Firefox, which has an engine of its own; and what happened live in Firefox, Node can do again. */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { launch, type Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { locateChapter } from '../../src/cli/chapters.ts';
import type { Faults } from '../../src/core/faults/faults.ts';
import type { PageReport } from '../../src/lab/page/page-job.ts';
import { planOf } from '../../src/lab/run-spec.ts';
import type { SignalingServer } from '../../signaling-server/server.ts';
import { ROOT } from '../e2e/cli-process.ts';
import { differing, engineRuns } from '../support/engine-runs.ts';
import { serveBuiltPage, testAlgorithm } from '../support/live-page.ts';
import { LiveRun } from '../support/live-run.ts';
import { replayAll } from '../support/recordings.ts';
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

  test('a live run that Firefox recorded is the same in Node', async () => {
    const nodes = ['n1', 'n2', 'n3', 'n4'];
    const config = readFileSync(path.join(ROOT, 'configs/bracha.yaml'), 'utf8');
    const faults: Faults = { latency: '1-30', duplication: '20%', reordering: '20%' };
    const options = { algorithm: 'bracha', config, faults, records: true };
    const run = new LiveRun(options, `localhost:${server.port}`);
    const page = await browser.newPage();
    await page.exposeFunction('parleyReport', (report: PageReport) => run.take(report));
    await page.goto(run.address);
    await page.evaluate((job) => window.parleyPage.run(job), run.job(...nodes));
    const results = Object.values(await run.results(nodes));
    expect(results.map(({ status }) => status)).toEqual(nodes.map(() => 'terminated'));
    const { chapter } = await locateChapter('bracha', '.');
    const lives = await replayAll(planOf(run.job().spec, chapter).plan, run.recording);
    expect(lives.map(({ read }) => read.ending)).toEqual(nodes.map(() => 'ended'));
    await page.close();
  });
});
