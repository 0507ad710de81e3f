/** A simulation inside a worker, whoever made the worker: its events are told in batches. */

import type { Chapter } from '../core/chapter.ts';
import { messageOf } from '../core/errors.ts';
import type { NodeResult, RunResult } from '../core/result.ts';
import type { TraceEvent } from '../core/trace.ts';
import { Simulation } from '../runtime/simulator.ts';
import { TraceHash, traceLine } from '../runtime/trace-file.ts';
import { attemptOf, type LinkedRun } from './link/linked-run.ts';
import type { RunNode } from './run.ts';
import { runNodes } from './run-record.ts';
import { shownEvent } from './shown-event.ts';

/** What is to be simulated. */
export interface SimulationOrder {
  readonly linked: LinkedRun;
  /** Whether each event is told at once: slow, and all is known of a run that never comes back. */
  readonly tellsEach?: boolean;
}

/** From the worker. */
export type FromSimulation =
  | { readonly kind: 'planned'; readonly nodes: readonly RunNode[] }
  | { readonly kind: 'events'; readonly events: readonly TraceEvent[] }
  | {
      readonly kind: 'ended';
      readonly nodes: Readonly<Record<string, NodeResult>>;
      readonly virtualMs: number;
      readonly traceSha256: string;
      readonly violation?: RunResult['violation'];
      readonly faultsFired?: RunResult['faults_fired'];
      readonly problems: readonly string[];
    }
  | { readonly kind: 'problem'; readonly text: string }
  /** A sign of life. */
  | { readonly kind: 'alive' };

/** Events that are told together at first: the picture can begin with them. */
const FIRST_BATCH = 100;
/** And later, when there is something to look at: fewer messages between worker and page are quicker. */
const BATCH_MAX = 2000;

/** Runs to the end; whatever goes wrong is told, never thrown. */
export async function runSimulation(
  find: () => Promise<Chapter>,
  { linked, tellsEach = false }: SimulationOrder,
  tell: (message: FromSimulation) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const chapter = await find();
    const attempt = attemptOf(linked, chapter);
    const { plan, choices } = attempt;
    tell({ kind: 'planned', nodes: runNodes(plan.nodes) });
    const hash = new TraceHash();
    let batch: TraceEvent[] = [];
    let length = FIRST_BATCH;
    const flush = () => {
      if (batch.length > 0) tell({ kind: 'events', events: batch });
      batch = [];
      length = Math.min(length * 2, BATCH_MAX);
    };
    const { nodes, virtualMs, violation, faults_fired, problems } = await new Simulation({
      ...attempt,
      signal,
      trace: (event) => {
        hash.add(traceLine(event));
        batch.push(shownEvent(event));
        if (tellsEach || batch.length >= length) flush();
      },
    }).run();
    flush();
    const traceSha256 = hash.digest();
    tell({
      kind: 'ended',
      nodes,
      virtualMs,
      traceSha256,
      problems,
      ...(violation === undefined ? {} : { violation }),
      ...(plan.faults === undefined && choices.length === 0 ? {} : { faultsFired: faults_fired }),
    });
  } catch (error) {
    tell({ kind: 'problem', text: messageOf(error) });
  }
}
