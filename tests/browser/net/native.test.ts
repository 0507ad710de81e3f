/** What connections without a library can do beyond the others: look for a new way while their channels stay open. */

import { describe, expect, test } from 'vitest';
import { toHex } from '../../../src/net/hex.ts';
import { connect, carries, newParty, opened, type Connection } from './negotiations.ts';

/** What names the way that a description looks for; a new one for each search. */
const waysOf = (signals: readonly unknown[]) =>
  signals.flatMap(
    (data) => /a=ice-ufrag:(\S+)/.exec((data as { sdp?: string }).sdp ?? '')?.[1] ?? [],
  );

/** Searches for a new way, and waits until both sides have described it. */
async function restart({ left, right }: Connection): Promise<void> {
  const before = [waysOf(left.signals).length, waysOf(right.signals).length] as const;
  expect(left.negotiation.restart()).toBe(true);
  while (waysOf(left.signals).length === before[0] || waysOf(right.signals).length === before[1]) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

describe.each(['native', 'simple-peer'] as const)('a native connection to %s', (kind) => {
  test('looks for a new way again and again, and its channels stay open meanwhile', async () => {
    const connection = connect(newParty('native'), newParty(kind));
    const { left, right } = connection;
    const [ours, theirs] = await Promise.all([opened(left), opened(right)]);
    for (let i = 1; i <= 3; i++) {
      const restarting = restart(connection);
      await carries(ours.data, theirs.data, `during ${i}`);
      await restarting;
      for (const linkClass of ['control', 'data', 'gossip'] as const) {
        await carries(ours[linkClass], theirs[linkClass], `to ${i}`);
        await carries(theirs[linkClass], ours[linkClass], `from ${i}`);
      }
    }
    for (const { signals } of [left, right]) {
      expect(new Set(waysOf(signals)).size).toBe(4);
    }
    expect([left.told, right.told]).toEqual([
      { channels: 1, secured: 1, closed: 0 },
      { channels: 1, secured: 1, closed: 0 },
    ]);
    const [mine, other] = await Promise.all([left.certificates, right.certificates]);
    expect(toHex(mine.own)).toBe(toHex(other.other));
    connection.close();
  });

  test('leaves the search to the side that makes the offers', async () => {
    const { left, right, close } = connect(newParty(kind), newParty('native'));
    await Promise.all([opened(left), opened(right)]);
    expect(right.negotiation.restart()).toBe(false);
    expect(left.negotiation.restart()).toBe(kind === 'native');
    close();
  });

  test('closes for the other side when the searching side is closed in the middle', async () => {
    const { left, right, close } = connect(newParty('native'), newParty(kind));
    await Promise.all([opened(left), opened(right)]);
    left.negotiation.restart();
    left.negotiation.close();
    expect((await right.closed).reason).not.toBe('');
    close();
  });
});
