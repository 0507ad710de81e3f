/**
 * Rows of docs/overlays.md at their full size: 10⁴ nodes of GBPS, 10³ of Brahms and Basalt, beside the reference there. Bands are twice what
 * seeds make of a figure, or what ours is known to differ by.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { OverlayRow } from '../../../src/lab/overlay/run-overlay.ts';
import { parleyAlone } from '../../e2e/cli-process.ts';

const PATIENCE_MS = 300_000;

/** The end of a run as the command prints it: in a process of its own, where the engine runs as fast as it does for anybody. */
async function overlay(words: string): Promise<OverlayRow> {
  const { status, stdout, stderr } = await parleyAlone(['overlay', '--json', ...words.split(' ')]);
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as OverlayRow;
}

/** The dead links of two and of four cycles after half have crashed. */
async function deadLinks(words: string): Promise<readonly [number, number]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-tables-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const csv = path.join(folder, 'rows.csv');
  const kill = `--kill 0.5@60 --cycles 64 --every 62 --csv ${csv}`;
  const last = await overlay(`${words} ${kill}`);
  const [titles, two] = readFileSync(csv, 'utf8')
    .split('\n')
    .map((line) => line.split(','));
  return [Number(two![titles!.indexOf('dead_links')]), last.dead_links];
}

function near(value: number | null, expected: number, share: number): void {
  expect(value).toBeGreaterThan(expected * (1 - share));
  expect(value).toBeLessThan(expected * (1 + share));
}

test.each([
  // In-degree sd, clustering and path of the reference; blind in-degrees take longest to get there.
  ['rand', 0, 0, 22.8, 0.0263, 2.69],
  ['rand', 15, 0, 10.8, 0.148, 2.84],
  ['rand', 0, 15, 4, 0.0067, 2.7],
  ['rand', 8, 7, 11.3, 0.049, 2.74],
  ['rand', 3, 3, 16.5, 0.029, 2.7],
  ['old', 0, 0, 21.8, 0.0234, 2.67],
  // The order of equals decides the clustering here, as docs/overlays.md says: ours is .113, theirs .105.
  ['old', 15, 0, 11, 0.11, 2.78],
  ['old', 0, 15, 3.9, 0.0066, 2.7],
] as const)(
  'gbps %s, H %i, S %i: in-degree sd %f, clustering %f, path %f',
  async (selection, heal, swap, sd, clustering, path) => {
    const rules = `--selection ${selection} --heal ${heal} --swap ${swap}`;
    const last = await overlay(`${rules} --cycles 120`);
    near(last.in_degree.sd, sd, 0.06);
    near(last.clustering, clustering, 0.06);
    near(last.path_length, path, 0.015);
    expect(last.components).toBe(1);
  },
  PATIENCE_MS,
);

test.each([
  ['swapper', 0, 15, 0.062, 4.84, 0.05],
  ['blind', 0, 0, 0.127, 7.18, 0.05],
  ['healer', 15, 0, 0.299, 14.7, 0.08],
] as const)(
  'ten cycles from the lattice: %s',
  async (_name, heal, swap, clustering, path, band) => {
    const last = await overlay(`--start lattice --heal ${heal} --swap ${swap} --cycles 10`);
    near(last.clustering, clustering, band);
    near(last.path_length, path, band);
  },
  PATIENCE_MS,
);

test.each([
  ['healer', 'rand', 15, 0, 48_847, 4665],
  // Ours is 39 147 and 1860, theirs 38 110 and 1796.
  ['oldest first, healer', 'old', 15, 0, 38_600, 1830],
  ['swapper', 'rand', 0, 15, 70_432, 66_176],
  ['blind', 'rand', 0, 0, 73_648, 71_756],
  ['H 1, S 0', 'rand', 1, 0, 72_227, 68_810],
] as const)(
  'dead links two and four cycles after half have crashed: %s',
  async (_name, selection, heal, swap, two, four) => {
    const dead = await deadLinks(`--selection ${selection} --heal ${heal} --swap ${swap}`);
    near(dead[0], two, 0.03);
    near(dead[1], four, 0.15);
  },
  PATIENCE_MS,
);

const FLOOD = '--nodes 1000 --byzantine 0.3 --force 10 --view-size 50';
const DEMONSTRATION = `${FLOOD} --refresh 10 --refresh-every 10 --cycles 120`;

test(
  'the demonstration of Basalt’s authors: Basalt holds out, worse without its counters, and the Brahms that they run is taken over',
  async () => {
    const basalt = await overlay(`--sampler basalt ${DEMONSTRATION}`);
    near(basalt.byzantine.views, 0.407, 0.08);
    near(basalt.byzantine.samples, 0.32, 0.05);
    expect(basalt.components).toBe(1);
    const bare = await overlay(`--sampler basalt --uncounted ${DEMONSTRATION}`);
    expect(bare.byzantine.views).toBeGreaterThan(0.5);
    expect(bare.components).toBeGreaterThan(1);
    const theirs = '--alpha 0.33333 --beta 0.33333 --unlimited --messages 1';
    const brahms = await overlay(`--sampler brahms ${theirs} ${DEMONSTRATION}`);
    expect(brahms.byzantine.views).toBeGreaterThan(0.99);
    expect(brahms.byzantine.samples).toBeGreaterThan(0.95);
  },
  PATIENCE_MS,
);

test.each([
  [50, 0.1, 0.14],
  [75, 0.1, 0.115],
  [75, 0.3, 0.342],
])(
  'basalt, views of %i, f = %f, F = 10: %f of them liars',
  async (viewSize, byzantine, views) => {
    const attack = `--byzantine ${byzantine} --force 10 --cycles 80`;
    const last = await overlay(`--sampler basalt --nodes 1000 --view-size ${viewSize} ${attack}`);
    near(last.byzantine.views, views, 0.06);
    near(last.byzantine.samples, byzantine, 0.05);
  },
  PATIENCE_MS,
);

test.each([
  [0.1, 10, 0.136],
  [0.2, 33, 0.339],
  [0.3, 10, 0.363],
])(
  'brahms, f = %f, F = %i: %f of views, and of samples f',
  async (byzantine, force, views) => {
    const thirds = '--view-size 100 --sampler-size 100 --alpha 0.33333 --beta 0.33333';
    const attack = `--byzantine ${byzantine} --force ${force} --cycles 100`;
    const last = await overlay(`--sampler brahms --nodes 1000 ${thirds} ${attack}`);
    near(last.byzantine.views, views, 0.12);
    near(last.byzantine.samples, byzantine, 0.03);
  },
  PATIENCE_MS,
);
