/**
 * The simulator's speed: messages delivered per second on one core, through the whole framework (typed handlers, copies, validation,
 * sizes, FIFO links with random latency). Best of several runs, because the machine may be doing something else.
 */

import * as v from 'valibot';
import { defineAlgorithm } from '../src/core/algorithm.ts';
import { cast } from '../src/core/message.ts';
import type { RunPlan } from '../src/runtime/plan.ts';
import { Simulation } from '../src/runtime/simulator.ts';
import { TraceHash, traceLine } from '../src/runtime/trace-file.ts';
import { printFigures, type Figure } from './table.ts';
import { planOf, ringOf } from './token-ring.ts';

const ROUNDS = 5;
const RING_HOPS = 300_000;
const STORM_WAVES = 500;

/** Everybody sends to everybody, again when a wave of all has arrived: hundreds of events in the queue. */
class Storm extends defineAlgorithm('storm', {
  messages: { hit: cast({ wave: v.number(), from: v.string() }) },
}) {
  received = 0;

  override onStart() {
    void this.toAll.hit({ wave: 0, from: this.id });
  }

  handlers = this.on({
    hit: () => {
      this.received++;
      if (this.received % (this.n - 1) !== 0) return;
      const wave = this.received / (this.n - 1);
      if (wave < STORM_WAVES) void this.toAll.hit({ wave, from: this.id });
      else this.terminate();
    },
  });
}

/** Runs and prints. */
export async function bench(): Promise<void> {
  const figures: Figure[] = [];
  for (const [name, plan] of [
    ['token ring, 8 nodes', planOf(ringOf(RING_HOPS), 8, 'ring')],
    ['broadcast storm, 16 nodes', planOf(Storm, 16, 'full')],
  ] as const) {
    const off = await bestOf(() => measure(plan, false));
    const on = await bestOf(() => measure(plan, true));
    figures.push({ name, value: off, unit: 'messages/s' });
    figures.push({
      name: `${name}, trace written and hashed`,
      value: on,
      unit: 'messages/s',
      against: { name: 'without', value: off },
    });
  }
  printFigures(figures);
}

async function bestOf(run: () => Promise<number>): Promise<number> {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) best = Math.max(best, await run());
  return best;
}

async function measure(plan: RunPlan, isTraced: boolean): Promise<number> {
  const hash = new TraceHash();
  const began = performance.now();
  const { nodes, ok } = await new Simulation({
    plan,
    timeoutMs: 1e9,
    latencyMs: { min: 1, max: 10 },
    ...(isTraced ? { trace: (event) => hash.add(traceLine(event)) } : {}),
  }).run();
  const seconds = (performance.now() - began) / 1000;
  if (!ok) throw new Error(`the run did not end well: ${JSON.stringify(nodes)}`);
  const delivered = Object.values(nodes)
    .flatMap((node) => Object.values(node.messages_received))
    .reduce((sum, count) => sum + count, 0);
  return delivered / seconds;
}
