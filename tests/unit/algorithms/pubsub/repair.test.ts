/** What is kept back from whoever asks: what came a moment ago is on its way to them, unless they were away then. */

import { expect, test } from 'vitest';
import { Repair, type RepairOwner } from '../../../../src/algorithms/pubsub/repair.ts';

const NOW_MS = 10_000;
const SYNC_MS = 500;

/** Until when a message must have come for n2 to be sent it. */
function givenUpTo(backMs: number, digest: { readonly is_back: boolean }): number {
  let upToMs = NaN;
  const owner = {
    id: 'n1',
    settings: { sync_bytes: 1000, sync_interval: SYNC_MS },
    author: { life: 1, said: 0 },
    membership: { out: new Map() },
    reach: { heard: () => {}, backSinceMs: () => backMs, isHealing: () => false },
    peers: new Map([['n2', { digest: async () => {} }]]),
    journal: {
      have: () => ({}),
      missingFrom: (_have: unknown, { beforeMs }: { readonly beforeMs: number }) => {
        upToMs = beforeMs;
        return { batches: [], floors: {}, isAll: true };
      },
    },
    hasStarted: true,
    now: () => NOW_MS,
  };
  new Repair(owner as unknown as RepairOwner).answer('n2', { have: {}, asks: true, ...digest });
  return upToMs;
}

test('what came within a round is on its way to whoever was there', () => {
  expect(givenUpTo(-Infinity, { is_back: false })).toBe(NOW_MS - SYNC_MS);
  expect(givenUpTo(2000, { is_back: false })).toBe(NOW_MS - SYNC_MS);
});

test('what came before a neighbour was back is not', () => {
  expect(givenUpTo(NOW_MS - 100, { is_back: false })).toBe(NOW_MS - 100);
});

test('who had lost this node lacks everything', () => {
  expect(givenUpTo(-Infinity, { is_back: true })).toBe(NOW_MS);
});
