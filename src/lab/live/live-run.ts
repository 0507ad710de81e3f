/** Fills a run with what live nodes report, wherever they are. */

import type { NodeId } from '../../core/id.ts';
import { nothingDone, type NodeResult, type RunMode } from '../../core/result.ts';
import type { NodeStatus } from '../../core/status.ts';
import type { TraceEvent } from '../../core/trace.ts';
import type { FromWorker } from '../../runtime/live/worker-protocol.ts';
import { EventMerger } from './event-merger.ts';
import type { RunRecord } from '../run-record.ts';
import { summarize } from '../run-result.ts';
import type { RunSpec } from '../run-spec.ts';

/** Milliseconds that a service runs. */
export const SERVICE_MS = 10_000;

/** Collects the reports of all nodes of a run and ends its record when the last has ended. */
export class LiveCollector {
  readonly #record: RunRecord;
  readonly #spec: RunSpec;
  readonly #mode: RunMode;
  readonly #awaited: Set<NodeId>;
  readonly #results: Record<NodeId, NodeResult> = {};
  readonly #waiting = new Map<NodeId, readonly NodeId[]>();
  readonly #merger: EventMerger;
  readonly #beganMs = performance.now();
  readonly #startedAtMs: number;

  constructor(
    record: RunRecord,
    spec: RunSpec,
    mode: RunMode,
    nodes: readonly NodeId[],
    startedAtMs: number,
  ) {
    this.#startedAtMs = startedAtMs;
    this.#record = record;
    this.#spec = spec;
    this.#mode = mode;
    this.#awaited = new Set(nodes);
    // A disk that does not keep pace is no reason to end a live run: what it missed cannot be seen again, that is all.
    this.#merger = new EventMerger((events) => void record.append(events));
  }

  /** True when every node has ended. */
  get isComplete(): boolean {
    return this.#awaited.size === 0;
  }

  /** The nodes that have not ended. */
  get awaited(): readonly NodeId[] {
    return [...this.#awaited];
  }

  /** Takes a report of a node of this page. */
  report(node: NodeId, message: FromWorker): void {
    if (message.kind === 'trace') this.events(message.events);
    else if (message.kind === 'log') this.events(pageLines(node, message, this.#nowMs));
    else if (message.kind === 'status') {
      this.#status(node, message.status, message.waitingFor);
    } else if (message.kind === 'ended') this.ended(node, message.result);
    else if (message.kind === 'problem') {
      this.#record.problem ??= `${node}: ${message.text}`;
      this.ended(node, nothingDone('failed', message.text));
    }
  }

  /** Takes events, of any node. */
  events(events: readonly TraceEvent[]): void {
    this.#merger.add(events);
  }

  /** A node has ended. */
  ended(node: NodeId, result: NodeResult): void {
    if (!this.#awaited.delete(node)) return;
    this.#results[node] = result;
    this.#waiting.delete(node);
    if (this.isComplete) this.#finish();
  }

  /** A node's tab was closed. The picture shows it at once; if it is opened again, its own events follow. */
  left(node: NodeId): void {
    if (!this.#awaited.has(node)) return;
    const time = this.#nowMs;
    const detail = 'its tab was closed';
    this.events([{ kind: 'status', node, time, sequence: 0, status: 'departed', detail }]);
  }

  /** A node's tab was closed, and it will not report. */
  departed(node: NodeId): void {
    this.ended(node, nothingDone('departed', 'its tab was closed'));
  }

  get #nowMs(): number {
    return performance.timeOrigin + performance.now() - this.#startedAtMs;
  }

  #status(node: NodeId, status: NodeStatus, waitingFor: readonly NodeId[]): void {
    if (status === 'running') this.#record.phase = 'running';
    this.#waiting.set(node, status === 'joining' || status === 'ready' ? waitingFor : []);
    this.#record.waitingFor = [...new Set([...this.#waiting.values()].flat())];
    this.#record.changed();
  }

  #finish(): void {
    this.#merger.flush();
    const { algorithm, format, seed, breaks } = this.#spec;
    const order = this.#record.nodes.map(({ id }) => id);
    const nodes = Object.fromEntries(
      order.filter((id) => id in this.#results).map((id) => [id, this.#results[id]!]),
    );
    const facts = {
      algorithm,
      mode: this.#mode,
      format,
      seed,
      elapsed_ms: Math.round(performance.now() - this.#beganMs),
      virtual_ms: null,
      trace_sha256: null,
      ...(breaks === undefined ? {} : { breaks }),
    };
    this.#record.end(summarize(facts, nodes));
  }
}

/** What was said of a node where it runs: of its links, say. What it said itself is in its trace already. */
export function pageLines(
  node: NodeId,
  { path, level, text }: Extract<FromWorker, { readonly kind: 'log' }>,
  time: number,
): readonly TraceEvent[] {
  if (path !== '') return [];
  return [{ kind: 'log', node, time: Math.max(0, time), sequence: 0, path, level, text }];
}
