/** Entry of the worker in which a page simulates: an algorithm that never yields cannot freeze the page. */

import { messageOf } from '../core/errors.ts';
import type { NodeResult, RunResult } from '../core/result.ts';
import type { TraceEvent } from '../core/trace.ts';
import { Simulation, type Latency } from '../runtime/simulator.ts';
import { TraceHash, traceLine } from '../runtime/trace-file.ts';
import { pageChapter } from './page-chapters.ts';
import type { RunNode } from './run.ts';
import { runNodes } from './run-record.ts';
import { planOf, type RunSpec } from './run-spec.ts';

/** To the worker. */
export type ToSimulation =
  | {
      readonly kind: 'run';
      readonly spec: RunSpec;
      readonly latencyMs: Latency;
      readonly timeoutMs: number;
    }
  | { readonly kind: 'stop' };

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
  | { readonly kind: 'problem'; readonly text: string };

/** Events that are told together. */
const BATCH = 2000;

const controller = new AbortController();

globalThis.onmessage = ({ data }: MessageEvent<ToSimulation>) => {
  if (data.kind === 'stop') controller.abort();
  else void run(data.spec, data.latencyMs, data.timeoutMs);
};

async function run(spec: RunSpec, latencyMs: Latency, timeoutMs: number): Promise<void> {
  try {
    const { chapter } = await pageChapter(spec.algorithm);
    const { plan } = planOf(spec, chapter);
    tell({ kind: 'planned', nodes: runNodes(plan.nodes) });
    const hash = new TraceHash();
    let batch: TraceEvent[] = [];
    const flush = () => {
      if (batch.length > 0) tell({ kind: 'events', events: batch });
      batch = [];
    };
    const { nodes, virtualMs, violation, faults_fired, problems } = await new Simulation({
      plan,
      latencyMs,
      timeoutMs,
      invariants: chapter.invariants,
      signal: controller.signal,
      trace: (event) => {
        hash.add(traceLine(event));
        batch.push(event);
        if (batch.length >= BATCH) flush();
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
      ...(plan.faults === undefined ? {} : { faultsFired: faults_fired }),
    });
  } catch (error) {
    tell({ kind: 'problem', text: messageOf(error) });
  }
}

function tell(message: FromSimulation): void {
  postMessage(message);
}
