/** Runs as links carry them, made of what the rest of the lab writes, and the other way round: nothing is read or checked here. */

import type { Latency } from '../../runtime/simulator.ts';
import type { RunSpec } from '../run-spec.ts';
import type { LinkedRun } from './linked-run.ts';

/** Virtual milliseconds that a service runs in a page, unless somebody says otherwise. */
const SERVICE_MS = 10_000;

/** A run as a link would carry it. */
export function linkedOf(
  { runId, algorithm, config, format, seed, faults, breaks }: RunSpec,
  latencyMs: Latency,
  timeoutMs: number,
): LinkedRun {
  return {
    ...{ algorithm, runId, config, format, seed, latencyMs, timeoutMs, serviceMs: SERVICE_MS },
    ...(faults === undefined ? {} : { faults }),
    ...(breaks === undefined ? {} : { breaks }),
  };
}

/** The link's run as the rest of the lab writes runs. */
export function specOf({ algorithm, config, runId, format, seed, ...rest }: LinkedRun) {
  const { faults, breaks } = rest;
  return {
    ...{ runId, algorithm, config, configFile: 'configuration', strict: false, format, seed },
    ...(faults === undefined ? {} : { faults }),
    ...(breaks === undefined ? {} : { breaks }),
  };
}
