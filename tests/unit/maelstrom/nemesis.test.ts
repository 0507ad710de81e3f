import { describe, expect, test } from 'vitest';
import type { Partition } from '../../../src/core/faults/faults.ts';
import { resolveFaults } from '../../../src/core/faults/resolve.ts';
import { Random } from '../../../src/core/random.ts';
import { partitionsOf } from '../../../src/maelstrom/nemesis.ts';

const nodes = (n: number) => Array.from({ length: n }, (_, at) => `n${at}`);
const drawn = (n: number, seed: number, limitMs = 60_000) =>
  partitionsOf(nodes(n), { intervalMs: 1000, limitMs, random: Random.stream(seed, 'nemesis') });

/** Who can reach whom while it lasts. */
function reach(partition: Partition, ids: readonly string[]): Map<string, string[]> {
  const [plan] = resolveFaults({ partitions: [partition] }, ids, 1).partitions;
  const { parting } = plan!;
  if (parting.kind !== 'cut') throw new Error('the nemesis draws by itself');
  return new Map(ids.map((a) => [a, ids.filter((b) => a === b || !parting.cuts(a, b))]));
}

describe.each([2, 3, 4, 5, 9, 25])('%i nodes', (n) => {
  test('are parted by every partition, one after the other, until the end and no longer', () => {
    let endMs = 0;
    for (const partition of drawn(n, 1)) {
      const [at, lasts] = [partition.at as number, partition.for as number];
      expect(at).toBeGreaterThanOrEqual(endMs);
      endMs = at + lasts;
      expect(endMs).toBeLessThanOrEqual(60_000);
      expect([...reach(partition, nodes(n)).values()].some((seen) => seen.length < n)).toBe(true);
    }
    expect(endMs).toBeGreaterThan(50_000);
  });

  test('see a majority each, and another one each, or are in two parts', () => {
    for (const partition of drawn(n, 2)) {
      const seen = reach(partition, nodes(n));
      const views = new Set([...seen.values()].map((view) => view.join()));
      if (partition.groups !== undefined) expect(views.size).toBe(2);
      else {
        expect(views.size).toBe(n);
        for (const view of seen.values()) expect(view.length).toBeGreaterThan(n / 2);
      }
    }
  });
});

test('all four kinds come, and one node is never parted from itself', () => {
  const kinds = new Set(
    drawn(9, 3).map(({ groups, cut }) => (cut === undefined ? groups![0]!.length : 'ring')),
  );
  expect(kinds).toEqual(new Set([1, 4, 2, 'ring']));
  expect(drawn(1, 1)).toEqual([]);
});
