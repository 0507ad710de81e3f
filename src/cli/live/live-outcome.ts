/** What a live run comes to: gathers the reports of all pages. */

import type { FaultCounts, FaultKind } from '../../core/faults/kinds.ts';
import type { NodeId } from '../../core/id.ts';
import type { LogLevel } from '../../core/ports.ts';
import type { NodeResult } from '../../core/result.ts';
import { hasEnded, hasReached, type NodeStatus } from '../../core/status.ts';
import type { TraceEvent } from '../../core/trace.ts';
import { LinkTally } from '../../lab/live/link-tally.ts';
import { nothingDone } from '../../core/result.ts';
import { liveTrace } from '../../lab/live/live-trace.ts';
import type { PageReport } from '../../lab/page/page-job.ts';
import type { RunLog } from '../run/run-log.ts';

/** The nodes of one command, and what they have reported so far. */
export class LiveOutcome {
  readonly #nodes: readonly NodeId[];
  readonly #log: RunLog;
  readonly #explain: (text: string) => string;
  readonly #results = new Map<NodeId, NodeResult>();
  readonly #statuses = new Map<NodeId, NodeStatus>();
  readonly #waitingFor = new Map<NodeId, readonly NodeId[]>();
  readonly #events: TraceEvent[] = [];
  #faults: Partial<Record<FaultKind, number>> | undefined;
  readonly #beganMs = performance.now();
  /** What links there are, and how they come and go. */
  readonly links = new LinkTally();
  #markEnded!: () => void;
  #markRunning!: () => void;
  /** Fulfilled when the last node has ended. */
  readonly ended = new Promise<void>((resolve) => {
    this.#markEnded = resolve;
  });
  /** Fulfilled when every node has passed the start barrier. */
  readonly running = new Promise<void>((resolve) => {
    this.#markRunning = resolve;
  });

  /** @param explain makes errors readable: the page knows only its own bundles */
  constructor(nodes: readonly NodeId[], log: RunLog, explain: (text: string) => string) {
    this.#nodes = nodes;
    this.#log = log;
    this.#explain = explain;
  }

  /** Wall-clock milliseconds since the outcome was made. */
  get elapsedMs(): number {
    return performance.now() - this.#beganMs;
  }

  /** Nodes that have not ended. */
  get pending(): readonly NodeId[] {
    return this.#nodes.filter((id) => !this.#results.has(id));
  }

  /** True when a node has ended, or is about to. */
  get isEnding(): boolean {
    return (
      this.#results.size > 0 ||
      [...this.#statuses.values()].some((status) => hasEnded(status) || status === 'finished')
    );
  }

  /** Whom the nodes that have not started are waiting for. */
  get waitingFor(): readonly NodeId[] {
    return [...new Set([...this.#waitingFor.values()].flat())];
  }

  /** Every node's result, in the order of the configuration; of a node that has not ended, nothing. */
  get results(): Readonly<Record<NodeId, NodeResult>> {
    const known = this.#nodes.filter((id) => this.#results.has(id));
    return Object.fromEntries(known.map((id) => [id, this.#results.get(id)!]));
  }

  /** Takes a report of a page; undefined for one that only says something. */
  take(report: Exclude<PageReport, { readonly kind: 'recording' }>): void {
    switch (report.kind) {
      case 'log':
        this.#say(report.node, report.level, report.path, report.text);
        return;
      case 'trace':
        for (const event of report.events) this.#events.push(event);
        return;
      case 'link':
        this.links.note(report.node, report.to, report.isOpen);
        return;
      case 'status':
        this.#status(report.node, report.status, report.waitingFor);
        return;
      case 'ended':
        this.#count(report.faults);
        this.end(report.node, this.#explained(report.result));
        return;
      case 'problem':
        for (const id of report.node === undefined ? this.pending : [report.node]) {
          this.fail(id, report.text);
        }
    }
  }

  /** A node failed for a reason outside of its algorithm. */
  fail(id: NodeId, text: string): void {
    if (this.#results.has(id)) return;
    this.#say(id, 'error', '', text);
    this.end(id, nothingDone('failed', text));
  }

  /** A node has ended; what it is said to have come to later changes nothing. */
  end(id: NodeId, result: NodeResult): void {
    if (this.#results.has(id) || !this.#nodes.includes(id)) return;
    this.#results.set(id, result);
    this.#waitingFor.delete(id);
    this.#noteRunning();
    if (this.pending.length === 0) this.#markEnded();
  }

  /** The events of all nodes in one order. */
  trace(): Iterable<TraceEvent> {
    return liveTrace(this.#events, this.#nodes);
  }

  /** How often each planned fault fired, at all nodes together; undefined when none was planned. */
  get faultsFired(): FaultCounts | undefined {
    return this.#faults;
  }

  #count(faults: FaultCounts | undefined): void {
    if (faults === undefined) return;
    this.#faults ??= {};
    for (const [kind, count] of Object.entries(faults) as [FaultKind, number][]) {
      this.#faults[kind] = (this.#faults[kind] ?? 0) + count;
    }
  }

  #say(id: NodeId, level: LogLevel, path: string, text: string): void {
    this.#log.node(this.elapsedMs, id, level, path, this.#explain(text));
  }

  #explained(result: NodeResult): NodeResult {
    if (result.error === undefined) return result;
    return { ...result, error: this.#explain(result.error) };
  }

  #status(id: NodeId, status: NodeStatus, waitingFor: readonly NodeId[]): void {
    if (this.#statuses.get(id) !== status) {
      this.#say(id, 'debug', '', `is ${status}`);
    }
    this.#statuses.set(id, status);
    if (status === 'joining' || status === 'ready') this.#waitingFor.set(id, waitingFor);
    else this.#waitingFor.delete(id);
    this.#noteRunning();
  }

  #noteRunning(): void {
    const isRunning = (id: NodeId) => {
      const status = this.#statuses.get(id);
      return status !== undefined && hasReached({ incarnation: 0, status }, 'running');
    };
    if (this.#nodes.every((id) => this.#results.has(id) || isRunning(id))) this.#markRunning();
  }
}
