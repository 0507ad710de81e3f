/** `--report-dir`: one JSON line a node, with the field names that the earlier frameworks' tools read, and more. */

import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { NodeId } from '../../core/id.ts';
import type { RunResult } from '../../core/result.ts';
import { messageOf } from '../../core/errors.ts';
import { UsageError } from '../failures.ts';
import { inOneLine } from '../printable.ts';

/** A line about one node. The first five fields are those of the earlier frameworks. */
export interface ReportLine {
  /** Whole seconds. */
  readonly elapsed_time: number;
  readonly messages_received: Readonly<Record<string, number>>;
  readonly bytes_received: number;
  readonly algorithm: string;
  /** The node's report, every value as text. */
  readonly details: Readonly<Record<string, string>>;
  readonly node: NodeId;
  readonly status: string;
  readonly error?: string;
  readonly mode: string;
  readonly format: string;
  readonly seed: number;
  /** The same in the lines of all nodes of a run. */
  readonly run: string;
  readonly messages_sent: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly elapsed_ms: number;
  readonly trace_sha256: string | null;
}

/** The line of each node. */
export function reportLines(result: RunResult, run: string): ReadonlyMap<NodeId, ReportLine> {
  const { algorithm, mode, format, seed, trace_sha256 } = result;
  const lines = Object.entries(result.nodes).map(([node, outcome]) => {
    const { status, error, elapsed_ms, messages_received, bytes_received } = outcome;
    const details = Object.entries(outcome.report).map(([key, value]) => [key, inOneLine(value)]);
    const line: ReportLine = {
      elapsed_time: Math.floor(elapsed_ms / 1000),
      messages_received,
      bytes_received,
      algorithm,
      details: Object.fromEntries(details) as Record<string, string>,
      node,
      status,
      ...(error === undefined ? {} : { error }),
      mode,
      format,
      seed,
      run,
      messages_sent: outcome.messages_sent,
      dropped: outcome.dropped,
      elapsed_ms: Math.round(elapsed_ms),
      trace_sha256,
    };
    return [node, line] as const;
  });
  return new Map(lines);
}

/**
 * Makes the folder, before the run: a run whose reports cannot be written is better not begun.
 *
 * @throws {UsageError} when it cannot be made
 */
export function prepareReportFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(`--report-dir ${folder}: ${messageOf(error)}`);
  }
}

/** Appends each node's line to its file. */
export function appendReports(folder: string, lines: ReadonlyMap<NodeId, ReportLine>): void {
  for (const [id, line] of lines) {
    // An id may hold any character; a file's name may not.
    const file = path.join(folder, `${encodeURIComponent(id)}.jsonl`);
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  }
}
