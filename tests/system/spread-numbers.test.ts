/** What spreading costs among a thousand nodes: the tables of docs/dissemination.md. */

import { expect, test } from 'vitest';
import { runSpread } from '../../src/lab/spread/run-spread.ts';
import { spreadSpec, type SpreadOptions } from '../../src/lab/spread/spread-spec.ts';

/** A minute of processor time each, on a machine that may have other work. */
const PATIENCE_MS = 900_000;

const spread = (options: SpreadOptions) => runSpread(spreadSpec(options));

test.each([true, false])(
  'gossipsub, 1000 nodes that dial 20 each, flood publish %s: 6.3 copies a delivery, all within 400 ms',
  async (floodPublish) => {
    const result = await spread({ floodPublish });
    expect(result).toMatchObject({ delivered: 59_940, missed: 0, duplicates: 0 });
    expect(result.copies_per_delivery).toBeGreaterThan(6.3 * 0.9);
    expect(result.copies_per_delivery).toBeLessThan(6.3 * 1.1);
    expect(result.latency_max_ms).toBeLessThan(400);
  },
  PATIENCE_MS,
);

const links = { protocol: 'plumtree', latencyMin: 10, latencyMax: 50 } as const;

test.each([
  ['one', 100, 15, 0.2],
  ['any', 100, 18, 1],
  ['all', 100, 30, 3],
  // The gates of iroh, 15 and 18 hops, are asserted of 100 nodes: see docs/dissemination.md.
  ['one', 1000, 25, 0.2],
  ['any', 1000, 30, 1],
] as const)(
  'plumtree, publishers %s, %i nodes: below %i hops, redundancy below %d, nothing missed',
  async (publishers, nodes, hops, redundancy) => {
    const result = await spread({ ...links, publishers, nodes });
    expect(result).toMatchObject({ missed: 0, duplicates: 0 });
    expect(result.last_hop_mean).toBeLessThan(hops);
    expect(result.redundancy).toBeLessThan(redundancy);
  },
  PATIENCE_MS,
);
