/** How long failure detectors take, in periods and virtual milliseconds: the tables of docs/detection.md. No time of the machine is in it. */

import { PhiAccrual } from '../src/algorithms/phi_accrual/index.ts';
import { elapsedAt, stretchAt } from '../src/algorithms/phi_accrual/phi.ts';
import { suspicionTerms } from '../src/algorithms/swim/rules.ts';
import { Swim } from '../src/algorithms/swim/index.ts';
import { firstProbe, meanDetection } from '../tests/support/detection.ts';

/** Runs and prints. */
export async function bench(): Promise<void> {
  firstProbes();
  await declared('swim, defaults (memberlist’s for a LAN)', {}, [
    [3, 30],
    [5, 20],
    [10, 10],
    [30, 3],
  ]);
  await declared('swim without Lifeguard', { suspicion_max_mult: 1, health_max: 0 }, [
    [5, 20],
    [10, 10],
    [30, 3],
  ]);
  thresholds();
  await silences();
}

function firstProbes(): void {
  console.log('  periods until a crashed node is probed');
  for (const [count, trials] of [
    [8, 50_000],
    [56, 20_000],
    [1000, 4000],
  ] as const) {
    const theory = 1 / (1 - Math.pow(1 - 1 / (count - 1), count - 1));
    const [drawn, order] = [firstProbe('drawn', count, trials), firstProbe('order', count, trials)];
    console.log(
      `    ${String(count).padStart(5)} nodes: at random ${drawn.mean.toFixed(3)} (formula ${theory.toFixed(3)}), ` +
        `in order ${order.mean.toFixed(3)}, at most ${order.most} (bound ${2 * count - 1})`,
    );
  }
}

async function declared(
  name: string,
  settings: object,
  groups: readonly (readonly [count: number, seeds: number])[],
): Promise<void> {
  console.log(`  ${name}: seconds from the crash, mean`);
  for (const [count, seeds] of groups) {
    const mult = { mult: 4, maxMult: 6, ...('health_max' in settings ? { maxMult: 1 } : {}) };
    const { minMs, maxMs } = suspicionTerms(count, 1000, mult);
    const mean = await meanDetection(Swim, settings, { count, seeds, patienceMs: 45_000 });
    console.log(
      `    ${String(count).padStart(3)} nodes, ${seeds} crashes: suspect ${inSeconds(mean.suspectMs)}, ` +
        `dead ${inSeconds(mean.deadMs)}, everywhere ${inSeconds(mean.allDeadMs)} ` +
        `(suspicion lasts ${inSeconds(minMs)} to ${inSeconds(maxMs)})`,
    );
  }
}

function thresholds(): void {
  console.log('  φ is reached after so many ms');
  const levels = [1, 3, 5, 8, 12];
  for (const [meanMs, deviationMs] of [
    [1000, 100],
    [100, 20],
    [500, 100],
  ] as const) {
    for (const way of ['normal', 'logistic', 'exponential'] as const) {
      const times = levels.map((at) =>
        Math.round(elapsedAt(way, stretchAt(way, at), { meanMs, deviationMs })),
      );
      console.log(
        `    mean ${meanMs}, deviation ${deviationMs}, ${way}: ${levels.map((at, i) => `${at} at ${times[i]}`).join(', ')}`,
      );
    }
  }
}

async function silences(): Promise<void> {
  console.log('  phi_accrual, φ 8, three nodes, 20 crashes: ms, mean');
  for (const [interval, deviation] of [
    [0.1, 0.02],
    [0.5, 0.1],
    [1, 0.1],
  ] as const) {
    const settings = {
      ...{ heartbeat_interval: interval, min_deviation: deviation },
      ...{ acceptable_pause: 0, dead_phi: 8 },
    };
    const mean = await meanDetection(PhiAccrual, settings, {
      count: 3,
      seeds: 20,
      patienceMs: 10_000,
    });
    const estimate = { meanMs: interval * 1000, deviationMs: deviation * 1000 };
    const formula = elapsedAt('normal', stretchAt('normal', 8), estimate);
    console.log(
      `    every ${interval} s, deviation ${deviation} s: from the crash ${mean.deadMs.toFixed(0)}, ` +
        `of silence ${mean.silenceMs.toFixed(0)} (formula ${formula.toFixed(0)})`,
    );
  }
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
