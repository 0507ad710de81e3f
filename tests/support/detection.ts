/** Measures failure detectors: how long until a node that went silent is probed, suspected, and declared dead. */

import type { DetectorClass } from '../../src/algorithms/failure-detector.ts';
import { nextInOrder, type ProbeOrder } from '../../src/algorithms/swim/probe-order.ts';
import type { Spread } from '../../src/core/faults/faults.ts';
import { Random } from '../../src/core/random.ts';
import { fieldsSchema, parse } from '../../src/core/schema.ts';
import { events, nodeIds, planOf, simulatePlan, type Run } from './simulate.ts';

/** The node that goes down. */
const VICTIM = 'n1';

/**
 * How many periods pass until the first of the others probes a node, in the mean and at most: `drawn` at random each time, as SWIM is
 * analysed, or in a shuffled `order`, as it is built.
 */
export function firstProbe(
  way: 'drawn' | 'order',
  count: number,
  trials: number,
): { readonly mean: number; readonly most: number } {
  const random = Random.stream(1, `${way} ${count}`);
  const all = Array.from({ length: count }, (_, id) => id);
  const orders = all.map((self): ProbeOrder<number> => {
    return { peers: random.shuffled(all.filter((id) => id !== self)), at: random.below(count) };
  });
  const next = (self: number): number => {
    if (way === 'order') return nextInOrder(orders[self]!, () => true, random)!;
    const other = random.below(count - 1);
    return other < self ? other : other + 1;
  };
  let [sum, most] = [0, 0];
  for (let trial = 0; trial < trials; trial++) {
    const victim = random.below(count);
    let periods = 0;
    for (let isProbed = false; !isProbed; periods++) {
      for (const self of all) if (self !== victim && next(self) === victim) isProbed = true;
    }
    sum += periods;
    most = Math.max(most, periods);
  }
  return { mean: sum / trials, most };
}

/** Milliseconds from a crash to the first suspicion, the first verdict, and the last node's verdict. */
export interface Detection {
  readonly suspectMs: number;
  readonly deadMs: number;
  readonly allDeadMs: number;
  /** From the last heartbeat that arrived anywhere to the verdict there; for detectors that send them. */
  readonly silenceMs: number;
}

/** The group, and how long it is watched. */
export interface DetectOptions {
  readonly count: number;
  readonly latencyMs?: Spread;
  /** Virtual milliseconds; 20 000 unless given. */
  readonly patienceMs?: number;
}

/** A crash in a group of `count`, its phase drawn by the seed. */
export async function detect(
  detector: DetectorClass,
  given: object,
  { count, seed, latencyMs = 1, patienceMs = 20_000 }: DetectOptions & { readonly seed: number },
): Promise<Detection> {
  const random = Random.stream(seed, 'crash');
  const crashMs = random.between(5000, 6000);
  const settings = parse(fieldsSchema(detector.definition.settings), given, 'settings') as object;
  const plan = planOf(detector, { nodes: nodeIds(count), settings: () => settings as never, seed });
  const crash = { node: VICTIM, at: crashMs };
  const run = await simulatePlan(
    { ...plan, faults: { crashes: [crash], latency: latencyMs } },
    { serviceMs: patienceMs },
  );
  const dead = verdicts(run, 'dead');
  const first = dead[0]!;
  const beats = events(run, 'deliver').filter(
    ({ node, from, type }) => node === first.node && from === VICTIM && type === 'heartbeat',
  );
  return {
    suspectMs: verdicts(run, 'suspect')[0]!.time - crashMs,
    deadMs: first.time - crashMs,
    allDeadMs: dead.at(-1)!.time - crashMs,
    silenceMs: first.time - (beats.at(-1)?.time ?? NaN),
  };
}

function verdicts(run: Run, verdict: string) {
  return events(run, 'output').filter(
    ({ type, value }) => type === verdict && (value as { node: string }).node === VICTIM,
  );
}

/** The mean over seeds 1 to `seeds`. */
export async function meanDetection(
  detector: DetectorClass,
  given: object,
  options: DetectOptions & { readonly seeds: number },
): Promise<Detection> {
  const all: Detection[] = [];
  for (let seed = 1; seed <= options.seeds; seed++) {
    all.push(await detect(detector, given, { ...options, seed }));
  }
  const mean = (key: keyof Detection) => all.reduce((sum, one) => sum + one[key], 0) / all.length;
  return {
    suspectMs: mean('suspectMs'),
    deadMs: mean('deadMs'),
    allDeadMs: mean('allDeadMs'),
    silenceMs: mean('silenceMs'),
  };
}
