/** A thousand seeds with loss, duplication, reordering, crashes and partitions. */

import { expect, test } from 'vitest';
import { sweep } from '../support/pubsub-sweep.ts';

/** For a busy machine. */
const PATIENCE_MS = 600_000;

test(
  'of 1000 seeds, every message reaches every subscriber once, in the promised order',
  async () => {
    for (let seed = 0; seed < 1000; seed++) {
      const stores = seed % 6 < 3 ? 'before' : 'beside';
      expect(await sweep(seed, [], stores)).toBeUndefined();
    }
  },
  PATIENCE_MS,
);
