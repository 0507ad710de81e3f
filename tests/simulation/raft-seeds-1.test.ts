/** A thousand storms over bare Raft machines, and as many more as one has time for: `PARLEY_SEEDS=100000`. */

import { stormTests } from '../support/raft-storm-tests.ts';

stormTests(0);
