/** What a trace can be written as: a stream of texts, one for each event, with something before and behind. */

import type { NodeId } from '../../core/id.ts';
import type { TraceRecord } from '../../check/trace/trace-record.ts';
import { traceHeaderLine, type TraceHeader } from '../../runtime/trace-file.ts';

/** An event that is written. */
export interface ExportedEvent extends TraceRecord {
  /** Its vector clock among the events that are written, with its own node's component first. */
  readonly clock: () => Readonly<Record<NodeId, number>>;
}

/** A way to write traces. The texts, one behind the other, are the file. */
export interface TraceExport {
  begin(): string;
  event(event: ExportedEvent): string;
  end(): string;
}

/** A trace is too long to be written so. */
export class TooLongToExport extends Error {
  override readonly name = 'TooLongToExport';
}

/**
 * Parley's own format.
 *
 * @param header undefined to write events alone
 */
export function ndjsonExport(header: Omit<TraceHeader, 'parley_trace'> | undefined): TraceExport {
  return {
    begin: () => (header === undefined ? '' : traceHeaderLine(header)),
    event: ({ line }) => `${line}\n`,
    end: () => '',
  };
}
