/** Offline mode: the simulator, with everything that the command line adds: invariants, the trace and its hash, log lines. */

import type { NodeId } from '../../core/id.ts';
import type { NodeResult, RunResult } from '../../core/result.ts';
import { hasEnded } from '../../core/status.ts';
import { summarize } from '../../lab/run-result.ts';
import { syncSigners } from '../../net/ed25519.ts';
import { Simulation, type SimulationResult } from '../../runtime/simulator.ts';
import { paced } from './pace.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { RunLog } from './run-log.ts';
import { runHeader } from '../trace/run-header.ts';
import { TraceWriter } from './trace-writer.ts';
import { ViewsFile } from './views-file.ts';
import { Watchdog } from '../watchdog.ts';

/** Runs to the end, or until `signal` is aborted. */
export async function runOffline(
  prepared: PreparedRun,
  log: RunLog,
  signal: AbortSignal,
): Promise<RunResult> {
  const { request, located, plan } = prepared;
  const { invariants } = located.chapter;
  const ids = plan.nodes.map(({ id }) => id);
  const trace = new TraceWriter(request.traceFile, runHeader(prepared));
  const views =
    request.viewsFile === undefined ? undefined : new ViewsFile(request.viewsFile, located.chapter);
  const watchdog = new Watchdog(ids);
  const simulation = new Simulation({
    plan,
    timeoutMs: request.timeoutMs,
    serviceMs: request.serviceMs,
    startupDelayMs: request.startupDelayMs,
    signal,
    trace: (event) => {
      watchdog.sees(event.node);
      trace.add(event);
      views?.add(event);
    },
    log: (id, level, path, text) => log.node(simulation.now, id, level, path, text),
    ...(request.pace === undefined ? {} : { outside: paced(request.pace, signal) }),
    ...(request.latencyMs === undefined ? {} : { latencyMs: request.latencyMs }),
    ...(invariants.length === 0 ? {} : { invariants }),
    ...(request.signatures === 'ideal' ? {} : { signerOf: syncSigners(plan.seed, ids) }),
  });
  const beganMs = performance.now();
  const outcome = await simulation.run().finally(() => {
    watchdog.close();
    views?.close();
  });
  const result = summarize(
    {
      algorithm: plan.algorithm.definition.name,
      mode: 'offline',
      format: plan.format,
      seed: plan.seed,
      elapsed_ms: Math.round(performance.now() - beganMs),
      virtual_ms: outcome.virtualMs,
      trace_sha256: trace.finish(),
      problems: outcome.problems,
      ...(outcome.violation === undefined ? {} : { violation: outcome.violation }),
      ...(plan.breaks === undefined ? {} : { breaks: plan.breaks }),
      ...(plan.faults === undefined ? {} : { faults_fired: outcome.faults_fired }),
    },
    endedNodes(outcome),
  );
  return { ...result, ok: outcome.ok };
}

/** When an invariant broke, the others stand where they stood: to a reader of the result they were stopped. */
function endedNodes({ nodes }: SimulationResult): Readonly<Record<NodeId, NodeResult>> {
  const entries = Object.entries(nodes).map(([id, node]): [NodeId, NodeResult] => {
    if (hasEnded(node.status)) return [id, node];
    return [id, { ...node, status: 'stopped', error: `the run ended while it was ${node.status}` }];
  });
  return Object.fromEntries(entries);
}
