/** The simulator's keys of a file as faults, times and a pace. */

import * as v from 'valibot';
import type { Faults } from '../../core/faults/faults.ts';
import type { Block } from './block.ts';

/** What the blocks `simulation`, `latency`, `disconnection` and `synchronization` mean here. */
export interface ReadSimulation {
  readonly nodeCount: number | undefined;
  /** What goes wrong, on nodes of these names; undefined when nothing does. */
  readonly faultsOf: (nodes: readonly string[]) => Faults | undefined;
  readonly serviceMs: number | undefined;
  readonly timeoutMs: number | undefined;
  readonly pace: number | undefined;
}

const positive = v.pipe(v.number(), v.gtValue(0));
const nonNegative = v.pipe(v.number(), v.minValue(0));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** Seconds of a step, in which the file's disconnections are counted. */
const TIME_STEP_MS = 100;

/** Reads them; a file without any of them is no simulation, and has no faults. */
export function readSimulation(file: Block): ReadSimulation {
  const simulation = file.block('simulation');
  const seconds = (value: number | undefined) => (value === undefined ? undefined : value * 1000);
  const stepMs = simulation.setting('time_step_ms', v.optional(positive, TIME_STEP_MS));
  const nodeCount = simulation.setting('nb_nodes', v.optional(v.pipe(count, v.minValue(1))));
  const latency = latencyOf(file);
  const disconnection = disconnectionOf(file, stepMs);
  const clocks = clocksOf(file);
  return {
    nodeCount,
    faultsOf: (nodes) => {
      const faults = { ...latency, ...disconnection(nodes), ...clocks(nodes) };
      return Object.keys(faults).length === 0 ? undefined : faults;
    },
    serviceMs: seconds(simulation.setting('max_sim_time', v.optional(positive))),
    timeoutMs: seconds(simulation.setting('timeout', v.optional(positive))),
    pace: simulation.setting('real_time_factor', v.optional(positive)),
  };
}

/** A message takes the base, more or less by a part of it. */
function latencyOf(file: Block): Faults {
  const block = file.block('latency');
  if (!block.isThere) return {};
  const base = block.setting('base_latency_ms', v.optional(nonNegative, 50));
  const jitter = block.setting('jitter_factor', v.optional(share, 0.1));
  return { latency: { min: base * (1 - jitter), max: base * (1 + jitter) } };
}

/**
 * In every step a node is cut off with some probability, for a while: on average once in as many steps as the probability is a part of 1.
 */
function disconnectionOf(file: Block, stepMs: number): (nodes: readonly string[]) => Faults {
  const block = file.block('disconnection');
  const probability = block.setting('failure_probability', v.optional(share, 0));
  const recovery = block.setting('recovery_time', v.optional(positive, 10));
  const times = { every: stepMs / probability, for: recovery * 1000 };
  return (nodes) =>
    // A lone node has nobody to be cut off from.
    probability === 0 || nodes.length < 2
      ? {}
      : { partitions: nodes.map((isolate) => ({ isolate, ...times })) };
}

/** So many nodes have clocks that are wrong by up to the largest drift, evenly from slow to fast. */
function clocksOf(file: Block): (nodes: readonly string[]) => Faults {
  const block = file.block('synchronization');
  const wrong = block.setting('sync_node_count', v.optional(count, 0));
  const drift = block.setting('max_drift_ms', v.optional(nonNegative, 0));
  const interval = block.entry('sync_interval_ms');
  if (wrong === 0 || drift === 0) return () => ({});
  if (interval !== undefined) {
    block.warn(
      interval,
      'a clock is off by the same all the time, as far as it may drift between two corrections',
    );
  }
  return (nodes) => {
    const off = nodes.slice(0, wrong);
    const offset = (at: number) =>
      off.length === 1 ? drift : -drift + (2 * drift * at) / (off.length - 1);
    return { clocks: Object.fromEntries(off.map((node, at) => [node, { offset: offset(at) }])) };
  };
}
