/** What a run came to, for people and for scripts. */

import { isMap } from '../../check/text.ts';
import type { Anomaly } from '../../check/verdict.ts';
import type { Value } from '../../core/value.ts';
import type { MaelstromRequest, MaelstromResult } from '../../maelstrom/run.ts';
import type { Colours } from '../colours.ts';
import { inOneLine } from '../printable.ts';
import type { TimeReport } from './clockwork.ts';

/** What the command knows beside the result. */
export interface Told {
  readonly program: string;
  readonly trace_sha256: string | undefined;
  /** Of processes. */
  readonly time?: TimeReport;
  /** Where the nodes' stderr is, when something went wrong. */
  readonly logs?: string;
}

/** Anomalies that are printed. */
const SHOWN_MAX = 5;

/** One JSON object, in a line. */
export function jsonReport(
  request: MaelstromRequest,
  { verdict, ...result }: MaelstromResult,
  told: Told,
  elapsedMs: number,
): string {
  const report = {
    ...told,
    ...result,
    nodes: request.nodeCount,
    clients: request.concurrency,
    elapsed_ms: elapsedMs,
    facts: verdict?.facts ?? {},
    counts: verdict?.counts ?? {},
    anomalies: verdict?.anomalies ?? [],
  };
  return `${JSON.stringify(report)}\n`;
}

/** Lines for people. */
export function textReport(
  request: MaelstromRequest,
  result: MaelstromResult,
  told: Told,
  { elapsedMs, colours }: { readonly elapsedMs: number; readonly colours: Colours },
): string {
  const { workload, ok, valid, seed, virtual_ms } = result;
  const word = ok ? colours.green('ok') : colours.red(valid === 'unknown' ? 'unknown' : 'not ok');
  const size = `${request.nodeCount} nodes, ${request.concurrency} clients`;
  const time = `${(virtual_ms / 1000).toFixed(1)} s in ${(elapsedMs / 1000).toFixed(1)} s`;
  const lines = [
    `${colours.bold(workload)}: ${word} ${colours.dim(`(${told.program}; seed ${seed}; ${size}; ${time})`)}`,
    valid === true ? result.explanation : colours.red(result.explanation),
    ...(valid === true ? [] : anomalyLines(result)),
    ...operationLines(result, colours),
    ...trafficLines(result),
    ...factLines(result),
    ...faultLines(result),
    ...(told.time === undefined ? [] : [`time: ${told.time.time}; ${told.time.assumption}`]),
    ...result.problems.map((problem) => colours.red(problem)),
    ...(told.logs === undefined ? [] : [`what the nodes wrote to stderr is in ${told.logs}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** First those that the judge's sentence speaks of: others may be allowed. */
function anomalyLines({ verdict, explanation }: MaelstromResult): string[] {
  const anomalies = verdict?.anomalies ?? [];
  const isMeant = ({ kind }: Anomaly) => explanation.includes(kind);
  const ordered = [...anomalies.filter(isMeant), ...anomalies.filter((one) => !isMeant(one))];
  const lines = ordered.slice(0, SHOWN_MAX).map(({ kind, detail }) => {
    return `  ${kind}: ${detail.replaceAll('\n', '\n    ')}`;
  });
  if (anomalies.length > SHOWN_MAX) lines.push(`  … and more (--json has them)`);
  return lines;
}

function operationLines({ operations }: MaelstromResult, colours: Colours): string[] {
  const titles = ['called', 'ok', 'fail', 'info'] as const;
  const width = Math.max(9, ...Object.keys(operations).map((f) => f.length));
  const head = ['operation'.padEnd(width), ...titles.map((title) => title.padStart(7))].join(' ');
  const rows = Object.entries(operations).map(([f, counts]) => {
    return [f.padEnd(width), ...titles.map((title) => String(counts[title]).padStart(7))].join(' ');
  });
  return [colours.dim(head), ...rows];
}

function trafficLines({ net }: MaelstromResult): string[] {
  const { servers, clients, msgs_per_op } = net;
  const each = msgs_per_op === undefined ? '' : `, ${msgs_per_op.toFixed(2)} an operation`;
  return [`messages: ${servers.sent} between servers${each}; ${clients.sent} with clients`];
}

function factLines({ verdict }: MaelstromResult): string[] {
  return Object.entries(verdict?.facts ?? {}).map(([name, value]) => {
    return `${name.replaceAll('_', ' ')}: ${shownFact(value)}`;
  });
}

/** Quantiles one after the other, with times as they are read; everything else as JSON. */
function shownFact(value: Value): string {
  if (!isMap(value)) return inOneLine(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => Number(a) - Number(b));
  return entries.map(([share, at]) => `${share} → ${rounded(at)}`).join(', ') || 'none';
}

function rounded(value: Value): string {
  return typeof value === 'number' ? String(Math.round(value * 10) / 10) : inOneLine(value);
}

function faultLines({ faults_fired }: MaelstromResult): string[] {
  const counts = Object.entries(faults_fired).map(([kind, count]) => `${kind} ${count}`);
  return counts.length === 0 ? [] : [`faults fired: ${counts.join(', ')}`];
}
