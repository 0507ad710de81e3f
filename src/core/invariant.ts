/** Invariants: what must be true of all nodes together after every step. Each algorithm's folder declares its own. */

import type { NodeFault } from './faults/kinds.ts';
import type { NodeId } from './id.ts';
import type { NodeStatus } from './status.ts';
import type { ValueMap } from './value.ts';

/** One node, as an invariant sees it. */
export interface NodeView<State = ValueMap> {
  readonly id: NodeId;
  readonly status: NodeStatus;
  /** What `state()` returns. */
  readonly state: State;
  /** The node's settings. */
  readonly settings: Readonly<Record<string, unknown>>;
  /**
   * Why it is not a correct node now; undefined for one that is. Nothing can be said of what a `byzantine` one does; the state of a
   * `crashed` one is that in which it went down.
   */
  readonly fault?: NodeFault;
}

/** All nodes at one moment. */
export interface GlobalView<State = ValueMap> {
  readonly nodes: readonly NodeView<State>[];
}

/** A property of every reachable situation. */
export interface Invariant<State = any> {
  /** One sentence that states it positively, e.g. `No two nodes deliver different values`. */
  readonly name: string;
  /** Returns undefined when it holds, otherwise what is wrong, naming nodes and values. */
  check(view: GlobalView<State>): string | undefined;
}
