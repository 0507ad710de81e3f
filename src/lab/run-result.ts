/** Sums up what the nodes came to. */

import type { NodeId } from '../core/id.ts';
import type { NodeResult, RunResult } from '../core/result.ts';
import { endedWell } from '../core/status.ts';

/** A run's result, from its nodes' and from what is known of the run as a whole. */
export function summarize(
  run: Pick<
    RunResult,
    'algorithm' | 'mode' | 'format' | 'seed' | 'elapsed_ms' | 'virtual_ms' | 'trace_sha256'
  > &
    Pick<RunResult, 'violation' | 'breaks' | 'faults_fired' | 'problems'>,
  nodes: Readonly<Record<NodeId, NodeResult>>,
): RunResult {
  const results = Object.values(nodes);
  const sum = (count: (node: NodeResult) => number) =>
    results.reduce((total, node) => total + count(node), 0);
  const { violation, breaks, faults_fired, problems = [], ...facts } = run;
  // Who lied or crashed for good, as planned, is no correct node: how it ended says nothing.
  const correct = results.filter(({ fault }) => fault === undefined);
  return {
    algorithm: facts.algorithm,
    mode: facts.mode,
    format: facts.format,
    seed: facts.seed,
    ok:
      violation === undefined &&
      problems.length === 0 &&
      correct.every(({ status }) => endedWell(status)),
    elapsed_ms: facts.elapsed_ms,
    virtual_ms: facts.virtual_ms,
    messages_sent: sum((node) => node.messages_sent),
    messages_delivered: sum((node) =>
      Object.values(node.messages_received).reduce((total, count) => total + count, 0),
    ),
    bytes_delivered: sum((node) => node.bytes_received),
    trace_sha256: facts.trace_sha256,
    ...(violation === undefined ? {} : { violation }),
    ...(breaks === undefined ? {} : { breaks }),
    ...(faults_fired === undefined ? {} : { faults_fired }),
    ...(problems.length === 0 ? {} : { problems }),
    nodes,
  };
}
