/** Traces of a length for every day; tests/system has a million events. */

import { longTraces } from './cli-trace-long.suite.ts';

longTraces({ events: 50_000, fewer: 10_000, heapMb: 64 });
