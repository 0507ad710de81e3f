/** The result of a run as a table for people. */

import type { NodeResult, RunResult } from '../../core/result.ts';
import { endedWell } from '../../core/status.ts';
import { nodePainter, type Colours } from '../colours.ts';
import { inOneLine } from '../printable.ts';

/** How a table is printed. */
export interface TableOptions {
  readonly colours: Colours;
  /** Characters a line may have; undefined when nobody counts them. */
  readonly columns: number | undefined;
}

const TITLES = ['node', 'status', 'received', 'bytes', 'sent', 'report'] as const;

/** The table, with a line above that says how the run ended and what broke below it. */
export function resultTable(result: RunResult, { colours, columns }: TableOptions): string {
  const rows = Object.entries(result.nodes).map(([id, node]) => cellsOf(id, node));
  const widths = TITLES.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]!.length)),
  );
  const paint = nodePainter(Object.keys(result.nodes), colours);
  const lines = rows.map((row) => {
    const [name = '', status = '', ...numbers] = padded(row, widths).slice(0, -1);
    const node = result.nodes[row[0]!]!;
    const toned = endedWell(node.status) ? status : colours.red(status);
    const shown = [paint(row[0]!, name), toned, ...numbers].join('  ');
    const used = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
    return `${shown}  ${shortened(row.at(-1)!, columns === undefined ? undefined : columns - used)}`;
  });
  const head = colours.dim(padded(TITLES, widths).join('  ').trimEnd());
  return [
    summary(result, colours),
    head,
    ...lines,
    ...measures(result),
    ...complaints(result, colours),
  ]
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** One line: what ran, how it ended, how much was said. */
function summary(result: RunResult, colours: Colours): string {
  const { algorithm, mode, format, seed, ok, messages_delivered, bytes_delivered } = result;
  const time =
    result.virtual_ms === null
      ? `${result.elapsed_ms} ms`
      : `${result.virtual_ms} ms virtual in ${result.elapsed_ms} ms`;
  const verdict = ok ? colours.green('ok') : colours.red('not ok');
  const facts = [
    `${mode}, ${format}, seed ${seed}`,
    `${messages_delivered} messages, ${bytes_delivered} bytes`,
    time,
  ];
  return `${colours.bold(algorithm)}: ${verdict} ${colours.dim(`(${facts.join('; ')})`)}`;
}

function cellsOf(id: string, node: NodeResult): readonly string[] {
  const received = Object.values(node.messages_received).reduce((sum, count) => sum + count, 0);
  const report = Object.entries(node.report).map(([key, value]) => `${key}=${inOneLine(value)}`);
  const numbers = [received, node.bytes_received, node.messages_sent].map(String);
  return [id, node.status, ...numbers, report.join(' ').replaceAll('\n', ' ')];
}

/** Numbers end in one column, words begin in one. */
function padded(cells: readonly string[], widths: readonly number[]): string[] {
  return cells.map((cell, at) =>
    at >= 2 && at <= 4 ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!),
  );
}

function shortened(text: string, width: number | undefined): string {
  if (width === undefined || text.length <= Math.max(width, MIN_REPORT_WIDTH)) return text;
  return `${text.slice(0, Math.max(width, MIN_REPORT_WIDTH) - 1)}…`;
}

/** Even on a narrow terminal a report is worth reading, and is then broken by the terminal. */
const MIN_REPORT_WIDTH = 40;

/** One line a measure, its number short enough to be compared. */
function measures({ measures: all = {} }: RunResult): string[] {
  return Object.entries(all).map(([name, value]) => `${name}: ${Number(value.toPrecision(4))}`);
}

function complaints(result: RunResult, colours: Colours): string[] {
  const lines: string[] = [];
  const { violation, breaks = [], faults_fired, problems = [] } = result;
  if (breaks.length > 0) lines.push(colours.yellow(`broken on purpose: ${breaks.join(', ')}`));
  if (faults_fired !== undefined) {
    const counts = Object.entries(faults_fired).map(([kind, count]) => `${kind} ${count}`);
    lines.push(colours.dim(`faults fired: ${counts.join(', ') || 'none were planned'}`));
  }
  for (const problem of problems) lines.push(colours.red(problem));
  if (violation !== undefined) {
    lines.push(colours.red(`invariant broke: ${violation.invariant}: ${violation.detail}`));
  }
  for (const [id, { status, error, dropped }] of Object.entries(result.nodes)) {
    if (error !== undefined) {
      const text = `${id} ${status}: ${error.split('\n')[0]}`;
      lines.push(endedWell(status) ? text : colours.red(text));
    }
    const reasons = Object.entries(dropped).map(([reason, count]) => `${count} ${reason}`);
    if (reasons.length > 0) lines.push(colours.yellow(`${id} dropped: ${reasons.join(', ')}`));
  }
  return lines;
}
