/** Small worlds: configurations small enough that everything that can happen in them can be tried. */

import type { NodeId } from './id.ts';
import type { GlobalView, NodeView } from './invariant.ts';
import type { Value } from './value.ts';

/**
 * What may happen at any moment of a search, and in any order. Nodes that stand still, links that are cut and messages that come late
 * are always among it: what is not chosen has not happened yet.
 */
export interface Adversary {
  /** Messages from one node to another keep their order. Otherwise any message on its way may be next. */
  readonly ordered?: boolean;
  /** Whatever was sent may be delivered again and again. Not together with `ordered`. */
  readonly duplicates?: boolean;
  /**
   * Messages may be lost for good. Where messages keep no order that makes no difference to what must never happen (a lost message is
   * one that is late for ever), but to who may be left waiting.
   */
  readonly losses?: boolean;
  /** How often nodes may crash, all together; none unless given. Each may come back, with what it has stored. */
  readonly crashes?: number;
  /** Nodes that may crash; all unless given. */
  readonly mayCrash?: readonly NodeId[];
  /** How often timers may fire and requests be given up, all together; any number of times unless given. */
  readonly timeouts?: number;
  /** A write takes its time, and the node may crash before it is durable. Otherwise writes are durable at once. */
  readonly slowDisks?: boolean;
}

/** A world that a chapter's invariants hold in, whatever happens. */
export interface SmallWorld<State = any> {
  /** A short title, e.g. `Two proposers`. */
  readonly name: string;
  /** What there is to find, in a sentence. */
  readonly story: string;
  /** YAML, as in `configs/`. */
  readonly config: string;
  readonly adversary: Adversary;
  /** True for what lies beyond the border and is not searched, e.g. ballots above the second. */
  readonly prune?: (view: GlobalView<State>) => boolean;
}

/** A message on its way, as predicates see it. */
export interface MessageView {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly kind: 'cast' | 'request' | 'reply' | 'error';
  readonly type: string;
  readonly body: Value;
}

/** A whole situation, as predicates see it. */
export interface SituationView<State = any, History = any> {
  readonly nodes: readonly NodeView<State>[];
  readonly messages: readonly MessageView[];
  /** What is remembered of the past, if anything is. */
  readonly history: History;
  /** Choices since the beginning. */
  readonly depth: number;
}

/** A node, as an abstraction sees it. */
export interface NodeFacts<State = any> {
  readonly id: NodeId;
  /** The machine's state itself: not to be changed. Undefined while the node is down. */
  readonly state: State;
  /** `failed`: its machine threw. */
  readonly life: 'up' | 'down' | 'failed';
  readonly isFinished: boolean;
  /** Names of the timers that are set. */
  readonly timers: readonly string[];
}
