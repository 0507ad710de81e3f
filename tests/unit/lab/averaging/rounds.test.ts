/** Rounds of averaging between nodes of one process: they come to the mean, begin anew together, and believe nothing that is no frame. */

import { expect, onTestFinished, test, vi } from 'vitest';
import { encodeCanonical } from '../../../../src/core/canonical.ts';
import { Rounds } from '../../../../src/lab/averaging/rounds.ts';
import { MemoryNetwork } from '../../../../src/net/parcels/memory-network.ts';

const soon = { timeout: 30_000, interval: 20 };

function enter(network: MemoryNetwork, id: string, ids: readonly string[], first: number): Rounds {
  const clock = {
    now: () => performance.now(),
    after: (delayMs: number, callback: () => void) => {
      // Faster than one would watch it.
      const timer = setTimeout(callback, delayMs / 5);
      return { cancel: () => clearTimeout(timer) };
    },
  };
  const others = () => ids.filter((other) => other !== id);
  const numbers = [first, 0, -first];
  const rounds = new Rounds({ id, network, clock, others, numbers, changed: () => {} });
  onTestFinished(() => rounds.stop());
  return rounds;
}

const now = (rounds: Rounds) => [...rounds.shown.values()].map((shown) => shown.now[0]!);

test('all come to the mean, and whoever changes its numbers or comes later begins anew for all', async () => {
  const network = new MemoryNetwork();
  const ids = ['a', 'b', 'c'];
  const [a, b] = ids.slice(0, 2).map((id, at) => enter(network, id, ids, at * 10)) as [
    Rounds,
    Rounds,
  ];
  a.begin('gossip_average');
  await vi.waitFor(() => expect(now(b).map(Math.round)).toEqual([5, 5]), soon);
  b.begin('gossip_average', [90, 0, 0]);
  await vi.waitFor(() => expect(a.round).toBe(b.round), soon);
  await vi.waitFor(() => expect(now(a).map(Math.round)).toEqual([45, 45]), soon);
  const before = a.round;
  const c = enter(network, 'c', ids, 30);
  await vi.waitFor(() => expect(now(a).map(Math.round)).toEqual([40, 40, 40]), soon);
  expect(a.round).toBeGreaterThan(before);
  expect([b.round, c.round]).toEqual([a.round, a.round]);
  await vi.waitFor(() => expect(a.moments.length).toBeGreaterThan(2), soon);
  c.begin('gossip_learning');
  await vi.waitFor(() => expect(now(a)).toHaveLength(3), soon);
  await vi.waitFor(() => expect(Math.min(...now(a))).toBeGreaterThan(0.6), soon);
  c.begin('share_vec');
  await vi.waitFor(() => expect(Math.max(...now(b)) - Math.min(...now(b))).toBeLessThan(0.5), soon);
});

test('what is no frame is counted, and what others show is bounded', async () => {
  const network = new MemoryNetwork();
  const a = enter(network, 'a', ['a', 'x'], 1);
  a.begin('share_vec');
  const { send } = network.join('x', () => {});
  const bad = [
    [0, 'share_vec', 'shown', null],
    [2e9, 'share_vec', 'shown', null],
    [1, 'constructor', 'shown', null],
    [1, 'share_vec', 'other', null],
    [1, 'share_vec', 'shown', { own: [], now: [1] }],
    [1, 'share_vec', 'shown', { own: [1], now: [1, 2, 3, 4] }],
  ];
  send('a', new Uint8Array([1, 2, 3]));
  for (const frame of bad) send('a', encodeCanonical(frame));
  await vi.waitFor(() => expect(a.refused).toBe(bad.length + 1), soon);
  expect(a.round).toBe(1);
  send('a', encodeCanonical([1, 'share_vec', 'shown', { own: [1e300, 'x'], now: [-1e300] }]));
  await vi.waitFor(() => expect(a.shown.get('x')).toEqual({ own: [1e9, 0], now: [-1e9] }), soon);
});
