/**
 * The event simulator and the cycle engine agree: the same rules, once with messages, latencies and clocks of one's own, once a cycle at a
 * stroke, come to overlays that no statistic of the papers tells apart.
 */

import { describe, expect } from 'vitest';
import { Gbps } from '../../src/algorithms/gbps/index.ts';
import type { OverlayEngine } from '../../src/lab/overlay/engine.ts';
import { Random } from '../../src/core/random.ts';
import { measureOverlay } from '../../src/lab/overlay/metrics.ts';
import { overlaySpec } from '../../src/lab/overlay/overlay-spec.ts';
import { createOverlay } from '../../src/lab/overlay/run-overlay.ts';
import { often, test, testOften } from '../support/often.ts';
import { nodeIds, simulate } from '../support/simulate.ts';

const NODES = 32;
const VIEW_SIZE = 8;
const CYCLES = 25;
const SIMULATED_SEEDS = often(3, 6);
const ENGINE_SEEDS = often(60, 150);

/** For a busy machine; it takes a few seconds. */
const PATIENCE_MS = 120_000;

const POLICIES = {
  blind: { heal: 0, swap: 0 },
  healer: { heal: 4, swap: 0 },
  swapper: { heal: 0, swap: 4 },
};

interface Statistics {
  readonly sd: number;
  readonly clustering: number;
}

/** What the simulator's nodes report, as the engine would hold it. */
async function simulated(
  policy: { heal: number; swap: number },
  seed: number,
): Promise<Statistics> {
  const names = nodeIds(NODES);
  const run = await simulate(Gbps, {
    nodes: names,
    seed,
    traced: false,
    latencyMs: { min: 1, max: 5 },
    serviceMs: CYCLES * 1000,
    settings: () => ({
      ...{
        view_size: VIEW_SIZE,
        ...policy,
        selection_policy: 'rand',
        propagation_policy: 'pushpull',
      },
      ...{ delay: 1, age: 1 },
    }),
  });
  const peers = new Int32Array(NODES * VIEW_SIZE).fill(-1);
  names.forEach((name, node) => {
    const view = run.nodes[name]!.report['view'] as readonly string[];
    view.forEach((peer, at) => (peers[node * VIEW_SIZE + at] = names.indexOf(peer)));
  });
  const alive = new Uint8Array(NODES).fill(1);
  return statisticsOf({
    ...{ nodes: NODES, alive, byzantine: 0, capacity: VIEW_SIZE, exchanges: 0, hashes: 0 },
    peerAt: (slot) => peers[slot]!,
    degree: () => VIEW_SIZE,
    cycle: () => {},
    kill: () => {},
  });
}

function counted(policy: { heal: number; swap: number }, seed: number): Statistics {
  const options = { nodes: NODES, viewSize: VIEW_SIZE, cycles: CYCLES, seed };
  const engine = createOverlay(overlaySpec({ ...options, ...policy }));
  for (let cycle = 0; cycle < CYCLES; cycle++) engine.cycle();
  return statisticsOf(engine);
}

function statisticsOf(engine: OverlayEngine): Statistics {
  const { in_degree, clustering } = measureOverlay(engine, Random.stream(1, 'agreement'));
  return { sd: in_degree.sd, clustering: clustering! };
}

function spreadOf(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}

describe.each(Object.entries(POLICIES))('%s', (_name, policy) => {
  testOften(
    'has the same in-degrees and clustering in both',
    async () => {
      const engine = Array.from({ length: ENGINE_SEEDS }, (_, seed) => counted(policy, seed));
      const events: Statistics[] = [];
      for (let seed = 0; seed < SIMULATED_SEEDS; seed++) events.push(await simulated(policy, seed));
      for (const what of ['sd', 'clustering'] as const) {
        const expected = spreadOf(engine.map((statistics) => statistics[what]));
        const { mean } = spreadOf(events.map((statistics) => statistics[what]));
        // Four standard errors of the mean of so few runs: one test of sixteen thousand would miss by chance.
        const error = (4 * expected.sd) / Math.sqrt(SIMULATED_SEEDS);
        expect(Math.abs(mean - expected.mean), `${what}: ${mean}, ${expected.mean}`).toBeLessThan(
          error,
        );
      }
    },
    PATIENCE_MS,
  );
});

test('the two would not agree if the policies were mixed up', () => {
  const sdOf = (policy: { heal: number; swap: number }) =>
    spreadOf(Array.from({ length: 30 }, (_, seed) => counted(policy, seed).sd)).mean;
  const [blind, healer, swapper] = Object.values(POLICIES).map(sdOf);
  expect(swapper).toBeLessThan(healer! * 0.8);
  expect(healer).toBeLessThan(blind! * 0.9);
});
