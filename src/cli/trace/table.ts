/** The summary of a trace as tables for people. */

import { visible } from '../../check/trace/describe-event.ts';
import type { Quantiles } from '../../check/trace/histogram.ts';
import type { TraceFacts } from '../../check/trace/trace-record.ts';
import type { TraceSummary } from '../../check/trace/trace-summary.ts';
import type { Colours } from '../colours.ts';

/** Types of messages and nodes that are listed. */
const ROWS_MAX = 40;

/** The tables. */
export function summaryTable(
  name: string,
  run: TraceFacts,
  summary: TraceSummary,
  colours: Colours,
): string {
  const { events, duration_ms, nodes, violations, undelivered, unmatched } = summary;
  const count = Object.keys(nodes).length;
  const facts = ['algorithm', 'mode', 'format', 'seed']
    .filter((fact) => run[fact] !== undefined)
    .map((fact) => (fact === 'seed' ? `seed ${String(run[fact])}` : String(run[fact])));
  const about = facts.length === 0 ? '' : ` ${colours.dim(`(${visible(facts.join(', '))})`)}`;
  const head = `${colours.bold(visible(name))}: ${events} events of ${count} nodes in ${duration_ms} ms${about}`;
  const lines = [
    head,
    `events  ${counts(summary.kinds)}`,
    ...row('dropped', counts(summary.drops)),
    ...row('faults', counts(summary.faults)),
    ...row('never arrived', undelivered === 0 ? '' : String(undelivered)),
    ...row('received, but never sent', unmatched === 0 ? '' : String(unmatched)),
    ...row('violations', violations === 0 ? '' : colours.red(String(violations))),
    ...messageTable(summary, colours),
    ...nodeTable(summary, colours),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function row(title: string, text: string): string[] {
  return text === '' ? [] : [`${title}  ${text}`];
}

function counts(named: Readonly<Record<string, number | undefined>>): string {
  return Object.entries(named)
    .sort(([, a = 0], [, b = 0]) => b - a)
    .map(([name, count]) => `${count} ${visible(name)}`)
    .join(', ');
}

function messageTable({ messages, latency_ms }: TraceSummary, colours: Colours): string[] {
  if (messages.length === 0) return [];
  const titles = [
    'message',
    'role',
    'sent',
    'delivered',
    'dropped',
    'again',
    'bytes',
    ...LATENCIES,
  ];
  const rows = messages
    .slice(0, ROWS_MAX)
    .map(({ path, type, role, sent, delivered, dropped, duplicates, bytes, latency_ms: took }) => [
      ...[`${path}.${type}`, role].map(visible),
      ...[sent, delivered, dropped, duplicates, bytes].map(String),
      ...latencies(took),
    ]);
  const all =
    messages.length === 1 ? [] : [['all', '', '', '', '', '', '', ...latencies(latency_ms)]];
  return ['', ...table(titles, [...rows, ...all], 2, colours), ...more(messages.length)];
}

const LATENCIES = ['p50 ms', 'p90', 'p99', 'max'];

function latencies(quantiles: Quantiles | null): string[] {
  if (quantiles === null) return LATENCIES.map(() => '');
  const { p50, p90, p99, max } = quantiles;
  return [p50, p90, p99, max].map((value) => value.toFixed(3));
}

function nodeTable({ nodes }: TraceSummary, colours: Colours): string[] {
  const all = Object.entries(nodes);
  if (all.length === 0) return [];
  const titles = ['node', 'status', 'events', 'sent', 'delivered', 'dropped', 'lives'];
  const rows = all
    .slice(0, ROWS_MAX)
    .map(([id, { status, events, sent, delivered, dropped, lives }]) => [
      ...[id, status ?? ''].map(visible),
      ...[events, sent, delivered, dropped, lives].map(String),
    ]);
  return ['', ...table(titles, rows, 2, colours), ...more(all.length)];
}

function more(count: number): string[] {
  return count <= ROWS_MAX ? [] : [`… and ${count - ROWS_MAX} more (--json has them all)`];
}

/** The first `words` columns begin together, the numbers behind them end together. */
function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  words: number,
  colours: Colours,
): string[] {
  const widths = titles.map((title, at) =>
    Math.max(title.length, ...rows.map((one) => one[at]!.length)),
  );
  const print = (cells: readonly string[]) =>
    cells
      .map((cell, at) => (at < words ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join('  ');
  return [colours.dim(print(titles)), ...rows.map(print)];
}
