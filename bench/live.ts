/**
 * Live speed in Chromium, worker to worker in one page: Parley's casts, requests and bulk (proven links, signed and verified batches,
 * every message validated) beside raw data channels that carry as many bytes, in turns within one run.
 */

import { readFileSync } from 'node:fs';
import { chromium, type Browser } from 'playwright';
import { browserFlags, findBrowser } from '../bin/find-browser.js';
import { startSignalingServer } from '../signaling-server/server.ts';
import { buildPage } from '../src/cli/page/build-page.ts';
import { findUserModule } from '../src/cli/user-module.ts';
import type { NodeResult } from '../src/core/result.ts';
import type { PageJob, PageReport } from '../src/lab/page/page-job.ts';
import type { RunSpec } from '../src/lab/run-spec.ts';
import { median, printFigures } from './table.ts';
import { REQUESTS_PER_BLOCK } from './traffic.ts';

const ROUNDS = 3;
const CASTS = 40_000;
const REQUESTS = 2_000;
const BLOCKS = 1_500;
const MESSAGE_BYTES = 200;
const FRAME_BYTES = 16 * 1024;

/** What is measured in every round, by name. */
type Measured = Record<string, number[]>;

/** Runs and prints. */
export async function bench(): Promise<void> {
  const found = await findBrowser();
  if (found === undefined)
    throw new Error('no browser found: run `npm test` once, it installs one');
  const here = new URL('.', import.meta.url);
  const module = findUserModule('./traffic.ts', here.pathname);
  const folder = await buildPage({ userModules: [module] }, (text) => console.error(`  ${text}`));
  const server = await startSignalingServer({ port: 0, host: '127.0.0.1', staticRoot: folder });
  const browser = await chromium.launch({
    executablePath: found.executablePath,
    args: browserFlags(),
  });
  const measured: Measured = {};
  const note = (name: string, value: unknown) => (measured[name] ??= []).push(value as number);
  const raw = (...roles: readonly [string, string, number, number]) =>
    measureRaw(browser, server.port, roles);
  const run = (name: string, node: string, field: string, count: number, job: Partial<RunSpec>) =>
    measureParley(browser, server.port, `${module.key}#${name}`, count, job).then(
      (results) => results[node]!.report[field],
    );
  try {
    for (let round = 0; round < ROUNDS; round++) {
      note('raw casts', await raw('flood', 'sink', CASTS, MESSAGE_BYTES));
      note('raw echo', await raw('ask', 'echo', REQUESTS, MESSAGE_BYTES));
      const frames = await raw('flood', 'sink', 4 * BLOCKS, FRAME_BYTES);
      note('raw bulk', (frames * FRAME_BYTES) / 1e6);
      for (const frameAuth of ['signature', 'link'] as const) {
        const casts = await run('Casts', 'n2', 'per_second', CASTS, { frameAuth });
        note(`casts ${frameAuth}`, casts);
        const requests = await run('Requests', 'n1', 'median_ms', REQUESTS, { frameAuth });
        note(`requests ${frameAuth}`, requests);
        const bulk = { frameAuth, format: 'msgpack' } as const;
        note(`bulk ${frameAuth}`, await run('Bulk', 'n2', 'megabytes_per_second', BLOCKS, bulk));
      }
      const urgent = { format: 'msgpack' } as const;
      note('urgent', await run('Urgent', 'n1', 'p99_ms', BLOCKS, urgent));
    }
    print(measured);
  } finally {
    await browser.close();
    await server.close();
  }
}

function print(measured: Measured): void {
  const value = (name: string) => median(measured[name]!);
  const against = (name: string) => ({ name: 'raw', value: value(name) });
  const auths = [
    ['signature', 'signed batches'],
    ['link', 'link authentication'],
  ] as const;
  const rate = { unit: 'messages/s' };
  printFigures([
    { name: `raw channel, ${MESSAGE_BYTES} B one by one`, value: value('raw casts'), ...rate },
    ...auths.map(([auth, name]) => ({
      name: `casts, ${name}`,
      value: value(`casts ${auth}`),
      ...rate,
      against: against('raw casts'),
    })),
    { name: 'raw channel, echo, median', value: value('raw echo'), unit: 'ms' },
    ...auths.map(([auth, name]) => ({
      name: `request and reply, median, ${name}`,
      value: value(`requests ${auth}`),
      unit: 'ms',
      against: against('raw echo'),
    })),
    { name: 'raw channel, 16 KiB frames', value: value('raw bulk'), unit: 'MB/s' },
    ...auths.map(([auth, name]) => ({
      name: `64 KiB messages, ${name}`,
      value: value(`bulk ${auth}`),
      unit: 'MB/s',
      against: against('raw bulk'),
    })),
    { name: 'control round trip under that load, p99', value: value('urgent'), unit: 'ms' },
  ]);
}

async function measureRaw(
  browser: Browser,
  port: number,
  [left, right, count, bytes]: readonly [string, string, number, number],
): Promise<number> {
  const page = await browser.newPage();
  page.on('console', (message) => console.error(message.text()));
  page.on('pageerror', (error) => console.error(error));
  await page.goto(`http://localhost:${port}/node.html`);
  const script = readFileSync(new URL('raw-channels-page.js', import.meta.url), 'utf8');
  await page.addScriptTag({ content: script, type: 'module' });
  await page.waitForFunction('window.rawBench !== undefined');
  const value = await page.evaluate(
    `rawBench('${left}', '${right}', ${count}, ${bytes}, ${REQUESTS_PER_BLOCK})`,
  );
  await page.close();
  return value as number;
}

async function measureParley(
  browser: Browser,
  port: number,
  algorithm: string,
  count: number,
  changes: Partial<RunSpec>,
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
      ...changes,
    },
    nodes: ['n1', 'n2'],
    room: `bench-${Math.floor(performance.now())}`,
    signalUrl: `ws://localhost:${port}/signal`,
    startupDelayMs: 0,
    trace: false,
  };
  await page.evaluate((given) => window.parleyPage.run(given), job);
  await ended;
  await page.close();
  return results;
}
