/**
 * Traces: events a second through each of the things that are done with them, beside `JSON.parse` of the same lines, which every reader
 * has to do; and a million events through the command line in a heap that could not hold them.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CausalClocks } from '../src/check/trace/causal-clocks.ts';
import { TraceMerge } from '../src/check/trace/merge.ts';
import { TraceJudge } from '../src/check/trace/trace-judge.ts';
import type { TraceRecord } from '../src/check/trace/trace-record.ts';
import { TraceCount } from '../src/check/trace/trace-summary.ts';
import type { TraceEvent } from '../src/core/trace.ts';
import { csvExport } from '../src/lab/trace/csv-export.ts';
import { shivizExport } from '../src/lab/trace/shiviz-export.ts';
import type { TraceExport } from '../src/lab/trace/trace-export.ts';
import { TraceReader } from '../src/lab/trace/trace-reader.ts';
import { traceLine } from '../src/runtime/trace-file.ts';
import { longTrace, writeLongTrace } from '../tests/support/long-trace.ts';
import { printFigures, type Figure } from './table.ts';

const EVENTS = 200_000;
const NODES = 8;
const ROUNDS = 3;
const FILE_EVENTS = 1_000_000;
const HEAP_MB = 64;

/** Runs and prints. */
export async function bench(): Promise<void> {
  const events = [...longTrace({ events: EVENTS, nodes: NODES })];
  const lines = events.map(traceLine);
  const text = lines.join('');
  const records = [...new TraceReader().push(text)];
  const parse = bestOf(() => {
    for (const line of lines) JSON.parse(line);
  });
  const against = { name: 'JSON.parse', value: parse };
  const figures: Figure[] = [
    { name: 'JSON.parse alone', value: parse, unit: 'events/s' },
    {
      name: 'read and check the shape of',
      value: bestOf(() => drain(text)),
      unit: 'events/s',
      against,
    },
  ];
  for (const [name, work] of Object.entries(works(records))) {
    figures.push({ name, value: bestOf(work), unit: 'events/s', against });
  }
  printFigures([...figures, ...commandFigures()]);
}

/** What is done with events that have been read. */
function works(records: readonly TraceRecord[]): Readonly<Record<string, () => void>> {
  const byNode = new Map<string, TraceEvent[]>();
  for (const { event } of records) {
    const own = byNode.get(event.node);
    if (own === undefined) byNode.set(event.node, [event]);
    else own.push(event);
  }
  const sources = Array.from(byNode.values(), (own) => () => own);
  return {
    'vector clocks of': () => {
      const clocks = new CausalClocks();
      for (const { event } of records) clocks.take(event);
    },
    judge: () => {
      const judge = new TraceJudge();
      for (const { event, number } of records) judge.take(event, number);
      judge.findings();
    },
    'sum up': () => {
      const count = new TraceCount();
      for (const { event } of records) count.take(event);
      count.summary();
    },
    [`merge ${NODES} traces of`]: () => {
      for (const _event of new TraceMerge(sources).events());
    },
    'write as CSV': () => write(csvExport(), records),
    'write for ShiViz': () => write(shivizExport(), records),
  };
}

function write(format: TraceExport, records: readonly TraceRecord[]): void {
  const clocks = new CausalClocks();
  for (const record of records) {
    const stamp = clocks.take(record.event);
    format.event({ ...record, clock: () => clocks.named(stamp) });
  }
}

function drain(text: string): void {
  for (const _record of new TraceReader().push(text));
}

/** Events a second, in the best of several rounds: the machine may be doing something else. */
function bestOf(work: () => void): number {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    work();
    best = Math.max(best, EVENTS / ((performance.now() - began) / 1000));
  }
  return best;
}

/** A million events through the commands, each a process with a small heap; starting it is counted too. */
function commandFigures(): Figure[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-bench-'));
  const program = fileURLToPath(new URL('../bin/parley.js', import.meta.url));
  try {
    const file = path.join(folder, 'long.ndjson');
    writeLongTrace(file, { events: FILE_EVENTS, nodes: NODES });
    return [
      [file, '--json'],
      ['check', file],
      [file, '-o', path.join(folder, 'long.csv')],
    ].map((words) => {
      const began = performance.now();
      const command = [`--max-old-space-size=${HEAP_MB}`, program, 'trace', ...words];
      const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
      if (status !== 0) throw new Error(`trace ${words.join(' ')} ended with ${status}: ${stderr}`);
      const what = words[0] === 'check' ? 'check' : words[1] === '-o' ? 'CSV' : 'summary';
      const value = (performance.now() - began) / 1000;
      return { name: `10⁶ events, ${HEAP_MB} MB of heap: ${what}`, value, unit: 's' };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
