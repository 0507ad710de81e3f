/** How far lookups go in large networks, beside an independent simulation; the whole table is in docs/overlays.md. */

import { expect, test } from 'vitest';
import { KademliaWorld } from '../support/kademlia-world.ts';

const PATIENCE_MS = 60_000;

/** Lookups of the reference, and of ours in docs; 200 of them leave a depth uncertain by some hundredths. */
const LOOKUPS = 200;

test.each([
  [100, 20, 3, 1.32, 20.0],
  [1000, 20, 3, 1.9, 21.5],
  [10_000, 20, 3, 2.43, 22.9],
  [1000, 8, 3, 2.25, 10.8],
  [1000, 8, 1, 2.4, 8.8],
])(
  '%i nodes, k = %i, α = %i: depth %f, %f asked',
  (nodes, k, alpha, depth, asked) => {
    const measured = new KademliaWorld(nodes, k).measure(LOOKUPS, alpha);
    expect(measured.found).toBe(1);
    expect(Math.abs(measured.depth - depth)).toBeLessThan(0.2);
    expect(Math.abs(measured.asked - asked)).toBeLessThan(asked * 0.08);
  },
  PATIENCE_MS,
);
