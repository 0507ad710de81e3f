/** `createPubSub` in a room: the chat of the guide, in three tabs of a real browser, over WebRTC. */

import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveExample, type ServedExample } from '../../support/example-page.ts';
import { openChromium } from '../../support/live-page.ts';
import { ROOT } from '../../e2e/cli-process.ts';

let example: ServedExample;
let browser: Browser;

beforeAll(async () => {
  example = await serveExample(path.join(ROOT, 'examples/chat'));
  browser = await openChromium({});
});

afterAll(async () => {
  await browser?.close();
  await example?.close();
});

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('What do you say?').fill(text);
  await page.getByRole('button', { name: 'Say it' }).click();
}

const shown = (page: Page) => page.getByRole('listitem').allTextContents();

test('three tabs talk; one is reloaded in mid-talk and misses nothing, and sees nothing twice', async () => {
  const context = await browser.newContext();
  const open = async (): Promise<Page> => {
    const page = await context.newPage();
    page.on('pageerror', (error) => console.error('page', error.message));
    await page.goto(`${example.origin}/#CHAT-1`);
    return page;
  };
  const pages = [await open(), await open(), await open()];
  const [one, two, three] = pages as [Page, Page, Page];
  for (const page of pages) {
    await expect.poll(() => page.locator('#says').textContent()).toMatch(/, with \w+ and \w+\.$/);
  }
  await say(one, 'is anybody there?');
  await expect.poll(() => shown(two).then((lines) => lines.length), { timeout: 20_000 }).toBe(1);
  await say(two, 'I am');
  await expect.poll(() => shown(three).then((lines) => lines.length), { timeout: 20_000 }).toBe(2);
  const said = await shown(three);
  expect(said.map((line) => line.replace(/^\w+: /, ''))).toEqual(['is anybody there?', 'I am']);

  await three.reload();
  await say(one, 'while you reloaded');
  const all = [...said, expect.stringContaining('while you reloaded') as string];
  for (const page of pages) await expect.poll(() => shown(page), { timeout: 20_000 }).toEqual(all);

  await say(three, '<b>back</b>');
  for (const page of pages) {
    await expect.poll(() => shown(page), { timeout: 20_000 }).toHaveLength(4);
    expect((await shown(page)).at(-1)).toContain('<b>back</b>');
  }
  await context.close();
});
