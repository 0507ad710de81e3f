/** How a server's log is written: for people, or one JSON object a line for programs. */

import type { Log, LogEntry } from '../../../signaling-server/log.ts';
import type { LogFormat } from './signal-options.ts';

/** Where the lines go. */
export interface LogStreams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** What a terminal might take for a command; JSON leaves the upper ones as they are. */
// oxlint-disable-next-line no-control-regex -- control characters are what it is about
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** A log in that format. `verbose` only matters to people: programs get everything. */
export function serverLog(
  format: LogFormat,
  verbose: boolean,
  streams: LogStreams,
  nowMs: () => number,
): Log {
  switch (format) {
    case 'none':
      return () => {};
    case 'json':
      return (entry) => void streams.stdout.write(jsonLine(entry, nowMs()));
    case 'text':
      return (entry) => {
        if (verbose || entry.level === 'warn' || entry.level === 'error') {
          streams.stderr.write(textLine(entry));
        }
      };
  }
}

function jsonLine(entry: LogEntry, nowMs: number): string {
  return `${JSON.stringify({ time: new Date(nowMs).toISOString(), ...entry })}\n`;
}

function textLine({ level, event, ...details }: LogEntry): string {
  const line = `${level} ${event} ${JSON.stringify(details)}`;
  return `${line.replace(CONTROL, escaped)}\n`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
