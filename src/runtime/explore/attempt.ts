/** One run of an exploration: what is run, and whether it broke something. */

import { GOOD_END } from '../../core/bug.ts';
import type { Choice } from '../../core/choices/choices.ts';
import type { Schedule } from '../../core/choices/schedule.ts';
import type { FaultCounts } from '../../core/faults/kinds.ts';
import type { Invariant } from '../../core/invariant.ts';
import { endedWell, hasEnded } from '../../core/status.ts';
import type { TraceEvent, TraceSink } from '../../core/trace.ts';
import type { RunPlan } from '../plan.ts';
import { TraceHash, traceLine } from '../trace-file.ts';
import { Simulation, type Latency, type SimulationResult } from '../simulator.ts';

/** Everything that determines a run of the simulator. */
export interface Attempt {
  readonly plan: RunPlan;
  readonly invariants: readonly Invariant[];
  readonly choices: readonly Choice[];
  readonly schedule: Schedule;
  readonly latencyMs?: Latency;
  readonly timeoutMs: number;
  readonly serviceMs: number;
  readonly startupDelayMs?: number;
  /** From a moment on chance is drawn from the streams of another seed. */
  readonly reseed?: { readonly atMs: number; readonly seed: number };
}

/** Events of one run: hundreds of times what runs of half a minute have, and over within seconds. */
export const EVENTS_MAX = 2_000_000;

/** What a run broke. */
export interface Failure {
  /** The sentence of an invariant, or {@link GOOD_END}. */
  readonly property: string;
  /** What is wrong, naming nodes and values. */
  readonly detail: string;
  /** How it showed: a run that is made smaller must go on failing in the same way. */
  readonly way: 'invariant' | 'failed' | 'late' | 'problem';
}

/** What came of a run. */
export interface Outcome {
  /** Undefined when everything held. */
  readonly failure: Failure | undefined;
  readonly virtualMs: number;
  /** Events of the simulation: messages that arrived, timers that fired, and the like. */
  readonly events: number;
  readonly faultsFired: FaultCounts;
}

/** Who looks on. */
export interface Onlookers {
  readonly trace?: TraceSink;
  readonly decided?: (choice: Choice) => void;
  readonly reseed?: { readonly atMs: number; readonly seed: number };
  readonly signal?: AbortSignal;
}

/**
 * Runs.
 *
 * @throws {FaultsError} when its faults and choices cannot be
 */
export async function perform(attempt: Attempt, onlookers: Onlookers = {}): Promise<Outcome> {
  const result = await simulationOf(attempt, onlookers).run();
  const { virtualMs, events, faults_fired: faultsFired } = result;
  const wasStopped = onlookers.signal?.aborted === true;
  return { failure: wasStopped ? undefined : failureOf(result), virtualMs, events, faultsFired };
}

/**
 * The simulation of a run.
 *
 * @throws {FaultsError} when its faults and choices cannot be
 */
export function simulationOf(attempt: Attempt, onlookers: Onlookers = {}): Simulation {
  const { invariants, ...run } = attempt;
  return new Simulation({
    ...run,
    ...onlookers,
    eventsMax: EVENTS_MAX,
    ...(invariants.length === 0 ? {} : { invariants }),
  });
}

/** A run with everything that happened in it. */
export interface TracedOutcome extends Outcome {
  readonly trace: readonly TraceEvent[];
  /** SHA-256 in hexadecimal of the trace as a file. */
  readonly traceSha256: string;
}

/** Runs, and keeps what happened. */
export async function performTraced(
  attempt: Attempt,
  onlookers: Omit<Onlookers, 'trace'> = {},
): Promise<TracedOutcome> {
  const trace: TraceEvent[] = [];
  // Hashed as it happens, as a file would be written.
  const hash = new TraceHash();
  const outcome = await perform(attempt, {
    ...onlookers,
    trace: (event) => {
      trace.push(event);
      hash.add(traceLine(event));
    },
  });
  return { ...outcome, trace, traceSha256: hash.digest() };
}

/** What is wrong with a finished run; undefined when nothing is. */
export function failureOf(result: SimulationResult): Failure | undefined {
  const { violation, nodes, problems, ok } = result;
  if (violation !== undefined) {
    return { property: violation.invariant, detail: violation.detail, way: 'invariant' };
  }
  if (ok) return undefined;
  const bad = Object.entries(nodes).filter(
    ([, { status, fault }]) => fault === undefined && hasEnded(status) && !endedWell(status),
  );
  const failed = bad.filter(([, { status }]) => status === 'failed');
  const late = failed.length > 0 ? failed : bad;
  const [first] = late;
  if (first !== undefined) {
    const others =
      late.length === 1
        ? ''
        : ` (so are ${late
            .slice(1)
            .map(([id]) => id)
            .join(', ')})`;
    const [id, { status, error = 'no reason given' }] = first;
    const detail = `${id} is ${status}: ${error}${others}`;
    return { property: GOOD_END, detail, way: failed.length > 0 ? 'failed' : 'late' };
  }
  return { property: GOOD_END, detail: problems.join('; '), way: 'problem' };
}
