/** Signaling between tabs, here of one process and without locks; tests/browser/net/broadcast-signaling.test.ts has real tabs. */

import { afterEach, describe, expect, test } from 'vitest';
import {
  BroadcastHub,
  type BroadcastHubOptions,
} from '../../../src/net/signaling/broadcast-signaling.ts';
import { signalingSuite, SUITE_LIMITS } from '../../compliance/signaling.suite.ts';
import { joinTab, settle, type Joined } from './support.ts';

const QUICK = { objectionMs: 5, patienceMs: 20, pingMs: 20, missesMax: 3, missingGraceMs: 100 };

let names = 0;

/** Tabs of one browser that nobody else is in. */
class Browser {
  readonly tabs: BroadcastHub[] = [];
  readonly #options: BroadcastHubOptions;
  readonly #name = `test-${++names}`;

  constructor(options: BroadcastHubOptions = {}) {
    this.#options = { locks: null, timing: QUICK, ...options };
  }

  open(options: BroadcastHubOptions = {}): BroadcastHub {
    const tab = new BroadcastHub({ name: this.#name, ...this.#options, ...options });
    this.tabs.push(tab);
    return tab;
  }

  /** A member in a tab of its own. */
  async join(options: BroadcastHubOptions = {}): Promise<Joined & { readonly tab: BroadcastHub }> {
    const tab = this.open(options);
    return { ...(await joinTab(tab.connect())), tab };
  }

  close(): void {
    for (const tab of this.tabs) tab.close();
  }
}

signalingSuite('BroadcastHub, a tab each', async () => {
  const browser = new Browser({ limits: SUITE_LIMITS });
  return { connect: () => browser.open().connect(), close: () => browser.close() };
});

let browser = new Browser();
afterEach(() => {
  browser.close();
  browser = new Browser();
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('the tabs of a browser', () => {
  test('have one host, however many are opened at once', async () => {
    const joined = await Promise.all(Array.from({ length: 12 }, () => browser.join()));
    expect(browser.tabs.filter((tab) => tab.isHost)).toHaveLength(1);
    const orders = joined.map(({ signaling }) => signaling.you!.order);
    expect(orders.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    for (const { signaling } of joined) await until(() => signaling.members.size === 11);
  });

  test('with other names do not hear each other', async () => {
    const ada = await browser.join();
    const elsewhere = new Browser();
    const bob = await elsewhere.join();
    expect(bob.signaling.you?.order).toBe(0);
    expect(ada.signaling.members.size).toBe(0);
    elsewhere.close();
  });

  test('go on when the one that hosts is closed: only its own members leave', async () => {
    const members = [
      await browser.join(),
      await browser.join(),
      await browser.join(),
      await browser.join(),
    ];
    const host = members.find(({ tab }) => tab.isHost)!;
    const others = members.filter((member) => member !== host);
    const orders = others.map(({ signaling }) => signaling.you!.order);
    host.tab.close();
    await until(() => others.some(({ tab }) => tab.isHost));
    await until(() =>
      others.every(({ signaling }) => signaling.state === 'joined' && signaling.members.size === 2),
    );
    for (const other of others) {
      expect(other.heard.all('left')).toEqual([
        { member: host.request.member, incarnation: 1, reason: 'closed' },
      ]);
      expect(other.heard.all('state').map(({ state }) => state)).toEqual([
        'connecting',
        'joined',
        'reconnecting',
        'joined',
      ]);
    }
    expect(others.map(({ signaling }) => signaling.you!.order)).toEqual(orders);
    const late = await browser.join();
    expect(orders).not.toContain(late.signaling.you!.order);
    for (const other of others) await settle(late.signaling, other);
  });

  test('lose nothing that was said while they looked for a new host', async () => {
    const members = [await browser.join(), await browser.join(), await browser.join()];
    const host = members.find(({ tab }) => tab.isHost)!;
    const [ada, bob] = members.filter((member) => member !== host) as readonly Joined[] as [
      Joined,
      Joined,
    ];
    host.tab.close();
    await ada.heard.until('state', ({ state }) => state === 'reconnecting');
    const outcomes = [1, 2, 3].map((payload) => ada.signaling.signal(bob.request.member, payload));
    expect(outcomes).toEqual(['queued', 'queued', 'queued']);
    await bob.heard.until('signal', ({ payload }) => payload === 3);
    expect(bob.heard.all('signal').map(({ payload }) => payload)).toEqual([1, 2, 3]);
  });

  test('go on when several that host are closed one after the other', async () => {
    const members = await Promise.all(Array.from({ length: 5 }, () => browser.join()));
    for (let left = 4; left > 0; left--) {
      const host = members.find(({ tab }) => tab.isHost)!;
      members.splice(members.indexOf(host), 1);
      host.tab.close();
      await until(() => members.filter(({ tab }) => tab.isHost).length === 1);
      await until(() => members.every(({ signaling }) => signaling.members.size === left - 1));
      await until(() => members.every(({ signaling }) => signaling.state === 'joined'));
    }
    expect(members[0]!.heard.all('left').every(({ reason }) => reason === 'closed')).toBe(true);
  });

  test('that are put away say goodbye, and come back as they were', async () => {
    const page = new EventTarget();
    const ada = await browser.join({ page });
    const bob = await browser.join();
    expect(ada.tab.isHost).toBe(true);
    page.dispatchEvent(new Event('pagehide'));
    await bob.heard.until('left', ({ member }) => member === ada.request.member);
    await until(() => bob.tab.isHost);
    expect(ada.tab.isHost).toBe(false);
    page.dispatchEvent(new Event('pageshow'));
    await bob.heard.until('joined', ({ member }) => member === ada.request.member);
    expect(ada.signaling.you?.order).toBe(0);
    await settle(bob.signaling, ada);
  });

  test('that are closed take nothing any more', async () => {
    const tab = browser.open();
    tab.close();
    tab.close();
    expect(tab.isHost).toBe(false);
    expect(tab.connect().state).toBe('closed');
  });
});
