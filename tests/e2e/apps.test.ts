/** The applications as people use them: an auction with bidders in three tabs, one of which is closed, and a chat across a pulled cable. */

import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import type { SignalingServer } from '../../signaling-server/server.ts';
import { openChromium, serveBuiltPage } from '../support/live-page.ts';
import { test, testThoroughly } from '../support/often.ts';

let server: SignalingServer;
let browser: Browser;

beforeAll(async () => {
  server = await serveBuiltPage('127.0.0.1');
  browser = await openChromium({});
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function named(page: Page, name: string): Promise<Page> {
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Your name').press('Enter');
  return page;
}

testThoroughly('three bidders, a leader that is closed, and a bidder who comes later', async () => {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const seller = await context.newPage();
  await seller.goto(`http://localhost:${server.port}/#/apps`);
  await seller.getByRole('button', { name: 'Begin: Live auction' }).click();
  await seller.getByText('1 of 3 tabs are here.').waitFor();
  const open = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(seller.url());
    return page;
  };
  const tabs = [seller, await open(), await open()];
  for (const [at, name] of ['Ann', 'Ben', 'Cem'].entries()) await named(tabs[at]!, name);

  await seller.getByLabel('What it is').fill('Lamp');
  await seller.getByLabel('Open for').fill('300');
  await seller.getByRole('button', { name: 'Offer' }).click();
  const bid = async (page: Page, amount: string): Promise<void> => {
    await page.getByLabel('Your bid for Lamp').fill(amount);
    await page.getByLabel('Your bid for Lamp').press('Enter');
  };
  await bid(tabs[1]!, '5');
  for (const page of tabs) await page.getByText(/best bid of Ben, 1 bid/).waitFor();
  await bid(tabs[2]!, '5.50');
  await tabs[2]!.getByText(/550 cents are too few: at least 600/).waitFor();

  await bid(seller, '6');
  await seller.getByText(/who sells does not bid/i).waitFor();

  // Whoever leads is closed. The lot is still there, and so is its best bid.
  const leads = await Promise.all(tabs.map((page) => page.getByText('It leads.').count()));
  const leader = tabs[leads.indexOf(1)]!;
  await leader.close();
  const rest = tabs.filter((page) => page !== leader);
  // Under names of their own: who sells does not bid, and nobody outbids themselves, and either may be whom is left.
  for (const [at, amount] of ['7', '8'].entries())
    await bid(await named(rest[at]!, `Late ${amount}`), amount);
  for (const page of rest) await page.getByText(/8\.00/).waitFor();

  // A reloaded tab is who it was, and a new one takes the place that was left.
  await rest[0]!.reload();
  await rest[0]!.getByText(/8\.00/).waitFor();
  const late = await named(await open(), 'Dan');
  await bid(late, '9');
  for (const page of [...rest, late]) await page.getByText(/best bid of Dan/).waitFor();
  // One more is a guest, who sees everything and bids like the others.
  const guest = await named(await open(), 'Eve');
  await guest.getByText(/This tab is g1/).waitFor();
  await bid(guest, '10');
  for (const page of [...rest, late, guest]) await page.getByText(/best bid of Eve/).waitFor();
  expect(await guest.getByRole('row', { name: /g1 \(you\) guest here/ }).count()).toBe(1);
});

const said = (page: Page): Promise<string[]> =>
  page.locator('parley-chat .lines .text').allTextContents();

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel(/^Message to/).fill(text);
  await page.getByLabel(/^Message to/).press('Enter');
}

test('a chat: a cable is pulled, a tab is reloaded in mid-stream, and all find everything in one order', async () => {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const ann = await context.newPage();
  await ann.goto(`http://localhost:${server.port}/#/apps/chat`);
  await ann.getByRole('button', { name: 'Begin: Chat' }).click();
  await ann.getByText('1 of 3 tabs are here.').waitFor();
  expect(ann.url()).toMatch(/#\/apps\/T3-\w+,\w{28}$/);
  const open = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(ann.url());
    return page;
  };
  const [ben, cem] = [await open(), await open()];
  for (const [page, name] of [
    [ann, 'Ann'],
    [ben, 'Ben'],
    [cem, 'Cem'],
  ] as const)
    await named(page, name);
  await say(ann, 'hello');
  for (const page of [ben, cem]) await page.getByText('hello').waitFor();

  await cem.getByRole('button', { name: 'Pull this tab' }).click();
  await cem.getByText(/1 of 3 heard, the cable is pulled/).waitFor();
  await ann.getByText(/2 of 3 heard/).waitFor();
  await say(cem, 'alone');
  await cem.getByText('waits for Ann and Ben').waitFor();
  for (let i = 1; i <= 10; i++) {
    await say(ann, `line ${i}`);
    // In mid-stream: what comes meanwhile is there afterwards.
    if (i === 4) await ben.reload();
  }
  await cem.getByRole('button', { name: 'Pull this tab' }).click();
  await cem.locator('parley-chat .notice').waitFor({ state: 'detached' });
  const lines = Array.from({ length: 10 }, (_, i) => `line ${i + 1}`);
  for (const page of [ann, ben, cem]) await expect.poll(() => said(page)).toHaveLength(12);
  const order = await said(ann);
  expect(order.filter((text) => text !== 'alone')).toEqual(['hello', ...lines]);
  for (const page of [ben, cem]) expect(await said(page)).toEqual(order);
});
