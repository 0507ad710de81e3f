/** Signaling between tabs of a browser, with its locks and without; workers stand for tabs where one has to die. */

import { afterEach, describe, expect, test } from 'vitest';
import { BroadcastHub } from '../../../src/net/signaling/broadcast-signaling.ts';
import { joinTab } from '../../support/signaling-tabs.ts';
import { signalingSuite, SUITE_LIMITS } from '../../compliance/signaling.suite.ts';
import { RemoteTab } from './remote-tab.ts';

/** Quick where nothing is waited for but time; long enough for a busy machine to answer. */
const TIMING = {
  objectionMs: 50,
  patienceMs: 200,
  pingMs: 100,
  missesMax: 5,
  missingGraceMs: 1_500,
};

const ways: [string, { readonly locks?: null }][] = [
  ['Web Locks', {}],
  ['talking', { locks: null }],
];

for (const [name, options] of ways) {
  signalingSuite(`BroadcastHub, host chosen by ${name}`, async () => {
    const hubs: BroadcastHub[] = [];
    const room = crypto.randomUUID();
    return {
      connect: () => {
        const hub = new BroadcastHub({
          name: room,
          limits: SUITE_LIMITS,
          timing: TIMING,
          ...options,
        });
        hubs.push(hub);
        return hub.connect();
      },
      close: () => {
        for (const hub of hubs) hub.close();
      },
    };
  });

  describe(`tabs of one browser, host chosen by ${name}`, () => {
    const tabs: RemoteTab[] = [];
    afterEach(() => {
      for (const tab of tabs.splice(0)) tab.crash();
    });

    const open = async (count: number) => {
      const browser = crypto.randomUUID();
      for (let index = 0; index < count; index++) {
        const tab = new RemoteTab();
        tabs.push(tab);
        await tab.ask({
          order: 'open',
          name: browser,
          locks: options.locks !== null,
          timing: TIMING,
        });
      }
      return browser;
    };

    test('go on when the one that hosts dies: nobody else leaves, and all keep their order', async () => {
      await open(4);
      const [host, ...others] = tabs as [RemoteTab, ...RemoteTab[]];
      const dead = await host.ask({ order: 'look' });
      expect(dead.isHost).toBe(true);
      const before = await Promise.all(others.map((tab) => tab.ask({ order: 'look' })));
      host.crash();
      const after = await Promise.all(
        others.map((tab) => tab.until(({ left, state }) => state === 'joined' && left.length > 0)),
      );
      expect(after.filter(({ isHost }) => isHost)).toHaveLength(1);
      expect(after.map(({ order }) => order)).toEqual(before.map(({ order }) => order));
      for (const { left, members } of after) {
        expect(left).toEqual([{ member: dead.member, incarnation: 1, reason: 'lost' }]);
        expect(members).toHaveLength(2);
      }
    });

    test('keep what was said while nobody hosted, and talk to those who come later', async () => {
      const browser = await open(3);
      const [host, ada, bob] = tabs as [RemoteTab, RemoteTab, RemoteTab];
      const { member } = await bob.ask({ order: 'look' });
      host.crash();
      await ada.until(({ state }) => state !== 'joined');
      for (const payload of [1, 2, 3]) await ada.ask({ order: 'signal', to: member, payload });
      await bob.until(({ payloads }) => payloads.length === 3);
      const late = new BroadcastHub({ name: browser, timing: TIMING, ...options });
      const carol = await joinTab(late.connect());
      carol.signaling.signal(member, 'hello');
      expect((await bob.until(({ payloads }) => payloads.length === 4)).payloads).toEqual([
        1,
        2,
        3,
        'hello',
      ]);
      late.close();
    });
  });
}
