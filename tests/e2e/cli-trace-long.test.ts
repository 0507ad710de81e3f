/** Traces of a length for every day; tests/system has a million events. */

import { longTraces } from './cli-trace-long.suite.ts';

longTraces({ events: 150_000, fewer: 30_000, heapMb: 64 });
