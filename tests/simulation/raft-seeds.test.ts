/** Storms over bare Raft machines, and as many more as one has time for: `PARLEY_SEEDS=100000`. */

import { stormTests } from '../support/raft-storm-tests.ts';

/** Each takes milliseconds; tests/system raises thousands. */
const SEEDS = 120;

stormTests(0, Number(process.env['PARLEY_SEEDS'] ?? SEEDS));
