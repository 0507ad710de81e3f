/**
 * A trace as a log for ShiViz: vector clocks as JSON, with the regular expression that reads it in the first line and, as ShiViz wants
 * it, an empty second line (no several executions). A third line of each entry has the whole event, so that it can be read back; in
 * ShiViz it is a field of the event.
 */

import { describeEvent } from '../../check/trace/describe-event.ts';
import type { TraceExport } from './trace-export.ts';

/** Reads the entries of {@link shivizExport}. */
export const SHIVIZ_REGEX = String.raw`(?<host>\S*) (?<clock>{.*})\n(?<event>.*)\n(?<json>{.*})`;

/** The log. */
export function shivizExport(): TraceExport {
  /** Hosts as JSON has them, by the node's id. */
  const hosts = new Map<string, string>();
  const quoted = (id: string) => {
    let host = hosts.get(id);
    if (host === undefined) hosts.set(id, (host = JSON.stringify(hostOf(id))));
    return host;
  };
  return {
    begin: () => `${SHIVIZ_REGEX}\n\n`,
    event: ({ event, line, clock }) => {
      const counts = Object.entries(clock()).map(([id, count]) => `${quoted(id)}:${count}`);
      // A dot of a regular expression does not match two kinds of line ends that JSON may hold.
      const json = line.replace(/[\u2028\u2029]/g, (end) =>
        end === '\u2028' ? '\\u2028' : '\\u2029',
      );
      return `${hostOf(event.node)} {${counts.join(',')}}\n${describeEvent(event)}\n${json}\n`;
    },
    end: () => '',
  };
}

/** A node's id as one word. */
export function hostOf(id: string): string {
  return /^[\w.:-]+$/.test(id) ? id : id.replace(/[\s%{}"]/g, encodeURIComponent);
}
