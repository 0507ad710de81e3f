/** What a program that drives a browser asks of a page with nodes, and what the page reports. Plain data both ways. */

import type { FaultCounts } from '../../core/faults/kinds.ts';
import type { NodeId } from '../../core/id.ts';
import type { LogLevel } from '../../core/ports.ts';
import type { NodeResult, RunResult } from '../../core/result.ts';
import type { NodeStatus } from '../../core/status.ts';
import type { TraceEvent } from '../../core/trace.ts';
import type { Latency } from '../../runtime/simulated-world.ts';
import type { RunSpec } from '../run-spec.ts';

/** Nodes to be run in one page, a worker each. */
export interface PageJob {
  readonly spec: RunSpec;
  /** The nodes of this page; the others join the room from elsewhere. */
  readonly nodes: readonly NodeId[];
  readonly room: string;
  /** WebSocket address of the signaling server, e.g. `ws://localhost:9000`. */
  readonly signalUrl: string;
  /** Of a closed room: its key, in hexadecimal. */
  readonly roomKey?: string;
  /** Delays what is sent, in order, by so many milliseconds. */
  readonly latencyMs?: { readonly min: number; readonly max: number };
  /** Milliseconds before the nodes come up. */
  readonly startupDelayMs: number;
  /** Whether trace events are reported. */
  readonly trace: boolean;
  /** Whether everything that happens to the nodes is recorded, and reported. */
  readonly records?: boolean;
  /** Nodes that nobody waits for: they may come while the run goes on, or never. */
  readonly latecomers?: readonly NodeId[];
  /** Whether tabs of this browser meet without the server, where there is none or it is lost. */
  readonly meetsInTabs?: boolean;
}

/** What a page reports. */
export type PageReport =
  | {
      readonly kind: 'log';
      readonly node: NodeId;
      readonly level: LogLevel;
      readonly path: string;
      readonly text: string;
    }
  | {
      readonly kind: 'status';
      readonly node: NodeId;
      readonly status: NodeStatus;
      readonly waitingFor: readonly NodeId[];
    }
  | { readonly kind: 'trace'; readonly events: readonly TraceEvent[] }
  /** A link of the node carries frames, or is gone. */
  | { readonly kind: 'link'; readonly node: NodeId; readonly to: NodeId; readonly isOpen: boolean }
  /** Lines of a node's recording, with their line feeds. */
  | { readonly kind: 'recording'; readonly node: NodeId; readonly lines: string }
  /** The node will do nothing more, and nobody has to hear from it. */
  | {
      readonly kind: 'ended';
      readonly node: NodeId;
      readonly result: NodeResult;
      readonly faults?: FaultCounts;
    }
  /** Something outside the algorithm: no server, a node id that is taken, a worker that died. */
  | { readonly kind: 'problem'; readonly node?: NodeId; readonly text: string };

/** What `node.html` offers as `window.parleyPage`; it calls `window.parleyReport(report)`, which the driver defines. */
export interface PageApi {
  /** Fulfilled when the nodes are under way; rejected with what to do when they cannot be. */
  run(job: PageJob): Promise<void>;
  /**
   * Simulates a run in a worker of the page; fulfilled with its result, rejected when it cannot be made. Any engine comes to the same
   * `trace_sha256`.
   */
  simulate(spec: RunSpec, latencyMs: Latency, timeoutMs: number): Promise<RunResult>;
  /** Ends the nodes that have not ended. */
  stop(status: 'stopped' | 'timeout', why?: string): void;
}
