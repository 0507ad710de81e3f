/** What a run came to; the same object offline and live, and what `--json` prints. */

import type { FaultCounts, NodeFault } from './faults/kinds.ts';
import type { NodeId } from './id.ts';
import type { NodeStatus } from './status.ts';
import type { DropReason } from './trace.ts';
import type { ValueMap } from './value.ts';

/** Where the nodes of a run live. */
export type RunMode = 'offline' | 'local' | 'network';

/** How messages are written. */
export type FormatName = 'json' | 'msgpack';

/** What one node came to. */
export interface NodeResult {
  readonly status: NodeStatus;
  /** Why it failed, or what it was waiting for. */
  readonly error?: string;
  readonly report: ValueMap;
  /** Messages that reached a handler, replies included, by path. */
  readonly messages_received: Readonly<Record<string, number>>;
  /** Bodies of those messages in the run's format. */
  readonly bytes_received: number;
  readonly messages_sent: number;
  /** Messages that never reached a handler, by reason. */
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  readonly elapsed_ms: number;
  /** Set for a node that is no correct one at the end: it lied or crashed for good, as planned. Its status does not count. */
  readonly fault?: NodeFault;
}

/** What the run came to. */
export interface RunResult {
  readonly algorithm: string;
  readonly mode: RunMode;
  readonly format: FormatName;
  readonly seed: number;
  /** True when every correct node terminated or was stopped as a service, no invariant broke, and there are no problems. */
  readonly ok: boolean;
  /** Wall-clock milliseconds. */
  readonly elapsed_ms: number;
  /** Virtual milliseconds; null in a live run. */
  readonly virtual_ms: number | null;
  readonly messages_sent: number;
  readonly messages_delivered: number;
  readonly bytes_delivered: number;
  /** SHA-256 of the trace file, offline; null in a live run. */
  readonly trace_sha256: string | null;
  /** The first invariant that broke. */
  readonly violation?: { readonly invariant: string; readonly detail: string };
  /** The bugs that were put into the algorithm; absent when there were none. */
  readonly breaks?: readonly string[];
  /** How often each planned fault fired; absent when none was planned. */
  readonly faults_fired?: FaultCounts;
  /** What else was wrong with the run, e.g. a fault that never fired although that was expected. */
  readonly problems?: readonly string[];
  /** The chapter's measures at the end, by name; absent where it has none. */
  readonly measures?: Readonly<Record<string, number>>;
  readonly nodes: Readonly<Record<NodeId, NodeResult>>;
}

/** The result of a node of which nothing is known but its end. */
export function nothingDone(status: NodeStatus, error: string): NodeResult {
  return {
    status,
    error,
    report: {},
    messages_received: {},
    bytes_received: 0,
    messages_sent: 0,
    dropped: {},
    elapsed_ms: 0,
  };
}
