/** Closed rooms in real tabs: opened by a link or a passphrase, and by nothing else. */

import type { BrowserContext } from 'playwright';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { LiveLab } from '../support/live-page.ts';
import { presentIn, RoomTab } from '../support/room-tabs.ts';
import { test, testThoroughly } from '../support/often.ts';

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab.close());

const origin = () => `http://${lab.authority}`;

async function context(): Promise<BrowserContext> {
  const made = await lab.browser.newContext();
  onTestFinished(() => made.close());
  return made;
}

const PING = {
  algorithm: 'pingpong',
  config: 'n1: { initiator: true, max_rounds: 5 }\nn2: { initiator: false }\n',
};

describe('a room that is closed by a key', () => {
  test('is entered by its link, and runs', async () => {
    const [first, second] = await Promise.all([
      RoomTab.open(await context(), origin()),
      RoomTab.open(await context(), origin()),
    ]);
    const { code, link, address } = await first.create({ access: 'key' });
    expect(link).toMatch(new RegExp(`#/room/${code},[0-9A-Z]{28}$`));
    expect(address).toBe(link.split('#/room/')[1]!.replace(',', '#'));
    await second.join(link);
    await first.until((room) => presentIn(room) === 2);
    await first.do('propose', PING);
    await first.do('start');
    const ended = await second.until(({ run }) => run?.phase === 'ended');
    expect(ended.run!.statuses).toEqual({ n1: 'terminated', n2: 'terminated' });
  });

  testThoroughly('is not entered by its code alone, or with another key', async () => {
    const [first, second] = await Promise.all([
      RoomTab.open(await context(), origin()),
      RoomTab.open(await context(), origin()),
    ]);
    const { code } = await first.create({ access: 'key' });
    await expect(second.join(code)).rejects.toThrow(/closed.*whole link/);
    const other = await second.create({ access: 'key' });
    const wrong = other.address.split('#')[1]!;
    await expect(second.join(`${code}#${wrong}`)).rejects.toThrow(/not that of room/);
    const { members } = await first.until((room) => presentIn(room) === 1);
    expect(members.filter(({ present }) => present)).toHaveLength(1);
  });
});

describe('a room that is closed by a passphrase', () => {
  test('is entered with it, said at once when it is wrong, and not asked for again after a reload', async () => {
    const [first, second] = await Promise.all([
      RoomTab.open(await context(), origin()),
      RoomTab.open(await context(), origin()),
    ]);
    const passphrase = 'correct horse battery';
    const { code, link } = await first.create({ access: 'passphrase', passphrase });
    expect(link).toMatch(/,passphrase$/);
    await expect(second.join(link)).rejects.toThrow(/closed.*passphrase/);
    await expect(second.join(link, { passphrase: 'incorrect horse' })).rejects.toThrow(
      /not the passphrase/,
    );
    await second.join(code, { passphrase: '  correct  horse battery ' });
    await second.until(({ members }) => members.some(({ role }) => role === 'creator'));
    await second.page.reload();
    await second.page.locator('parley-app').getByRole('heading').first().waitFor();
    const back = await second.join(link);
    expect(back.access).toBe('passphrase');
    await first.until((room) => presentIn(room) === 2 && room.members.length >= 2);
  });
});

testThoroughly(
  'a room that nobody opened is not made by joining it, and a broken address is explained',
  async () => {
    const tab = await RoomTab.open(await context(), origin());
    await expect(tab.join('QQQQQQ')).rejects.toThrow(/no room QQQQQQ/);
    await expect(tab.join('QQQQQQ#ABC')).rejects.toThrow(/28/);
    await expect(tab.join('??')).rejects.toThrow(/letters, digits/);
  },
);
