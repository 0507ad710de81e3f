/**
 * Edited code that takes memory without end, in a browser whose heaps end early: the process of its sandbox dies alone, and the lab goes on.
 * Playwright takes the end of a frame's process for that of the page, so another page is told how the lab is.
 */

import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SignalingServer } from '../../../signaling-server/server.ts';
import { launchChromium } from '../../support/launch-chromium.ts';
import { serveBuiltPage } from '../../support/live-page.ts';

/** Of each heap, in megabytes: enough for the lab, and quickly eaten. */
const HEAP_MB = 250;

let browser: Browser;
let server: SignalingServer;

beforeAll(async () => {
  server = await serveBuiltPage('127.0.0.1');
  browser = await launchChromium({ flags: [`--js-flags=--max-old-space-size=${HEAP_MB}`] });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('code that eats memory takes its sandbox with it and not the page, and its text is kept', async () => {
  const context = await browser.newContext();
  const watcher = await context.newPage();
  await watcher.goto(`http://127.0.0.1:${server.port}/health`);
  await watcher.evaluate(() => {
    new BroadcastChannel('lab').onmessage = ({ data }) => (document.title = String(data));
  });
  const lab = `http://127.0.0.1:${server.port}/#/lab/echo`;
  const page = await context.newPage();
  await page.goto(lab);
  await page.getByRole('tab', { name: 'Chapter' }).click();
  await page.getByRole('button', { name: 'echo.ts', exact: true }).first().click();
  await page.getByRole('textbox', { name: 'Source of echo.ts' }).click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.insertText(`
    Echo.prototype.onStart = () => {
      const all: number[][] = [];
      for (;;) all.push(Array.from({ length: 100_000 }, (_, at) => at / 3));
    };
  `);
  await page.getByText('Edited: the next simulated run has your changes.').waitFor();
  await page.evaluate(() => {
    const channel = new BroadcastChannel('lab');
    const { model } = document.querySelector('parley-app')!;
    const frames = () => document.querySelectorAll('iframe').length;
    setInterval(() => channel.postMessage(`${frames()} ${model?.run?.problem}`), 200);
  });
  await page.keyboard.press('ControlOrMeta+Enter');
  // What the sandbox had is gone with it, and the lab says what happened.
  await expect.poll(() => watcher.title(), { timeout: 90_000 }).toMatch(/^0 .*used up the memory/);
  const again = await context.newPage();
  await again.goto(lab);
  await again.getByRole('tab', { name: 'Chapter' }).click();
  await again.getByText('edited', { exact: true }).waitFor();
});
