/** Long traces: they are judged and get their vector clocks in a heap that could not hold them. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { traceLine } from '../../src/runtime/trace-file.ts';
import { longTrace, writeLongTrace } from '../support/long-trace.ts';
import { Folder, parley } from './cli-process.ts';

/** How long the traces are. */
export interface LongTraces {
  readonly events: number;
  /** In other files, whose every event costs more. */
  readonly fewer: number;
  /** What the command may use, in megabytes; as values, an event takes about a kilobyte. */
  readonly heapMb: number;
}

/** Declares the tests. */
export function longTraces({ events, fewer, heapMb }: LongTraces): void {
  const oddAt = Math.floor(fewer * 0.9);
  let folder: Folder;

  beforeAll(() => {
    folder = new Folder();
    const file = (name: string) => path.join(folder.path, name);
    writeLongTrace(file('long.ndjson'), { events });
    writeLongTrace(file('even.ndjson'), { events: fewer });
    writeLongTrace(file('odd.ndjson'), { events: fewer, oddAt });
  });

  afterAll(() => folder.remove());

  function trace(...words: string[]) {
    const environment = { NODE_OPTIONS: `--max-old-space-size=${heapMb}` };
    return parley(['trace', ...words], { cwd: folder.path, environment });
  }

  describe(`${events} events`, () => {
    test('are judged', async () => {
      const { status, stdout } = await trace('check', 'long.ndjson');
      expect(stdout).toBe(`long.ndjson: ${events} events, nothing wrong\n`);
      expect(status).toBe(0);
    });

    test('get their vector clocks', async () => {
      const words = ['long.ndjson', '-o', 'long.csv', '--from', String((events - 100) / 1000)];
      const { status } = await trace(...words);
      const rows = readFileSync(path.join(folder.path, 'long.csv'), 'utf8').trimEnd().split('\r\n');
      expect(rows).toHaveLength(1 + 100);
      expect(status).toBe(0);
    });
  });

  describe(`${fewer} events`, () => {
    test('are summed up, with nothing forgotten', async () => {
      const { status, stdout } = await trace('even.ndjson', '--json');
      const sums = { events: fewer, unmatched: 0, duration_ms: (fewer - 1) / 1000 };
      expect(JSON.parse(stdout)).toMatchObject(sums);
      expect(status).toBe(0);
    });

    test('are compared', async () => {
      const { status, stdout } = await trace('diff', 'even.ndjson', 'odd.ndjson');
      expect(stdout).toMatch(new RegExp(`^${oddAt} events are the same; here they part:\\n`));
      expect(status).toBe(1);
    });

    test('of eight machines are merged', async () => {
      const byNode = new Map<string, string[]>();
      for (const event of longTrace({ events: fewer })) {
        const skewMs = Number(event.node.slice(1)) * 3.5;
        const line = traceLine({ ...event, time: event.time + skewMs });
        if (!byNode.has(event.node)) byNode.set(event.node, []);
        byNode.get(event.node)!.push(line);
      }
      for (const [node, lines] of byNode) folder.write(`${node}.ndjson`, lines.join(''));
      const names = [...byNode.keys()].map((node) => `${node}.ndjson`);
      await trace(...names, '-o', 'merged.ndjson');
      const { stdout } = await trace('check', 'merged.ndjson');
      expect(stdout).toBe(`merged.ndjson: ${fewer} events, nothing wrong\n`);
    });
  });
}
