/** `createRaft` in a room: the to-do list of the guide, in three tabs of a real browser. */

import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { serveExample, type ServedExample } from '../../support/example-page.ts';
import { openChromium } from '../../support/live-page.ts';
import { ROOT } from '../../e2e/cli-process.ts';

let example: ServedExample;
let browser: Browser;

beforeAll(async () => {
  example = await serveExample(path.join(ROOT, 'examples/todo'));
  browser = await openChromium({});
});

afterAll(async () => {
  await browser?.close();
  await example?.close();
});

let rooms = 0;

async function newRoom() {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const address = `${example.origin}/#LIST-${++rooms}`;
  const open = async (): Promise<Page> => {
    const page = await context.newPage();
    page.on('pageerror', (error) => console.error('page', error.message));
    await page.goto(address);
    return page;
  };
  return { context, address, open };
}

async function add(page: Page, text: string): Promise<void> {
  await page.getByLabel('What is to be done?').fill(text);
  await page.getByRole('button', { name: 'Add' }).click();
}

/** Waits until every page lists these. */
async function allShow(pages: readonly Page[], items: readonly string[]): Promise<void> {
  for (const page of pages) {
    await expect
      .poll(() => page.getByRole('listitem').allTextContents(), { timeout: 20_000 })
      .toEqual(items);
  }
}

/** The tab that leads, as all tabs say. */
async function leaderOf(pages: readonly Page[]): Promise<Page> {
  for (;;) {
    for (const page of pages) {
      const text = (await page.getByRole('status').textContent()) ?? '';
      const [, me, leader] = /^This is (\w+); (\w+) leads/.exec(text) ?? [];
      if (me !== undefined && me === leader) return page;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('three tabs keep a list: one may be closed, and it is there when all were closed', async () => {
  const { open } = await newRoom();
  const first = await open();
  await expect.poll(() => first.getByRole('status').textContent()).toMatch(/Waiting for n2 and n3/);
  const pages = [first, await open(), await open()];
  await add(pages[0]!, 'write a log');
  // What two tabs add at once may come in either order.
  await allShow(pages, ['write a log']);
  await add(pages[1]!, 'read it');
  await allShow(pages, ['write a log', 'read it']);
  await pages[2]!.getByText('write a log').click();
  await allShow(pages, ['✓ write a log', 'read it']);

  // Whoever leads is closed, as people close tabs: it hands over, and the others go on at once.
  const leader = await leaderOf(pages);
  await leader.close({ runBeforeUnload: true });
  const rest = pages.filter((page) => page !== leader);
  await add(rest[0]!, 'without the first');
  await allShow(rest, ['✓ write a log', 'read it', 'without the first']);

  // A reloaded tab is the same node.
  await rest[1]!.reload();
  await allShow(rest, ['✓ write a log', 'read it', 'without the first']);

  for (const page of rest) await page.close();
  const again = [await open(), await open()];
  await allShow(again, ['✓ write a log', 'read it', 'without the first']);
  await add(again[1]!, 'after all');
  await allShow(again, ['✓ write a log', 'read it', 'without the first', 'after all']);
});
