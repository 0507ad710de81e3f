/** One thing that happened. Fields beside these are plain values, fit for one line of JSON. */
export interface LogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** What happened, in words joined by hyphens. */
  readonly event: string;
  readonly [field: string]: unknown;
}

/** Where a server writes its log. It must not throw. */
export type Log = (entry: LogEntry) => void;
