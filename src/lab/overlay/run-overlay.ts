/** Runs one overlay from its start to its last cycle, and measures it on the way. */

import { Random } from '../../core/random.ts';
import { BasaltEngine } from './basalt-engine.ts';
import { BrahmsEngine } from './brahms-engine.ts';
import type { OverlayEngine } from './engine.ts';
import { GbpsEngine } from './gbps-engine.ts';
import { HyparviewEngine } from './hyparview-engine.ts';
import { measureOverlay, type Effort, type OverlayMetrics } from './metrics.ts';
import type { OverlaySpec } from './overlay-spec.ts';

/** The overlay after some cycles. */
export interface OverlayRow extends OverlayMetrics {
  readonly cycle: number;
}

/** What a run tells while it lasts, and asks of its surroundings. */
export interface OverlayWatch {
  /** Milliseconds that count as the run's own; processor time where it can be had. */
  now(): number;
  /** After every cycle; a promise is awaited, so that the surroundings get their turn. */
  onCycle?(cycle: number): void | Promise<void>;
  /** Whether the overlay shall be measured after this cycle; the last one always is. */
  isMeasured?(cycle: number): boolean;
  onRow?(row: OverlayRow): void;
  /** When the last cycle is over and nothing has been measured for the end yet. */
  onLastCycle?(engine: OverlayEngine): void;
  /** When all has been measured: what is done to the network now changes no result. */
  onEnd?(engine: OverlayEngine): void;
  readonly signal?: AbortSignal;
}

/** How it came out. */
export interface OverlayResult {
  readonly last: OverlayRow;
  /** True when clustering and paths are those of a part of the nodes. */
  readonly sampled: boolean;
  readonly exchanges: number;
  readonly hashes: number;
  /** Milliseconds that the cycles took, measuring left out. */
  readonly cyclesMs: number;
}

/** Up to so many nodes everything is counted; above, clustering and paths are those of a part. */
export const COUNTED_NODES_MAX = 2_000;

/** What is looked at while a run goes on … */
const EFFORT: Effort = { clusteringNodes: 1_000, pathSources: 20 };
/** … at its end … */
const LAST_EFFORT: Effort = { clusteringNodes: 10_000, pathSources: 100 };
/** … at the end of a very large network, where one search takes seconds … */
const LARGE_LAST_EFFORT: Effort = { clusteringNodes: 1_000, pathSources: 3 };
/** … and where looking would take longer than a cycle does. */
const LARGE_EFFORT: Effort = { clusteringNodes: 0, pathSources: 0 };
/** Above so many nodes. */
const LARGE_NODES = 200_000;

/** Makes the network of a spec, as it is before the first cycle. */
export function createOverlay(spec: OverlaySpec): OverlayEngine {
  const random = Random.stream(spec.seed, `overlay/${spec.sampler}`);
  const { nodes, viewSize, force, start } = spec;
  const byzantine = Math.round(spec.byzantine * nodes);
  switch (spec.sampler) {
    case 'gbps':
    case 'cyclon':
      return new GbpsEngine({ ...spec, byzantine, random, pull: spec.propagation === 'pushpull' });
    case 'brahms':
      if (start === 'growing') throw new RangeError('brahms does not start growing');
      return new BrahmsEngine({ ...spec, start, byzantine, random, limited: !spec.unlimited });
    case 'basalt':
      if (start === 'growing') throw new RangeError('basalt does not start growing');
      return new BasaltEngine({
        ...{ nodes, viewSize, force, start, byzantine, random },
        refresh: spec.refresh,
        refreshEvery: spec.refreshEvery,
        counted: !spec.uncounted,
      });
    case 'hyparview':
      return new HyparviewEngine({ nodes, random, ...hyparviewRules(viewSize) });
  }
}

/** The paper's values, for an active view of this size. */
export function hyparviewRules(activeSize: number) {
  return {
    activeSize,
    passiveSize: 6 * activeSize,
    ...{ activeWalk: 6, passiveWalk: 3, shuffleActive: 3, shufflePassive: 4 },
  };
}

/**
 * Runs it.
 *
 * @throws the signal's reason, when it is aborted meanwhile
 */
export async function runOverlay(spec: OverlaySpec, watch: OverlayWatch): Promise<OverlayResult> {
  const { cycles, kill, nodes, seed } = spec;
  const looking = Random.stream(seed, 'overlay/measure');
  const dying = Random.stream(seed, 'overlay/kill');
  let cyclesMs = 0;
  const timed = <T>(work: () => T): T => {
    const from = watch.now();
    const made = work();
    cyclesMs += watch.now() - from;
    return made;
  };
  const engine = createOverlay(spec);
  const row = (cycle: number, effort: Effort): OverlayRow => {
    const whole = nodes <= COUNTED_NODES_MAX;
    return { cycle, ...measureOverlay(engine, looking, whole ? undefined : effort) };
  };
  for (let cycle = 0; ; cycle++) {
    if (kill?.cycle === cycle) killSome(engine, kill.share, dying);
    // Samples of a network that is still finding itself say little: those of the second half count.
    if (cycle === cycles >> 1) engine.forgetSamples?.();
    if (cycle === cycles) break;
    if (cycle > 0 && watch.isMeasured?.(cycle) === true) {
      watch.onRow?.(row(cycle, nodes > LARGE_NODES ? LARGE_EFFORT : EFFORT));
    }
    timed(() => engine.cycle());
    await watch.onCycle?.(cycle + 1);
    watch.signal?.throwIfAborted();
  }
  watch.onLastCycle?.(engine);
  const last = row(cycles, nodes > LARGE_NODES ? LARGE_LAST_EFFORT : LAST_EFFORT);
  watch.onRow?.(last);
  watch.onEnd?.(engine);
  const { exchanges, hashes } = engine;
  return { last, sampled: nodes > COUNTED_NODES_MAX, exchanges, hashes, cyclesMs };
}

/** This share of the living dies, whoever it hits. */
function killSome(engine: OverlayEngine, share: number, random: Random): void {
  const living: number[] = [];
  for (let node = 0; node < engine.nodes; node++) if (engine.alive[node] === 1) living.push(node);
  const count = Math.round(share * living.length);
  for (let i = 0; i < count; i++) {
    const j = i + random.below(living.length - i);
    engine.kill(living[j]!);
    living[j] = living[i]!;
  }
}
