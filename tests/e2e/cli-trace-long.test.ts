/** Long traces: a million events are judged and get their vector clocks in a heap that could not hold them. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { traceLine } from '../../src/runtime/trace-file.ts';
import { longTrace, writeLongTrace } from '../support/long-trace.ts';
import { Folder, parley } from './cli-process.ts';

const EVENTS = 1_000_000;
/** What is done with the other files costs the same for each event. */
const FEWER_EVENTS = 100_000;
const ODD_AT = 90_000;
/** Megabytes: a million events would take more than ten times as much. */
const HEAP_MB = 64;

let folder: Folder;

beforeAll(() => {
  folder = new Folder();
  const file = (name: string) => path.join(folder.path, name);
  writeLongTrace(file('long.ndjson'), { events: EVENTS });
  writeLongTrace(file('even.ndjson'), { events: FEWER_EVENTS });
  writeLongTrace(file('odd.ndjson'), { events: FEWER_EVENTS, oddAt: ODD_AT });
});

afterAll(() => folder.remove());

function trace(...words: string[]) {
  const environment = { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` };
  return parley(['trace', ...words], { cwd: folder.path, environment });
}

describe('a million events', () => {
  test('are judged', async () => {
    const { status, stdout } = await trace('check', 'long.ndjson');
    expect(stdout).toBe('long.ndjson: 1000000 events, nothing wrong\n');
    expect(status).toBe(0);
  });

  test('get their vector clocks', async () => {
    const words = ['long.ndjson', '-o', 'long.csv', '--from', '999.9'];
    const { status } = await trace(...words);
    const rows = readFileSync(path.join(folder.path, 'long.csv'), 'utf8').trimEnd().split('\r\n');
    expect(rows).toHaveLength(1 + 100);
    expect(status).toBe(0);
  });
});

describe('a hundred thousand events', () => {
  test('are summed up, with nothing forgotten', async () => {
    const { status, stdout } = await trace('even.ndjson', '--json');
    const sums = { events: FEWER_EVENTS, unmatched: 0, duration_ms: 99.999 };
    expect(JSON.parse(stdout)).toMatchObject(sums);
    expect(status).toBe(0);
  });

  test('are compared', async () => {
    const { status, stdout } = await trace('diff', 'even.ndjson', 'odd.ndjson');
    expect(stdout).toMatch(/^90000 events are the same; here they part:\n/);
    expect(status).toBe(1);
  });

  test('of eight machines are merged', async () => {
    const byNode = new Map<string, string[]>();
    for (const event of longTrace({ events: FEWER_EVENTS })) {
      const skewMs = Number(event.node.slice(1)) * 3.5;
      const line = traceLine({ ...event, time: event.time + skewMs });
      if (!byNode.has(event.node)) byNode.set(event.node, []);
      byNode.get(event.node)!.push(line);
    }
    for (const [node, lines] of byNode) folder.write(`${node}.ndjson`, lines.join(''));
    const names = [...byNode.keys()].map((node) => `${node}.ndjson`);
    await trace(...names, '-o', 'merged.ndjson');
    const { stdout } = await trace('check', 'merged.ndjson');
    expect(stdout).toBe('merged.ndjson: 100000 events, nothing wrong\n');
  });
});
