/** Firefox, the stock one: alone, and in one cluster with Chromium. Driven through WebDriver BiDi, because Playwright wants its own. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { launch, type Browser, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PageReport } from '../../src/lab/page/page-job.ts';
import { LiveLab, testAlgorithm } from '../support/live-page.ts';
import type { LiveRun } from '../support/live-run.ts';
import { describeUnless } from '../support/skip.ts';

const nodes = ['n1', 'n2', 'n3', 'n4'];
const bracha = [
  'n1: { is_sender: true, broadcast_value: Feuerfuchs }',
  ...nodes.slice(1).map((id) => `${id}: { is_sender: false }`),
].join('\n');

const firefox = (process.env['PATH'] ?? '')
  .split(path.delimiter)
  .map((folder) => path.join(folder, 'firefox-esr'))
  .find(existsSync);

/** Between these two, raw channels as well stand still for seconds now and then when megabytes pass. */
const BULK_PATIENCE_MS = 120_000;

describeUnless(firefox === undefined ? 'there is no firefox-esr' : undefined)('Firefox', () => {
  let lab: LiveLab;
  let browser: Browser;
  beforeAll(async () => {
    lab = await LiveLab.open();
    browser = await launch({ browser: 'firefox', executablePath: firefox!, headless: true });
  });
  afterAll(async () => {
    await browser?.close();
    await lab?.close();
  });

  test('Bracha delivers among workers of one page', async () => {
    const run = await lab.newRun({ algorithm: 'bracha', config: bracha });
    const page = await openTab(browser, run);
    await start(page, run, ...nodes);
    await expectDelivered(run);
    // Transferred, not relayed.
    expect(await page.evaluate(() => [...new Set(window.handovers)])).toEqual(['channels']);
    console.log(`all nodes: ${await userAgent(page)}`);
    await run.close();
  });

  test('Bracha delivers among tabs of Firefox and of Chromium', async () => {
    const run = await lab.newRun({ algorithm: 'bracha', config: bracha, format: 'msgpack' });
    const foxes = await Promise.all([openTab(browser, run), openTab(browser, run)]);
    const others = await Promise.all([run.openTab(), run.openTab()]);
    await Promise.all([
      start(foxes[0], run, 'n1'),
      run.start(others[0], 'n2'),
      start(foxes[1], run, 'n3'),
      run.start(others[1], 'n4'),
    ]);
    await expectDelivered(run);
    console.log(`n1, n3: ${await userAgent(foxes[0])}`);
    console.log(`n2, n4: ${await others[0].evaluate(() => navigator.userAgent)}`);
    await run.close();
  });

  test('a reloaded tab of Firefox comes back as itself and finds what it stored', async () => {
    const config = 'n1: {}\nn2: {}\n';
    const run = await lab.newRun({ algorithm: testAlgorithm('Diary'), config });
    const [fox, other] = await Promise.all([openTab(browser, run), run.openTab()]);
    await Promise.all([start(fox, run, 'n1'), run.start(other, 'n2')]);
    await Promise.all(['n1', 'n2'].map((id) => run.said(id, /^load 1, restarted false$/)));
    await fox.reload();
    await start(fox, run, 'n1');
    expect(await run.results(['n1', 'n2'])).toMatchObject({
      n1: { status: 'terminated', report: { loads: 2, heard: ['n2 1'] }, dropped: {} },
      n2: { status: 'terminated', report: { heard: ['n1 says 2, answers 2'] }, dropped: {} },
    });
    await run.close();
  });

  test('large messages and bursts pass between Firefox and Chromium, both ways', async () => {
    const run = await lab.newRun({
      algorithm: testAlgorithm('Freight'),
      config: [
        'n1: { count: 1, size: 1000000, expected: 1001 }',
        'n2: { count: 1000, size: 50, expected: 2 }',
        'n3: { count: 1, size: 1000000, expected: 1001 }',
      ].join('\n'),
      patienceMs: BULK_PATIENCE_MS,
    });
    const [fox, other] = await Promise.all([openTab(browser, run), run.openTab()]);
    await Promise.all([start(fox, run, 'n1', 'n2'), run.start(other, 'n3')]);
    for (const result of Object.values(await run.results(['n1', 'n2', 'n3']))) {
      expect(result).toMatchObject({ status: 'terminated', report: { wrong: 0 }, dropped: {} });
    }
    await run.close();
  });
});

declare global {
  interface Window {
    /** How links were handed to the workers of this page: `channel`, or `port` for a relay. */
    handovers: string[];
  }
}

function recordHandovers(): void {
  window.handovers = [];
  const post = Worker.prototype.postMessage as (message: unknown, list?: unknown) => void;
  Worker.prototype.postMessage = function postMessage(message: { kind: string }, list?: unknown) {
    post.call(this, message, list);
    if (message.kind === 'channels' || message.kind === 'ports')
      window.handovers.push(message.kind);
  };
}

/** Opens the page in a tab of Firefox. */
async function openTab(browser: Browser, run: LiveRun): Promise<Page> {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(recordHandovers);
  await page.exposeFunction('parleyReport', (report: PageReport) => run.take(report));
  page.on('pageerror', (error) => {
    // Firefox files its advice on connections under errors; the nodes dial again, which is what counts.
    if (!String(error).startsWith('Error: WebRTC: ')) run.pageErrors.push(String(error));
  });
  await page.goto(run.address);
  run.onClose(() => page.close());
  return page;
}

async function start(page: Page, run: LiveRun, ...ids: string[]): Promise<void> {
  await page.evaluate((job) => window.parleyPage.run(job), run.job(...ids));
}

function userAgent(page: Page): Promise<string> {
  return page.evaluate(() => navigator.userAgent);
}

async function expectDelivered(run: LiveRun): Promise<void> {
  for (const result of Object.values(await run.results(nodes))) {
    expect(result).toMatchObject({
      status: 'terminated',
      report: { delivered_value: 'Feuerfuchs' },
      dropped: {},
    });
  }
  expect(run.pageErrors).toEqual([]);
}
