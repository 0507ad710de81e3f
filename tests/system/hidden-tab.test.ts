/**
 * A tab that nobody looks at. Playwright hides what browsers do to such tabs, by switches and by pretending that every page is in front, so this
 * Chromium is started without them and driven by Puppeteer.
 */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browserFlags } from '../../bin/find-browser.js';
import type { SignalingServer } from '../../signaling-server/server.ts';
import type { PageReport } from '../../src/lab/page/page-job.ts';
import { chromiumPath } from '../support/launch-chromium.ts';
import { serveBuiltPage, testAlgorithm } from '../support/live-page.ts';
import { LiveRun } from '../support/live-run.ts';

const HIDDEN_MS = 60_000;

let server: SignalingServer;
let process_: ChildProcess;
let browser: Browser;
const profile = mkdtempSync(path.join(tmpdir(), 'parley-hidden-'));

beforeAll(async () => {
  server = await serveBuiltPage('127.0.0.1');
  process_ = spawn(
    await chromiumPath(),
    [
      ...browserFlags(),
      ...['--headless=new', '--remote-debugging-port=0', '--no-first-run'],
      ...[`--user-data-dir=${profile}`, 'about:blank'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  browser = await puppeteer.connect({
    browserWSEndpoint: await debuggingAddress(process_),
    defaultViewport: null,
  });
});
afterAll(async () => {
  await browser?.disconnect();
  process_?.kill();
  if (process_?.exitCode === null) await once(process_, 'exit');
  await server?.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
});

test('a node in a tab that was hidden for a minute kept its time and its links', async () => {
  const run = new LiveRun(
    {
      algorithm: testAlgorithm('Metronome'),
      config: 'n1: {}\nn2: {}\n',
      patienceMs: HIDDEN_MS * 3,
    },
    `localhost:${server.port}`,
  );
  const [hidden, shown] = [await openTab(run, 'n1'), await openTab(run, 'n2')];
  await run.said('n2', /^100 beats$/);
  await shown.bringToFront();
  await expect.poll(() => visibility(hidden)).toBe('hidden');
  expect(await visibility(shown)).toBe('visible');
  const throttled = ticksIn(hidden, HIDDEN_MS);
  await run.said('n2', new RegExp(`^${100 + HIDDEN_MS / 100} beats$`));

  for (const page of [hidden, shown]) await page.evaluate(() => window.parleyPage.stop('stopped'));
  const { n1, n2 } = await run.results(['n1', 'n2']);
  const [mine, others] = [n1!.report, n2!.report] as unknown as readonly Report[];
  // The page itself was slowed down: otherwise this test would show nothing.
  expect(await throttled).toBeLessThan(HIDDEN_MS / 500);
  expect(mine!.beats).toBeGreaterThan(others!.beats * 0.9);
  expect(mine!.heard['n2']).toBeGreaterThan(others!.beats * 0.9);
  expect(others!.heard['n1']).toBeGreaterThan(others!.beats * 0.9);
}, 200_000);

test('a chat goes on in a tab that nobody looks at: it is not missed, and hears everything', async () => {
  const chat = `http://localhost:${server.port}/#/apps/T2-HIDDEN`;
  const [hidden, shown] = [await browser.newPage(), await browser.newPage()];
  for (const page of [hidden, shown]) {
    await page.goto(chat);
    // Each is in front while it comes in.
    await page.bringToFront();
  }
  await expect.poll(() => textsOf(shown, 'html >>> .talk h2')).toEqual(['# general']);
  await expect.poll(() => visibility(hidden)).toBe('hidden');
  const throttled = ticksIn(hidden, 20_000);
  const away: string[] = [];
  for (let i = 1; i <= 10; i++) {
    const field = await shown.$('html >>> #say');
    await field!.type(`line ${i}`);
    await field!.press('Enter');
    await new Promise((resolve) => setTimeout(resolve, 2000));
    away.push(...(await textsOf(shown, 'html >>> .notice')));
  }
  expect(await throttled).toBeLessThan(100);
  // Its heartbeats come from a worker's clock: a page's own would be late by a second.
  expect(away).toEqual([]);
  const lines = Array.from({ length: 10 }, (_, i) => `line ${i + 1}`);
  await expect.poll(() => textsOf(hidden, 'html >>> .lines .text')).toEqual(lines);
});

function textsOf(page: Page, selector: string): Promise<string[]> {
  return page.$$eval(selector, (found) => found.map((element) => element.textContent ?? ''));
}

async function openTab(run: LiveRun, node: string): Promise<Page> {
  const page = await browser.newPage();
  await page.exposeFunction('parleyReport', (report: PageReport) => run.take(report));
  await page.goto(run.address);
  await page.evaluate((job) => window.parleyPage.run(job), run.job(node));
  return page;
}

interface Report {
  readonly beats: number;
  readonly heard: Readonly<Record<string, number>>;
}

function visibility(page: Page): Promise<string> {
  return page.evaluate(() => document.visibilityState);
}

/** How often a timer of 100 ms fires in the page itself. */
function ticksIn(page: Page, forMs: number): Promise<number> {
  return page.evaluate(
    (ms) =>
      new Promise<number>((resolve) => {
        const endMs = performance.now() + ms;
        let ticks = 0;
        const timer = setInterval(() => {
          ticks++;
          if (performance.now() < endMs) return;
          clearInterval(timer);
          resolve(ticks);
        }, 100);
      }),
    forMs,
  );
}

async function debuggingAddress(started: ChildProcess): Promise<string> {
  let said = '';
  for await (const part of started.stderr!) {
    said += String(part);
    const found = /DevTools listening on (ws:\S+)/.exec(said);
    if (found !== null) return found[1]!;
  }
  throw new Error(`Chromium ended without saying where it can be debugged:\n${said}`);
}
