/**
 * Two people chat, each on a host of their own, over `parley lab` on a third one: a real cable is pulled while they talk, one of them reloads
 * her tab meanwhile, and afterwards both find everything in one order. PARLEY_PICTURES names a folder for what they see.
 */

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { announcement, Hosts, whyNoHosts } from '../support/live-hosts.ts';
import { chromiumPath, launchChromium } from '../support/launch-chromium.ts';
import { describeUnless } from '../support/skip.ts';

const parley = fileURLToPath(new URL('../../bin/parley.js', import.meta.url));
const PORT = 9000;

describeUnless(whyNoHosts())('two people, three hosts and a cable', () => {
  let hosts: Hosts;
  const browsers: Browser[] = [];
  beforeAll(async () => {
    hosts = Hosts.make(3);
    const lab = hosts.start(1, process.execPath, [parley, 'lab', '--port', String(PORT)]);
    await announcement(lab.stdout!, `http://${hosts.address(1)}:${PORT}/`);
    const executable = await chromiumPath();
    for (const host of [2, 3]) {
      browsers.push(await launchChromium({ executablePath: hosts.wrapper(host, executable) }));
    }
  });
  afterAll(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await hosts?.remove();
  });

  test('they talk across a pulled cable, one reloads meanwhile, and both find everything in order', async () => {
    const [ann, ben] = (await Promise.all(browsers.map((browser) => browser.newPage()))) as [
      Page,
      Page,
    ];
    const thrown: string[] = [];
    for (const page of [ann, ben]) page.on('pageerror', ({ message }) => thrown.push(message));
    await ann.goto(`http://${hosts.address(1)}:${PORT}/#/apps/T2-CABLE`);
    await ben.goto(ann.url());
    await named(ann, 'Ann');
    await named(ben, 'Ben');
    await say(ann, 'good morning');
    await ben.getByText('good morning').waitFor();
    await say(ben, 'good morning, Ann');
    await ann.getByText('good morning, Ann').waitFor();
    await picture('before', ann, ben);

    hosts.cable(3, 'down');
    await ann.getByText(/1 of 2 heard/).waitFor();
    await ben.getByText(/1 of 2 heard/).waitFor();
    await say(ben, 'is anybody there?');
    await say(ann, 'Ben is away');
    // What she sees has been stored; what she typed a moment ago might not be yet.
    await ann.getByText('Ben is away').waitFor();
    // The server is on her side of the cable.
    await ann.reload();
    await ann.getByText('Ben is away').waitFor();
    await say(ann, 'after a reload');
    await say(ben, 'I write on');
    for (const page of [ann, ben]) await expect.poll(() => said(page)).toHaveLength(4);
    await picture('during', ann, ben);

    hosts.cable(3, 'up');
    for (const page of [ann, ben]) {
      await expect.poll(() => said(page), { timeout: 90_000 }).toHaveLength(6);
    }
    const order = await said(ann);
    expect(await said(ben)).toEqual(order);
    expect(order.slice(0, 2)).toEqual(['good morning', 'good morning, Ann']);
    const of = (...texts: string[]) => order.filter((text) => texts.includes(text));
    expect(of('is anybody there?', 'I write on')).toEqual(['is anybody there?', 'I write on']);
    expect(of('Ben is away', 'after a reload')).toEqual(['Ben is away', 'after a reload']);

    await say(ben, 'there you are');
    await ann.getByText('there you are').waitFor();
    // Who says something sees it when it is stored; the others may have it before.
    for (const page of [ann, ben]) {
      await expect.poll(() => said(page)).toEqual([...order, 'there you are']);
    }
    await picture('after', ann, ben);
    expect(thrown).toEqual([]);
  });
});

/** Each may be asked for a name as soon as both have come, which takes a second, or a few attempts to connect. */
async function named(page: Page, name: string): Promise<void> {
  const field = page.getByLabel('Your name');
  await field.waitFor({ timeout: 120_000 }).catch(async () => {
    throw new Error(
      `${name} is not asked for a name: ${await page.locator('body').ariaSnapshot()}`,
    );
  });
  await field.fill(name);
  await field.press('Enter');
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel(/^Message to/).fill(text);
  await page.getByLabel(/^Message to/).press('Enter');
}

const said = (page: Page): Promise<string[]> =>
  page.locator('parley-chat .lines .text').allTextContents();

/** What both see, for a person to look at. */
async function picture(when: string, ...pages: readonly Page[]): Promise<void> {
  const folder = process.env['PARLEY_PICTURES'];
  if (folder === undefined) return;
  for (const [at, page] of pages.entries()) {
    await page.screenshot({ path: path.join(folder, `${when}-${at + 1}.png`) });
  }
}
