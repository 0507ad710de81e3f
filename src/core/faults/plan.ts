/** A fault plan: {@link Faults} for a known set of nodes and a seed, checked, with nothing left open. What the engines read. */

import type { NodeId } from '../id.ts';
import type { Distribution } from './distribution.ts';
import type { DiskFate } from './faults.ts';
import type { FaultKind, LieKind } from './kinds.ts';

/** When something happens. */
export type Schedule =
  | { readonly kind: 'always' }
  | {
      readonly kind: 'once';
      readonly atMs: number;
      /** Undefined for what does not end by itself. */
      readonly forMs: Distribution | undefined;
    }
  | {
      readonly kind: 'often';
      /** Mean time from the end of one to the beginning of the next. */
      readonly everyMs: number;
      readonly forMs: Distribution;
    };

/** What a rule says of the links that it is about; what it leaves out it leaves as it is. */
export interface LinkSettings {
  readonly latency?: Distribution;
  readonly loss?: number;
  readonly duplication?: number;
  readonly reordering?: number;
  /** Milliseconds by which a reordered message is late at most. */
  readonly lateMs?: number;
  readonly bytesPerSecond?: number;
}

/** One rule about some links. Later rules win. */
export interface LinkRule extends LinkSettings {
  /** Names its random stream. */
  readonly name: string;
  readonly schedule: Schedule;
  readonly covers: (from: NodeId, to: NodeId) => boolean;
}

/** A partition: how the nodes are parted, fixed or drawn each time. */
export interface PartitionPlan {
  readonly name: string;
  readonly schedule: Schedule;
  readonly parting:
    | { readonly kind: 'cut'; readonly cuts: (from: NodeId, to: NodeId) => boolean }
    | {
        readonly kind: 'split';
        readonly how: 'halves' | 'one' | 'random';
        readonly oneWay: boolean;
      };
}

/** Nodes that go down. */
export interface CrashPlan {
  readonly name: string;
  readonly schedule: Exclude<Schedule, { kind: 'always' }>;
  readonly nodes: readonly NodeId[];
  readonly disk: DiskFate;
}

/** Nodes that stand still. */
export interface PausePlan {
  readonly name: string;
  readonly schedule: Exclude<Schedule, { kind: 'always' }>;
  readonly nodes: readonly NodeId[];
}

/** A clock that is wrong. */
export interface ClockPlan {
  readonly offsetMs: number;
  readonly drift: number;
  /** The offset comes then. */
  readonly atMs: number;
}

/** One behaviour of a Byzantine node. */
export interface LiePlan {
  readonly share: number;
  readonly to: ReadonlySet<NodeId>;
  /** Undefined for all types. */
  readonly types: ReadonlySet<string> | undefined;
  /** Of `delay`. */
  readonly by: Distribution | undefined;
}

/** Behaviours of one Byzantine node. */
export type LiesPlan = { readonly [kind in LieKind]?: LiePlan };

/** Who hears the copies of a node; whoever is in neither set hears both. */
export interface TwinPlan {
  readonly first: ReadonlySet<NodeId>;
  readonly second: ReadonlySet<NodeId>;
}

/** Everything that shall go wrong in one run. */
export interface FaultPlan {
  readonly nodes: readonly NodeId[];
  readonly seed: number;
  /** Undefined: whatever the run has. */
  readonly latency: Distribution | undefined;
  /** The run's own first, then those of nodes, then those of links. */
  readonly rules: readonly LinkRule[];
  readonly partitions: readonly PartitionPlan[];
  readonly crashes: readonly CrashPlan[];
  readonly pauses: readonly PausePlan[];
  /** Undefined: writes are durable at once. */
  readonly diskSyncMs: Distribution | undefined;
  readonly clocks: ReadonlyMap<NodeId, ClockPlan>;
  readonly byzantine: ReadonlyMap<NodeId, LiesPlan>;
  readonly twins: ReadonlyMap<NodeId, TwinPlan>;
  /** Infinity: never. */
  readonly healMs: number;
  /** Until the run must have ended, counted from the heal; undefined: the run's timeout. */
  readonly progressMs: number | undefined;
  /** What is planned. */
  readonly kinds: readonly FaultKind[];
  /** What must have happened. */
  readonly expected: readonly FaultKind[];
}
