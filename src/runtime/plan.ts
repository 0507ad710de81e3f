/** A run plan: everything that determines a run, apart from where it happens. */

import type { AlgorithmClass } from '../core/algorithm.ts';
import type { Faults } from '../core/faults/faults.ts';
import type { NodeId } from '../core/id.ts';
import type { FormatName } from '../core/result.ts';

/** Settings of one algorithm and, nested, of its children. */
export interface SettingsTree {
  readonly own: Readonly<Record<string, unknown>>;
  readonly children: Readonly<Record<string, SettingsTree>>;
}

/** One node of a plan. */
export interface PlannedNode {
  readonly id: NodeId;
  readonly neighbours: readonly NodeId[];
  readonly settings: SettingsTree;
}

/** What all members of a run agree on. */
export interface RunPlan {
  /** Signatures are bound to it: a statement of another run proves nothing. */
  readonly runId: string;
  /** The class that runs: with the bugs in it, where there are any. */
  readonly algorithm: AlgorithmClass;
  /** Names of the bugs that were put into it; none unless given. */
  readonly breaks?: readonly string[];
  /** In the order of the configuration. */
  readonly nodes: readonly PlannedNode[];
  readonly format: FormatName;
  readonly seed: number;
  /** What shall go wrong; nothing unless given. */
  readonly faults?: Faults;
  /** Whether senders that are none of the nodes are listened to, e.g. clients of a service; no unless given. */
  readonly takesGuests?: boolean;
}
