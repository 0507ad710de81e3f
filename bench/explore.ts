/**
 * The speed of exploring: 1 000 seeds of five Raft nodes for 30 virtual seconds, in one thread and without the threads' overhead, with
 * faults and invariants on and off. Seconds are those of the processor, so that other work on the machine does not count. Raft, because it never ends by itself in that time: heartbeats, clients and crashes go on.
 */

import type { Chapter } from '../src/core/chapter.ts';
import { chapter } from '../src/algorithms/raft/index.ts';
import { attemptOf, type LinkedRun } from '../src/lab/link/linked-run.ts';
import { Simulation } from '../src/runtime/simulator.ts';
import { printFigures, type Figure } from './table.ts';

const SEEDS = Number(process.env['PARLEY_BENCH_SEEDS'] ?? 1000);
const VIRTUAL_MS = 30_000;

/** A client at each node works for the whole time, a command a second. */
const CONFIG = Array.from(
  { length: 5 },
  (_, i) => `n${i + 1}: { commands: 1000, command_interval: 1000 }\n`,
).join('');

/** Runs and prints. */
export async function bench(): Promise<void> {
  const figures: Figure[] = [];
  let calm = 0;
  for (const [name, hasFaults, hasInvariants] of [
    ['calm, nobody looks', false, false],
    ['calm, invariants after every step', false, true],
    ['the chapter’s faults, nobody looks', true, false],
    ['the chapter’s faults and invariants', true, true],
  ] as const) {
    const { deliveries, seconds } = await measure(hasFaults, hasInvariants);
    const value = deliveries / seconds;
    if (calm === 0) calm = value;
    figures.push({
      name,
      value,
      unit: 'deliveries/s',
      ...(calm === value ? {} : { against: { name: 'calm', value: calm } }),
    });
    figures.push({ name: `  ${SEEDS} seeds took`, value: seconds, unit: 's' });
  }
  printFigures(figures);
}

async function measure(
  hasFaults: boolean,
  hasInvariants: boolean,
): Promise<{ deliveries: number; seconds: number }> {
  const judged: Chapter = hasInvariants ? chapter : { ...chapter, invariants: [] };
  // Healed, a run would have to come to its end.
  const { heal: _heal, ...faults } = chapter.faults!;
  let deliveries = 0;
  const began = process.cpuUsage();
  for (let seed = 0; seed < SEEDS; seed++) {
    const run: LinkedRun = {
      ...{ algorithm: 'raft', runId: `bench ${seed}`, config: CONFIG, format: 'json', seed },
      ...{ timeoutMs: VIRTUAL_MS, serviceMs: VIRTUAL_MS },
      ...(hasFaults ? { faults } : {}),
    };
    const { invariants, ...options } = attemptOf(run, judged);
    const watched = invariants.length === 0 ? options : { ...options, invariants };
    const { nodes, violation, virtualMs } = await new Simulation(watched).run();
    if (violation !== undefined || virtualMs < VIRTUAL_MS) {
      throw new Error(`seed ${seed} ended at ${virtualMs} ms: ${violation?.detail ?? 'too early'}`);
    }
    for (const node of Object.values(nodes)) {
      for (const count of Object.values(node.messages_received)) deliveries += count;
    }
  }
  const { user, system } = process.cpuUsage(began);
  return { deliveries, seconds: (user + system) / 1e6 };
}
