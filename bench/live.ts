/**
 * Live speed in Chromium, worker to worker in one page: Parley's casts and requests (every frame signed and verified, every message
 * validated) beside raw data channels that carry the same bytes, in turns within one run.
 */

import { readFileSync } from 'node:fs';
import { chromium, type Browser } from 'playwright';
import { browserFlags, findBrowser } from '../bin/find-browser.js';
import { startSignalingServer } from '../signaling-server/server.ts';
import { buildPage } from '../src/cli/build-page.ts';
import { findUserModule } from '../src/cli/user-module.ts';
import type { NodeResult } from '../src/core/result.ts';
import type { PageJob, PageReport } from '../src/lab/page-job.ts';
import { median, printFigures } from './table.ts';

const ROUNDS = 3;
const CASTS = 20_000;
const REQUESTS = 1_000;
const MESSAGE_BYTES = 200;

/** Runs and prints. */
export async function bench(): Promise<void> {
  const found = await findBrowser();
  if (found === undefined)
    throw new Error('no browser found: run `npm test` once, it installs one');
  const here = new URL('.', import.meta.url);
  const module = findUserModule('./traffic.ts', here.pathname);
  const folder = await buildPage([module], (text) => console.error(`  ${text}`));
  const server = await startSignalingServer({ port: 0, host: '127.0.0.1', staticRoot: folder });
  const browser = await chromium.launch({
    executablePath: found.executablePath,
    args: browserFlags(),
  });
  try {
    const raw: Record<'casts' | 'requests', number[]> = { casts: [], requests: [] };
    const parley: typeof raw = { casts: [], requests: [] };
    for (let round = 0; round < ROUNDS; round++) {
      raw.casts.push(await measureRaw(browser, server.port, ['flood', 'sink', CASTS]));
      raw.requests.push(await measureRaw(browser, server.port, ['ask', 'echo', REQUESTS]));
      const key = module.key;
      const casts = await measureParley(browser, server.port, `${key}#Casts`, CASTS);
      parley.casts.push(casts['n2']!.report['per_second'] as number);
      const requests = await measureParley(browser, server.port, `${key}#Requests`, REQUESTS);
      parley.requests.push(requests['n1']!.report['median_ms'] as number);
    }
    const rawCasts = median(raw.casts);
    const rawEcho = median(raw.requests);
    printFigures([
      { name: `raw channel, ${MESSAGE_BYTES} B one by one`, value: rawCasts, unit: 'messages/s' },
      {
        name: 'casts, signed and verified one by one',
        value: median(parley.casts),
        unit: 'messages/s',
        against: { name: 'raw', value: rawCasts },
      },
      { name: 'raw channel, echo, median', value: rawEcho, unit: 'ms' },
      {
        name: 'request and reply, median',
        value: median(parley.requests),
        unit: 'ms',
        against: { name: 'raw', value: rawEcho },
      },
    ]);
  } finally {
    await browser.close();
    await server.close();
  }
}

async function measureRaw(
  browser: Browser,
  port: number,
  [left, right, count]: readonly [string, string, number],
): Promise<number> {
  const page = await browser.newPage();
  page.on('console', (message) => console.error(message.text()));
  page.on('pageerror', (error) => console.error(error));
  await page.goto(`http://localhost:${port}/node.html`);
  const script = readFileSync(new URL('raw-channels-page.js', import.meta.url), 'utf8');
  await page.addScriptTag({ content: script, type: 'module' });
  await page.waitForFunction('window.rawBench !== undefined');
  const value = await page.evaluate(`rawBench('${left}', '${right}', ${count}, ${MESSAGE_BYTES})`);
  await page.close();
  return value as number;
}

async function measureParley(
  browser: Browser,
  port: number,
  algorithm: string,
  count: number,
): Promise<Record<string, NodeResult>> {
  const page = await browser.newPage();
  const results: Record<string, NodeResult> = {};
  let done: () => void;
  const ended = new Promise<void>((resolve) => {
    done = resolve;
  });
  await page.exposeFunction('parleyReport', (report: PageReport) => {
    if (report.kind === 'problem') console.error(report.text);
    if (report.kind !== 'ended') return;
    results[report.node] = report.result;
    if (Object.keys(results).length === 2) done();
  });
  await page.goto(`http://localhost:${port}/node.html`);
  const job: PageJob = {
    spec: {
      runId: `bench-${algorithm}`,
      algorithm,
      config: `n1: { count: ${count} }\nn2: { count: ${count} }\n`,
      configFile: 'bench',
      strict: true,
      format: 'json',
      seed: 1,
    },
    nodes: ['n1', 'n2'],
    room: `bench-${Math.floor(performance.now())}`,
    signalUrl: `ws://localhost:${port}/signal`,
    link: 'simple-peer',
    startupDelayMs: 0,
    trace: false,
  };
  await page.evaluate((given) => window.parleyPage.run(given), job);
  await ended;
  await page.close();
  return results;
}
