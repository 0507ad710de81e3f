/** `parley overlay`, as people type it. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parley, parleyAlone } from './cli-process.ts';

const SMALL = ['overlay', '--nodes', '200', '--view-size', '10', '--cycles', '12'];

interface Printed {
  readonly exchanges_per_s: number;
  readonly rss_bytes: number;
}

test('prints a line for each cycle, and the same to a file', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-overlay-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const csv = path.join(folder, 'rows.csv');
  const { status, stdout, stderr } = await parley([...SMALL, '--start', 'lattice', '--csv', csv]);
  expect(status, stderr).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toBe('gbps: 200 nodes, views of 10, 12 cycles, seed 1');
  expect(lines.slice(2, -1).map((line) => line.trim().split(/\s+/)[0])).toEqual(
    Array.from({ length: 12 }, (_, at) => String(at + 1)),
  );
  const rows = readFileSync(csv, 'utf8').trimEnd().split('\n');
  expect(rows).toHaveLength(13);
  expect(rows[0]).toMatch(/^cycle,in_degree_mean,.*,byzantine_samples$/);
  expect(rows[12]).toMatch(/^12,10,/);
});

test('prints one JSON object, the same for the same seed but for speed and memory', async () => {
  const words = [...SMALL, '--json', '--sampler', 'basalt', '--byzantine', '20%', '--force', '3'];
  const [one, other] = [await parley(words), await parleyAlone(words)];
  expect(one.status, one.stderr).toBe(0);
  const [first, second] = [one, other].map(({ stdout }) => JSON.parse(stdout) as Printed);
  expect(Object.keys(first!)).toEqual(
    'sampler nodes cycles in_degree clustering path_length dead_links components largest_component byzantine exchanges_per_s rss_bytes'.split(
      ' ',
    ),
  );
  const without = ({ exchanges_per_s, rss_bytes, ...rest }: Printed) => {
    expect(exchanges_per_s).toBeGreaterThan(0);
    expect(rss_bytes).toBeGreaterThan(0);
    return rest;
  };
  expect(without(second!)).toEqual(without(first!));
});

test.each([
  [['--heal', '8'], '--heal 8 and --swap 0 together exceed half a view of 10'],
  [['--view-size', '200'], '--view-size 200 is no partial view of 200 nodes'],
  [['--kill', '0.5'], '0.5@300 kills half after 300 cycles'],
  [['--byzantine', '2'], 'a number from 0 to 1, or 30%'],
  [
    ['--sampler', 'brahms', '--alpha', '0.7', '--beta', '0.7'],
    '--alpha 0.7 and --beta 0.7 make more than a whole view',
  ],
  [['--sampler', 'basald'], 'Did you mean|Allowed choices'],
  [['--csv', '/no/such/folder/rows.csv'], '--csv /no/such/folder/rows.csv'],
])('refuses %j', async (words, reason) => {
  const { status, stdout, stderr } = await parley([...SMALL, ...words]);
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(new RegExp(reason.replaceAll('.', '\\.')));
});
