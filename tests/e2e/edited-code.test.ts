/** Code that was edited in the page: it runs, breaks, loops and snoops in a sandbox, and the lab stays what it is. */

import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { openBrowser } from '../../src/cli/live/browser.ts';
import { buildPage } from '../../src/cli/page/build-page.ts';
import { startSignalingServer, type SignalingServer } from '../../signaling-server/server.ts';
import { test, testThoroughly } from '../support/often.ts';

let browser: Browser;
let server: SignalingServer;

beforeAll(async () => {
  const staticRoot = await buildPage({}, () => {});
  server = await startSignalingServer({ port: 0, host: '127.0.0.1', staticRoot });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.close();
});

/** Opens the echo chapter with a line added to one of its files, as an earlier visit left it. */
async function openEdited(line: string): Promise<Page> {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const url = `http://localhost:${server.port}/#/lab/echo`;
  await page.goto(url);
  await page.getByRole('tab', { name: 'Chapter' }).click();
  await page.getByRole('button', { name: 'echo.ts', exact: true }).first().click();
  await page.getByRole('textbox', { name: 'Source of echo.ts' }).click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.insertText(`\n${line}\n`);
  await page.getByText('Edited: the next simulated run has your changes.').waitFor();
  return page;
}

test('edited code runs without network and without what the lab keeps; a reload loses nothing', async () => {
  const snoop = `
    const tries = {};
    try { tries.storage = typeof indexedDB.open('x'); } catch (error) { tries.storage = error.name; }
    (globalThis as any).found = fetch('health').then(() => 'reached', (error) => error.name).then((text) => {
      console.warn('snoop', JSON.stringify({ ...tries, fetch: text, origin: self.origin }));
    });`;
  const page = await openEdited(snoop);
  const heard = page.waitForEvent('console', {
    predicate: (message) => message.text().startsWith('snoop'),
    // The first run of all compiles everything.
    timeout: 90_000,
  });
  await page.keyboard.press('ControlOrMeta+Enter');
  const found: unknown = JSON.parse((await heard).text().slice('snoop '.length));
  expect(found).toEqual({ storage: 'SecurityError', fetch: 'TypeError', origin: 'null' });
  await page.getByRole('tab', { name: 'Results' }).click();
  await page
    .getByText(/nodes ended as they should/)
    .first()
    .waitFor();
  await page.reload();
  await page.getByRole('tab', { name: 'Chapter' }).click();
  await page.getByText('edited', { exact: true }).waitFor();
});

testThoroughly('a loop without end is ended, and said', async () => {
  const page = await openEdited('Echo.prototype.onStart = () => { for (;;) {} };');
  await page.keyboard.press('ControlOrMeta+Enter');
  await page
    .getByText(/n\d never came back after it was running/)
    .first()
    .waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Back to the chapter’s own' }).click();
  await page.getByRole('button', { name: 'Run it' }).click();
  await page.getByRole('tab', { name: 'Results' }).click();
  await page
    .getByText(/nodes ended as they should/)
    .first()
    .waitFor();
});

test('what is no TypeScript is said at its place, at once', async () => {
  const page = await openEdited('const = 3;');
  await page
    .getByRole('list', { name: 'Problems in echo.ts' })
    .getByText(/line \d+/)
    .waitFor();
  await page.keyboard.press('ControlOrMeta+Enter');
  await page
    .getByText(/Unexpected token/)
    .first()
    .waitFor();
});

testThoroughly(
  'a wrong type is said at its place, by a checker that is loaded for it and can be declined',
  async () => {
    const page = await openEdited(`export const count: number = 'three';`);
    const problems = page.getByRole('list', { name: 'Problems in echo.ts' });
    await problems.getByText("Type 'string' is not assignable to type 'number'.").waitFor();
    await page.locator('.cm-lintRange-error').getByText('count').waitFor();
    // It is a warning to the reader: types are left out when code runs.
    await page.getByRole('button', { name: 'Run it' }).click();
    // The checker works meanwhile, and a run that begins late shows its diagram first.
    const hasEnded = async () => {
      await page.getByRole('tab', { name: 'Results' }).click();
      return page
        .getByText(/nodes ended as they should/)
        .first()
        .isVisible();
    };
    await expect.poll(hasEnded, { timeout: 60_000 }).toBe(true);
    await page.evaluate(() => localStorage.setItem('parley.types', 'off'));
    await page.reload();
    await page.getByRole('tab', { name: 'Chapter' }).click();
    await page.getByRole('button', { name: 'echo.ts' }).first().click();
    await page.getByText('Types are not checked.').waitFor();
    await page.getByRole('button', { name: 'Check them' }).click();
    await problems.getByText("Type 'string' is not assignable").waitFor();
  },
);

testThoroughly(
  'the same seed runs with what was edited, and the two runs stand side by side at the first difference',
  async () => {
    const page = await openEdited('Echo.prototype.onStart = function () { this.terminate(); };');
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.getByRole('tab', { name: 'Compare' }).click();
    await page.getByText(/events are the same/).waitFor();
    expect(await page.locator('parley-compare parley-spacetime').count()).toBe(2);
    await page.getByRole('button', { name: 'Go there' }).click();
    const step = () =>
      page.evaluate(() => document.querySelector('parley-app')!.model!.viewer.cursor.step);
    const same = await page.getByText(/events are the same/).innerText();
    expect(await step()).toBe(Number(/\d+/.exec(same)![0]) + 1);
  },
);

testThoroughly(
  'what was edited is searched for a counterexample, in sandboxes, and the shortest is played',
  async () => {
    // A node that ends before its neighbours have answered breaks what the chapter promises.
    const page = await openEdited(`Echo.prototype.onStart = async function () {
    for (const peer of this.peers.values()) void this.call(peer);
    this.terminate();
  };`);
    await page.getByRole('button', { name: 'Find me a counterexample' }).click();
    await page.getByText('Your changes to the code are searched, in a sandbox.').waitFor();
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText(/Found after/).waitFor();
    await page.getByRole('button', { name: 'Play the shortest' }).click();
    await page
      .getByText(/Broken:/)
      .first()
      .waitFor();
  },
);
