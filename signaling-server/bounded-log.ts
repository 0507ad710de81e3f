import type { Log, LogEntry } from './log.ts';
import { TokenBucket } from './token-bucket.ts';

/** Entries of one event in one burst, and how many of them a second after that. */
const ENTRIES_BURST = 20;
const ENTRIES_PER_SECOND = 1;

interface EventBound {
  readonly bucket: TokenBucket;
  suppressed: number;
}

/**
 * A log that a stranger cannot fill a disk with: of every event it passes on a bounded rate, and
 * says with the next one how many it left out.
 */
export function boundedLog(log: Log, nowMs: () => number): Log {
  const bounds = new Map<string, EventBound>();
  return (entry: LogEntry) => {
    const bound = bounds.get(entry.event) ?? {
      bucket: new TokenBucket(ENTRIES_BURST, ENTRIES_PER_SECOND, nowMs),
      suppressed: 0,
    };
    bounds.set(entry.event, bound);
    if (!bound.bucket.take(1)) {
      bound.suppressed++;
      return;
    }
    const { suppressed } = bound;
    bound.suppressed = 0;
    log(suppressed === 0 ? entry : { ...entry, suppressed });
  };
}
