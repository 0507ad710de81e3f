/** A simulation as a run of the page: it happens in a worker, and its events come in batches. */

import type { LinkedRun } from './link/linked-run.ts';
import { specOf } from './link/plain-run.ts';
import { RunRecord } from './run-record.ts';
import { summarize } from './run-result.ts';
import type { Run } from './run.ts';
import type { FromSimulation } from './run-simulation.ts';
import type { ToSimulation } from './simulation-worker.ts';
import type { WorkerHost } from './live/worker-host.ts';
import { openWorker } from './simulation-workers.ts';

/** Milliseconds for a simulation to end when it is told to; then its worker is ended. */
const STOP_GRACE_MS = 1000;

/** What a simulation runs in. */
export type SimulationHost = WorkerHost<ToSimulation, FromSimulation>;

/** Starts a simulation. */
export function simulate(linked: LinkedRun, host: SimulationHost = openWorker()): Run {
  const spec = specOf(linked);
  const beganMs = performance.now();
  const record = new RunRecord('simulated', spec.algorithm, spec.seed, () => {
    host.post({ kind: 'stop' });
    setTimeout(
      () => end(undefined, 'The run was ended by force: some code in it never yields.'),
      STOP_GRACE_MS,
    );
  });
  record.linked = linked;
  const end = (...[result, problem]: Parameters<RunRecord['end']>) => {
    host.close();
    record.end(result, problem);
  };
  host.onproblem = (text) => end(undefined, text);
  host.onmessage = (data) => {
    switch (data.kind) {
      case 'alive':
        return;
      case 'planned':
        record.phase = 'running';
        record.plan(data.nodes);
        return;
      case 'events':
        if (!record.append(data.events)) {
          record.problem ??= `The run was stopped after ${record.before + record.events.length} events: the disk does not keep pace. Use the command line for longer ones.`;
          record.stop();
        }
        return;
      case 'problem':
        end(undefined, data.text);
        return;
      case 'ended': {
        const { algorithm, format, seed } = spec;
        const facts = {
          algorithm,
          mode: 'offline' as const,
          format,
          seed,
          elapsed_ms: Math.round(performance.now() - beganMs),
          virtual_ms: data.virtualMs,
          trace_sha256: data.traceSha256,
          problems: data.problems,
          ...(data.violation === undefined ? {} : { violation: data.violation }),
          ...(spec.breaks === undefined ? {} : { breaks: spec.breaks }),
          ...(data.faultsFired === undefined ? {} : { faults_fired: data.faultsFired }),
        };
        end(summarize(facts, data.nodes));
      }
    }
  };
  host.post({ kind: 'run', linked });
  return record;
}
