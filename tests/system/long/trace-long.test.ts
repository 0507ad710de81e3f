/** A million events. */

import { longTraces } from '../../e2e/cli-trace-long.suite.ts';

longTraces({ events: 1_000_000, fewer: 100_000, heapMb: 64 });
