/**
 * What spreading costs, in small: networks that take a second. docs/dissemination.md has the full figures, with the commands that make them, and
 * tests/system/spread-numbers.test.ts those of a thousand nodes.
 */

import { describe, expect, test } from 'vitest';
import { runSpread } from '../../src/lab/spread/run-spread.ts';
import { SpreadError, spreadSpec, type SpreadOptions } from '../../src/lab/spread/spread-spec.ts';

/** For a busy machine. */
const PATIENCE_MS = 60_000;

const spread = (options: SpreadOptions) => runSpread(spreadSpec(options));

test(
  'gossipsub, 100 nodes: six or seven copies a delivery, nothing missed, all within 400 ms',
  async () => {
    const result = await spread({ nodes: 100, messages: 10 });
    expect(result).toMatchObject({ missed: 0, duplicates: 0, delivered: 990 });
    expect(result.copies_per_delivery).toBeGreaterThan(5.3);
    expect(result.copies_per_delivery).toBeLessThan(7.8);
    expect(result.latency_max_ms).toBeLessThan(400);
    expect(result.sent['ihave']).toBeGreaterThan(0);
  },
  PATIENCE_MS,
);

test(
  'a flood over the same links carries several times as much, and is no slower',
  async () => {
    const flood = await spread({ protocol: 'flood', nodes: 60, messages: 4 });
    const mesh = await spread({ nodes: 60, messages: 4 });
    expect(flood.missed + mesh.missed).toBe(0);
    expect(flood.copies_per_delivery).toBeGreaterThan(3 * mesh.copies_per_delivery);
    expect(flood.latency_mean_ms).toBeLessThanOrEqual(mesh.latency_mean_ms);
  },
  PATIENCE_MS,
);

test(
  'gossip reaches everybody in the end, with as many copies as its fanout at most',
  async () => {
    const result = await spread({ protocol: 'gossip', nodes: 60, messages: 4 });
    expect(result).toMatchObject({ missed: 0, duplicates: 0 });
    expect(result.copies_per_delivery).toBeLessThan(6.2);
  },
  PATIENCE_MS,
);

describe('plumtree behind the gates of iroh-gossip, links of 10–50 ms', () => {
  const links = { protocol: 'plumtree', latencyMin: 10, latencyMax: 50 } as const;

  test.each([1, 2, 3])(
    'one sender, 20 nodes, seed %i: redundancy below 0.2, a last hop below 15, nothing missed',
    async (seed) => {
      const result = await spread({ ...links, nodes: 20, publishers: 'one', seed });
      expect(result).toMatchObject({ missed: 0, duplicates: 0 });
      expect(result.redundancy).toBeLessThan(0.2);
      expect(result.last_hop_mean).toBeLessThan(15);
    },
    PATIENCE_MS,
  );

  test(
    'many senders, 50 nodes: redundancy below 1, a last hop below 18; all at once: below 3 and 30',
    async () => {
      const many = await spread({ ...links, nodes: 50, publishers: 'any', messages: 40 });
      expect(many).toMatchObject({ missed: 0, duplicates: 0 });
      expect(many.redundancy).toBeLessThan(1);
      expect(many.last_hop_mean).toBeLessThan(18);
      const burst = await spread({ ...links, nodes: 50, publishers: 'all' });
      expect(burst).toMatchObject({ missed: 0, duplicates: 0, published: 50 });
      expect(burst.redundancy).toBeLessThan(3);
      expect(burst.last_hop_mean).toBeLessThan(30);
    },
    PATIENCE_MS,
  );
});

test(
  'the same seed comes to the same figures, another to others; what makes no sense is refused',
  async () => {
    const one = await spread({ nodes: 30, messages: 3 });
    expect(await spread({ nodes: 30, messages: 3 })).toEqual(one);
    expect(await spread({ nodes: 30, messages: 3, seed: 2 })).not.toEqual(one);
    for (const wrong of [
      { nodes: 1 },
      { nodes: 1e6 },
      { messages: 0 },
      { dials: 0 },
      { latencyMin: 50, latencyMax: 10 },
    ]) {
      expect(() => spreadSpec(wrong)).toThrow(SpreadError);
    }
    const aborted = runSpread(spreadSpec({ nodes: 10 }), { signal: AbortSignal.abort('enough') });
    await expect(aborted).rejects.toBe('enough');
  },
  PATIENCE_MS,
);
