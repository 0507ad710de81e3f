/** What a page asks to be run, as the rest of the lab writes runs. */

import { toHex } from '../../net/hex.ts';
import type { RunRequest, SimulationRequest } from '../lab-service.ts';
import { runIdFrom } from '../run-id.ts';
import type { RunSpec } from '../run-spec.ts';

/** The same request is the same run, event by event, so its id follows from it. */
export function simulatedSpec(request: SimulationRequest): RunSpec {
  const { algorithm, config, seed, format, breaks = [] } = request;
  return {
    ...specOf(request),
    runId: runIdFrom([`${seed}`, config, algorithm, ...breaks, format]),
  };
}

/** A live run has an id that nobody can guess. */
export function specOf(request: RunRequest): RunSpec {
  const { algorithm, config, seed, format, frameAuth, link, faults, breaks } = request;
  const runId = toHex(crypto.getRandomValues(new Uint8Array(8)));
  return {
    ...{ runId, algorithm, config, configFile: 'configuration', strict: false, format, seed },
    ...(frameAuth === undefined ? {} : { frameAuth }),
    ...(link === undefined ? {} : { link }),
    ...(faults === undefined ? {} : { faults }),
    ...(breaks === undefined ? {} : { breaks }),
  };
}
