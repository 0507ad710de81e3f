/** The line that says what ran, at the beginning of a trace file. */

import { createHash } from 'node:crypto';
import { traceHeaderLine } from '../../runtime/trace-file.ts';
import { packageVersion } from '../package-root.ts';
import type { PreparedRun } from '../run/prepare-run.ts';

/** The header of a run that is about to begin; undefined when nobody asked for one. */
export function runHeader({ request, spec, plan }: PreparedRun): string | undefined {
  if (!request.tracesHeader) return undefined;
  const { mode, latencyMs, timeoutMs, serviceMs, startupDelayMs, signatures } = request;
  return traceHeaderLine({
    parley: packageVersion(),
    algorithm: plan.algorithm.definition.name,
    mode,
    format: spec.format,
    seed: spec.seed,
    ...(plan.breaks === undefined ? {} : { breaks: plan.breaks }),
    nodes: plan.nodes.map(({ id }) => id),
    config: request.config,
    config_sha256: createHash('sha256').update(spec.config).digest('hex'),
    ...(latencyMs === undefined ? {} : { latency_ms: `${latencyMs.min}-${latencyMs.max}` }),
    ...{ timeout_ms: timeoutMs, service_ms: serviceMs, startup_delay_ms: startupDelayMs },
    signatures,
  });
}
