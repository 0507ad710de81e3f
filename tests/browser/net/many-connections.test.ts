/** More connections in one page than a browser holds at once. */

import { afterEach, expect, test } from 'vitest';
import { CONNECTIONS_PER_WINDOW_MAX } from '../../../src/net/limits.ts';
import { ConnectionBudget } from '../../../src/net/rtc/connection-budget.ts';
import { pageClock } from '../../../src/runtime/live/this-page.ts';
import {
  carries,
  collectGarbage,
  connect,
  newParty,
  opened,
  type Connection,
} from './negotiations.ts';

/** Both ends of a connection are in this page. */
const PAIRS = 250;

/** The real window is as long as the browser takes to collect what was closed; here it is told to be quicker. */
const WINDOW_MS = 1000;

const RealConnection = globalThis.RTCPeerConnection;
const made: RTCPeerConnection[] = [];
afterEach(() => {
  globalThis.RTCPeerConnection = RealConnection;
});

test('500 connections are opened and closed in one page, each in its turn', async () => {
  globalThis.RTCPeerConnection = class extends RealConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      made.push(this);
    }
  };
  const budget = new ConnectionBudget(pageClock, CONNECTIONS_PER_WINDOW_MAX, WINDOW_MS);
  const turn = () => new Promise<void>((resolve) => void budget.take(resolve));
  const [one, other] = [newParty('native'), newParty('simple-peer')];
  let carried = 0;
  let refusals = 0;
  const pair = async (): Promise<void> => {
    for (;;) {
      await Promise.all([turn(), turn()]);
      const connection: Connection = connect(one, other);
      const browsers = made.splice(0);
      const { left, right, close } = connection;
      const isOpen = await Promise.all([opened(left), opened(right)]).then(
        () => true,
        () => false,
      );
      if (isOpen) {
        await settled(connection, browsers);
        carried++;
      }
      close();
      const endings = await Promise.all([left.closed, right.closed]);
      if (isOpen) return;
      // The browser still counts what was closed: that is no error, but a reason to wait.
      expect(endings.map(({ kind }) => kind)).toContain('busy');
      refusals++;
      await collectGarbage();
    }
  };
  const workers = Array.from({ length: 10 }, async () => {
    for (let i = 0; i < PAIRS / 10; i++) await pair();
  });
  await Promise.all(workers);
  expect(carried).toBe(PAIRS);
  console.log(`${2 * carried} connections, ${refusals} refused for a while`);
}, 120_000);

/** Chromium never collects one that is closed while it still looks for candidates, so each finds all of its own, and uses them. */
async function settled(
  { left, right }: Connection,
  browsers: readonly RTCPeerConnection[],
): Promise<void> {
  await Promise.all(
    browsers.map(async (browser) => {
      while (browser.iceGatheringState !== 'complete') {
        await new Promise((resolve) =>
          browser.addEventListener('icegatheringstatechange', resolve, { once: true }),
        );
      }
    }),
  );
  const [ours, theirs] = await Promise.all([left.channels, right.channels]);
  await carries(ours.data, theirs.data, 'there');
  await carries(theirs.data, ours.data, 'and back');
}
