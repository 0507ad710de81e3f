/** What a node of Plumtree keeps, and what it can do. */

import type { NodeId } from '../../core/id.ts';
import type { MachineBase, MachineInput, Out } from '../../core/machine.ts';
import type { History } from '../dissemination/history.ts';
import type { calls, delivers, PublicationId } from '../dissemination/interface.ts';
import type { Common } from '../dissemination/state.ts';
import type { messages } from './messages.ts';
import type { rules } from './rules.ts';

/** Publications that were named and have not come: above so many, more are not looked after, and whoever names them again later is believed then. */
export const MISSING_MAX = 10_000;

/** How often a publication is asked for, by whoever has named it in turn; then it is given up. */
export const ASKS_MAX = 8;

/** A publication with how far it has come to whoever names it. */
export interface Announcement {
  readonly topic: string;
  readonly id: PublicationId;
  readonly round: number;
}

/** A publication that was named and has not come. */
export interface Missing {
  readonly topic: string;
  readonly id: PublicationId;
  /** Who has named it, in the order in which they are asked. */
  readonly announcers: { readonly peer: NodeId; readonly round: number }[];
  /** How often it was asked for. */
  asked: number;
  /** When the next of them is asked. */
  dueAtMs: number;
}

/** Parameters. */
export interface TreeParameters {
  readonly graft_timeout: number;
  readonly graft_timeout_next: number;
  readonly ihave_delay: number;
  readonly optimization_threshold: number;
  readonly history_length: number;
}

/** The state of the machine. */
export interface PlumtreeState extends Common {
  readonly parameters: TreeParameters;
  /** Neighbours to which publications are sent: this node's part of the tree. */
  readonly eager: Set<NodeId>;
  /** Neighbours that are told that there are some. */
  readonly lazy: Set<NodeId>;
  readonly missing: Map<string, Missing>;
  /** What each lazy neighbour is to be told. */
  readonly queued: Map<NodeId, Announcement[]>;
  readonly history: History;
  readonly control: { ihave: number; graft: number; prune: number; optimized: number };
  /** The hops of what was delivered: the most, and their sum. */
  readonly hops: { max: number; sum: number; count: number };
}

/** The state with what every machine has. */
export type State = PlumtreeState & MachineBase;
/** What a step can have done. */
export type Effects = Out<typeof messages, typeof delivers, typeof calls, typeof rules>;
/** What can happen. */
export type Input = MachineInput<typeof messages, typeof calls>;
