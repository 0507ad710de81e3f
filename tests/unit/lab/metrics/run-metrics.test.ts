import { fc } from '../../../support/property.ts';
import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../../../src/core/trace.ts';
import { metricsCsv } from '../../../../src/lab/metrics/metrics-csv.ts';
import { RunMetrics, type MetricTable } from '../../../../src/lab/metrics/run-metrics.ts';
import { BINS_MAX } from '../../../../src/lab/metrics/time-bins.ts';
import { Recording } from '../../../../src/lab/playback.ts';

const envelope = { path: 'talk', role: 'cast', bytes: 10 } as const;

function send(time: number, number: number, type = 'vote'): TraceEvent {
  const message = `n1#${number}`;
  const to = 'n2';
  const happened = { time, node: 'n1', sequence: number };
  return { ...happened, kind: 'send', to, message, type, ...envelope, body: null };
}

function deliver(time: number, number: number, type = 'vote'): TraceEvent {
  const message = `n1#${number}`;
  const happened = { time, node: 'n2', sequence: number };
  return { ...happened, kind: 'deliver', from: 'n1', message, type, ...envelope };
}

function state(time: number, node: string, value: object): TraceEvent {
  return { time, node, sequence: 1, kind: 'state', path: 'talk', state: value } as TraceEvent;
}

function lost(time: number, number: number): TraceEvent {
  const message = `n1#${number}`;
  const happened = { time, node: 'n1', sequence: 1 };
  return { ...happened, kind: 'fault', fault: 'loss', detail: '', to: 'n2', message };
}

function tableOf(events: readonly TraceEvent[], slice = events.length): MetricTable {
  const recording = new Recording();
  const metrics = new RunMetrics();
  for (let end = slice; ; end += slice) {
    recording.extend(events.slice(0, end));
    metrics.extend(recording);
    if (end >= events.length) return metrics.table();
  }
}

function line(table: MetricTable, metric: string, name: string): readonly (number | null)[] {
  const found = [...table.metrics, ...table.fields].find((one) => one.name === metric);
  return found!.lines.find((one) => one.name === name)!.values;
}

/** A rate per second over all points is a count again. */
function total(table: MetricTable, values: readonly (number | null)[]): number {
  const widthMs = table.times[0]!;
  return values.reduce<number>((sum, value) => sum + ((value ?? 0) * widthMs) / 1000, 0);
}

describe('the metrics of a run', () => {
  test('count a message that arrived before it was sent, by the clocks of two tabs, as one that has arrived', () => {
    const events = [send(0, 1), deliver(1, 2), deliver(2, 1), send(3, 2), send(4, 3)];
    for (let slice = 1; slice <= events.length; slice++) {
      const table = tableOf(events, slice);
      expect(line(table, 'Messages under way', 'under way').at(-1)).toBe(1);
      expect(Math.min(...line(table, 'Messages under way', 'under way').map(Number))).toBe(0);
    }
  });

  test('count what is sent by kind, what is under way, and how long it took', () => {
    const table = tableOf([
      send(0, 1),
      send(0.1, 2, 'ask'),
      deliver(1, 1),
      deliver(1.1, 2, 'ask'),
      // A copy that comes later is neither under way nor a latency.
      deliver(1.2, 1),
    ]);
    expect(total(table, line(table, 'Messages sent', 'vote'))).toBeCloseTo(1);
    expect(total(table, line(table, 'Messages sent', 'ask'))).toBeCloseTo(1);
    expect(line(table, 'Messages under way', 'under way')).toEqual([2, 2, 2, 2, 0]);
    expect(line(table, 'Latency', 'p50')).toEqual([null, null, null, null, 1]);
  });

  test('what was lost is not under way', () => {
    const table = tableOf([send(0, 1), lost(0, 1), send(1, 2)]);
    expect(line(table, 'Messages under way', 'under way')).toEqual([0, 0, 0, 0, 1]);
  });

  test('follow the numbers of the states, and hold them until the next', () => {
    const table = tableOf([
      state(0, 'n1', { term: 1, name: 'x' }),
      state(0.6, 'n2', { term: 3 }),
      state(1, 'n1', { term: 2 }),
    ]);
    expect(table.fields.map(({ name }) => name)).toEqual(['term']);
    expect(line(table, 'term', 'n1')).toEqual([1, 1, 1, 1, 2]);
    expect(line(table, 'term', 'n2')).toEqual([null, null, 3, 3, 3]);
  });

  test('a hostile state cannot make lines without end', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`f${i}`, i]));
    const nodes = Array.from({ length: 100 }, (_, i) => state(i, `n${i}`, many));
    const kinds = Array.from({ length: 100 }, (_, i) => send(i, i, `kind${i}`));
    const table = tableOf([...nodes, ...kinds]);
    expect(table.fields.length).toBeLessThanOrEqual(16);
    expect(table.fields.every(({ lines }) => lines.length <= 24)).toBe(true);
    expect(table.metrics[0]!.lines.length).toBeLessThanOrEqual(13);
    expect(total(table, line(table, 'Messages sent', 'others'))).toBeCloseTo(88);
  });

  test('however long the run: few points, nothing lost, the same in slices and at once', () => {
    const gaps = fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 50 }), (times, slice) => {
        let now = 0;
        const events = times.flatMap((gap, number) => {
          now += gap;
          return [send(now, number), deliver(now + 1, number)];
        });
        events.sort((a, b) => a.time - b.time);
        const table = tableOf(events, slice);
        expect(table).toEqual(tableOf(events));
        expect(table.times.length).toBeLessThanOrEqual(BINS_MAX);
        expect(total(table, line(table, 'Messages sent', 'vote'))).toBeCloseTo(times.length);
        expect(line(table, 'Messages under way', 'under way').at(-1)).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  test('become a table for a spreadsheet, in which nothing is a formula', () => {
    const csv = metricsCsv(tableOf([send(0, 1, '=cmd()'), state(0, 'n1', { 'a,"b"': 2 })]));
    const [head, row] = csv.split('\r\n');
    expect(head).toBe(
      'time_ms,Messages sent (per second) =cmd(),Bytes (per second) sent,Bytes (per second) arrived,' +
        'Latency (ms) p50,Latency (ms) p90,Latency (ms) p99,Messages under way (messages) under way,' +
        '"a,""b"" n1"',
    );
    expect(row).toBe('0.25,4000,40000,0,,,,1,2');
  });
});
