/** A run as the lab sees it, wherever it happens: in the simulator, in workers of this page, in the tabs of a room. */

import type { NodeId } from '../core/id.ts';
import type { RunResult } from '../core/result.ts';
import type { MessageId, TraceEvent } from '../core/trace.ts';
import type { HeldDeed } from '../runtime/live/held-inbox.ts';
import type { RunArchive } from './archive/run-archive.ts';
import type { LinkedRun } from './link/linked-run.ts';

/** Where the nodes live. */
export type RunPlace = 'simulated' | 'workers' | 'room';

/** preparing: nodes are being made and connected. */
export type RunPhase = 'preparing' | 'running' | 'ended';

/** A node of a run, as the configuration describes it. */
export interface RunNode {
  readonly id: NodeId;
  readonly neighbours: readonly NodeId[];
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What is done by hand to a live run at the moment. */
export interface LiveState {
  /** Whether deliveries are held back everywhere. */
  readonly isHeld: boolean;
  /** Since when deliveries are held back, in milliseconds of the run; undefined when they are not. */
  readonly heldSinceMs: number | undefined;
  /** Groups of nodes that cannot reach one another; empty when nothing is cut. */
  readonly cut: readonly (readonly NodeId[])[];
  /** Only what the first group sends is cut off. */
  readonly isOneWay: boolean;
}

/** A message that is held back: as its sending said, and at whom. */
export interface HeldMessage {
  readonly to: NodeId;
  readonly message: MessageId;
  readonly path: string;
  readonly type: string;
}

export type { HeldDeed };

/** Hands on a live run of this page. */
export interface LiveHands extends LiveState {
  hold(isHeld: boolean): void;
  /** No groups heal the network. */
  cutInto(groups: readonly (readonly NodeId[])[], isOneWay: boolean): void;
  kill(node: NodeId): void;
  /** Does something to a message that is held back. */
  grab(held: HeldMessage, deed: HeldDeed): void;
}

/** A run that is being prepared, goes on, or has ended. Its fields change; subscribers are told. */
export interface Run {
  readonly place: RunPlace;
  /** Name of the chapter or module. */
  readonly algorithm: string;
  readonly seed: number;
  readonly nodes: readonly RunNode[];
  readonly phase: RunPhase;
  /**
   * What happened, ordered by time; only ever appended to. Of a run that does not fit into memory these are the newest events, in another
   * array as soon as older ones have moved to disk; the first {@link carried} of them say what was when they begin.
   */
  readonly events: readonly TraceEvent[];
  readonly carried?: number;
  /** How many events came before them. */
  readonly before?: number;
  /** The older ones; present as soon as there are some. */
  readonly archive?: RunArchive | undefined;
  /** Everything that determines a simulated run: with it the run can be repeated, changed and sent. */
  readonly linked?: LinkedRun | undefined;
  /** Present where whoever looks on may meddle with live nodes. */
  readonly hands?: LiveHands | undefined;
  /** Nodes that the start barrier waits for. */
  readonly waitingFor: readonly NodeId[];
  /** Set when the run has ended. */
  readonly result: RunResult | undefined;
  /** Why the run could not be made or broke off; the result says what single nodes came to. */
  readonly problem: string | undefined;
  /** Calls `listener` after changes, bundled; returns what ends the subscription. */
  subscribe(listener: () => void): () => void;
  /** Ends the run; nodes end as `stopped`. */
  stop(): void;
}
