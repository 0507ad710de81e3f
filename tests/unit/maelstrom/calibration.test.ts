/**
 * Our model of Maelstrom's network beside the figures that its guide publishes (doc/03-broadcast/02-performance.md): flooding among 25 nodes,
 * 100 operations a second for 20 s. Messages are a matter of counting; latencies also depend on how long real processes took there.
 */

import { describe, expect, test, vi } from 'vitest';
import { Flooding } from '../../../examples/maelstrom/flooding.ts';
import type { ValueMap } from '../../../src/core/value.ts';
import type { MaelstromResult } from '../../../src/maelstrom/run.ts';
import { runAlgorithm, type Asked } from '../../support/maelstrom.ts';

// A second of work each, on a machine that may have other work.
vi.setConfig({ testTimeout: 60_000 });

const BROADCAST: Asked = { workload: 'broadcast', nodeCount: 25, rate: 100, limitMs: 20_000 };

/** Half the operations are reads, by a coin: of 2000 operations the share of broadcasts is right to 5 % in more than 99 of 100 seeds. */
const MESSAGES_TOLERANCE = 0.05;

/** A tenth; and what a process needed to answer, which was not measured. */
const LATENCY_TOLERANCE = 0.1;
const ANSWER_MS = 12;

async function flood(asked: Partial<Asked>, settings = ''): Promise<MaelstromResult> {
  const result = await runAlgorithm(Flooding, { ...BROADCAST, ...asked }, settings);
  expect(result).toMatchObject({ ok: true, problems: [] });
  return result;
}

function expectMessages({ net }: MaelstromResult, published: number): void {
  const ratio = net.msgs_per_op! / published;
  expect(Math.abs(ratio - 1)).toBeLessThan(MESSAGES_TOLERANCE);
}

function expectLatencies({ verdict }: MaelstromResult, published: Record<string, number>): void {
  const quantiles = verdict!.facts['stable_latency_ms'] as ValueMap;
  for (const [share, ms] of Object.entries(published)) {
    const off = Math.abs((quantiles[share] as number) - ms);
    expect(off, `quantile ${share}`).toBeLessThan(LATENCY_TOLERANCE * ms + ANSWER_MS);
  }
}

describe('Messages an operation', () => {
  test('five nodes in a grid: 2.94, and 5.01 when messages are also sent back', async () => {
    expectMessages(await flood({ nodeCount: 5 }), 2.94);
    expectMessages(await flood({ nodeCount: 5 }, 'send_back: true'), 5.01);
  });

  test('everybody a neighbour of everybody: 290.6', async () => {
    // A quarter of the time: each operation costs 290 messages.
    const total = await flood({ topology: 'total', latencyMs: 100, limitMs: 5000 });
    expectMessages(total, 290.6);
    expectLatencies(total, { 0.5: 77, 0.95: 95, 0.99: 96, 1: 97 });
  });
});

describe('Stable latencies', () => {
  test('a grid with 100 ms a hop, and 27.8 messages an operation', async () => {
    const grid = await flood({ latencyMs: 100 });
    expectMessages(grid, 27.8);
    expectLatencies(grid, { 0.5: 452, 0.95: 656, 0.99: 748, 1: 791 });
  });

  test('a grid with 100 ms a hop on average, exponential: several ways make it faster', async () => {
    const grid = await flood({ latencyMs: 100, latencyKind: 'exponential' });
    // The slowest of all is chance alone.
    expectLatencies(grid, { 0.5: 229, 0.95: 431, 0.99: 520 });
  });

  test('a tree with 100 ms a hop, and 11.99 messages an operation', async () => {
    const tree = await flood({ topology: 'tree4', latencyMs: 100 });
    expectMessages(tree, 11.99);
    expectLatencies(tree, { 0.5: 386, 0.95: 489, 0.99: 498, 1: 505 });
  });

  test('a line with 10 ms a hop, and 12.0 messages an operation', async () => {
    const line = await flood({ topology: 'line', latencyMs: 10 });
    expectMessages(line, 12.0);
    expectLatencies(line, { 0.5: 86, 0.95: 170, 0.99: 193, 1: 224 });
  });

  test('a grid with 10 ms a hop', async () => {
    expectLatencies(await flood({ latencyMs: 10 }), { 0.5: 11, 0.95: 42, 0.99: 56, 1: 72 });
  });
});
