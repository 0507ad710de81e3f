/**
 * Large overlays: exchanges of each sampler per second of processor time on one core, memory of a million nodes, hashes of Basalt. Other
 * programs on the machine do not count, as far as they leave the caches alone.
 */

import { Random } from '../src/core/random.ts';
import { rank } from '../src/core/rank.ts';
import { measureOverlay } from '../src/lab/overlay/metrics.ts';
import { overlaySpec, type OverlayOptions } from '../src/lab/overlay/overlay-spec.ts';
import { createOverlay } from '../src/lab/overlay/run-overlay.ts';
import { median, printFigures, type Figure } from './table.ts';

const ROUNDS = 3;
/** Cycles that the engine has to be compiled in. */
const WARM_CYCLES = 10;
/** Exchanges of a measured round. */
const EXCHANGES = 100_000;

/** Runs and prints. */
export async function bench(): Promise<void> {
  printFigures([
    drawFigure(),
    speedOf('gbps, swapper, 10⁴ nodes, views of 30', {}),
    speedOf('gbps, healer', { heal: 15, swap: 0 }),
    speedOf('gbps, blind', { heal: 0, swap: 0 }),
    speedOf('gbps, swapper, 10⁵ nodes', { nodes: 100_000 }),
    speedOf('hyparview, 2000 nodes', { sampler: 'hyparview', nodes: 2000 }),
    speedOf('brahms, 10³ nodes, views of 100', { sampler: 'brahms', nodes: 1000, viewSize: 100 }),
    ...hashFigures(),
    ...millionFigures(),
  ]);
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What one random number costs: a measure of the machine, beside which the others stand. */
function drawFigure(): Figure {
  const random = Random.stream(1, 'bench');
  const count = 10_000_000;
  let sum = 0;
  const rates = Array.from({ length: ROUNDS }, () => {
    const from = processorMs();
    for (let i = 0; i < count; i++) sum += random.below(30);
    return (count / (processorMs() - from)) * 1000;
  });
  if (sum === 0) throw new Error('nothing was drawn');
  return { name: 'random numbers', value: median(rates), unit: '/s' };
}

function speedOf(name: string, options: OverlayOptions): Figure {
  const engine = createOverlay(overlaySpec(options));
  for (let i = 0; i < WARM_CYCLES; i++) engine.cycle();
  const rates = Array.from({ length: ROUNDS }, () => {
    const before = engine.exchanges;
    const from = processorMs();
    while (engine.exchanges - before < EXCHANGES) engine.cycle();
    return ((engine.exchanges - before) / (processorMs() - from)) * 1000;
  });
  return { name, value: median(rates), unit: 'exchanges/s' };
}

function hashFigures(): Figure[] {
  const count = 20_000_000;
  let least = 0xffffffff;
  const bare = Array.from({ length: ROUNDS }, () => {
    const from = processorMs();
    for (let i = 0; i < count; i++) least = Math.min(least, rank(i, 7));
    return (count / (processorMs() - from)) * 1000;
  });
  const engine = createOverlay(overlaySpec({ sampler: 'basalt', nodes: 1000, viewSize: 100 }));
  const rates = Array.from({ length: ROUNDS }, () => {
    const before = engine.hashes;
    const from = processorMs();
    for (let i = 0; i < 5; i++) engine.cycle();
    return ((engine.hashes - before) / (processorMs() - from)) * 1000;
  });
  const against = { name: 'rank alone', value: median(bare) };
  return [
    { ...against, unit: 'hashes/s' },
    { name: 'basalt, 10³ nodes, views of 100', value: median(rates), unit: 'hashes/s', against },
  ];
}

/** Memory first: what was freed by what came before may not count. */
function millionFigures(): Figure[] {
  const engine = createOverlay(overlaySpec({ nodes: 1_000_000 }));
  const from = processorMs();
  const cycles = 3;
  for (let i = 0; i < cycles; i++) engine.cycle();
  const seconds = (processorMs() - from) / 1000;
  const { components } = measureOverlay(engine, Random.stream(1, 'bench'), {
    clusteringNodes: 0,
    pathSources: 0,
  });
  if (components !== 1) throw new Error(`a million nodes fell into ${components} parts`);
  return [{ name: '10⁶ nodes, views of 30: one cycle', value: seconds / cycles, unit: 's' }];
}
