/** What a node of Kademlia keeps. */

import type { MachineBase, MachineInput, Out } from '../../core/machine.ts';
import type { NodeId } from '../../core/id.ts';
import type { Roster } from '../roster.ts';
import type { calls } from './calls.ts';
import type { Lookup, LookupRules } from './lookup.ts';
import type { messages } from './messages.ts';
import type { Position } from './positions.ts';
import type { RoutingTable } from './routing-table.ts';
import type { rules } from './rules.ts';

/** The settings of one node, times in milliseconds. */
export interface Parameters extends LookupRules {
  readonly timeoutMs: number;
  readonly refreshMs: number;
  readonly republishMs: number;
  readonly expireMs: number;
  readonly roomRefreshMs: number;
  readonly bootnodes: readonly NodeId[] | undefined;
  readonly puts: Readonly<Record<string, string>>;
  readonly provides: readonly string[];
  readonly gets: readonly string[];
}

/** Why a lookup was begun, and so what is done with its end. */
export type Purpose =
  | { readonly kind: 'join' | 'refresh' }
  | { readonly kind: 'find_node'; readonly ticket: number }
  | { readonly kind: 'put'; readonly key: string; readonly value: string; readonly ticket: number }
  | {
      readonly kind: 'provide';
      readonly key: string;
      readonly ticket: number;
      /** For how long the record is to be kept; as long as its keeper keeps any, unless given. */
      readonly lifetimeMs?: number;
    }
  /** Who is in a room that this node is in. */
  | { readonly kind: 'room'; readonly key: string; readonly room: string }
  /** Ticket 0 for what the settings ask for. */
  | { readonly kind: 'get' | 'providers'; readonly key: string; readonly ticket: number };

/** A lookup with its purpose. */
export interface Search extends Lookup<NodeId> {
  readonly purpose: Purpose;
  /** What was found on the way, of `providers` and `room`. */
  readonly found: Set<NodeId>;
  /** Who answered that it has no such value. */
  readonly without: Set<NodeId>;
}

/** A record that others gave this node to keep. */
export interface Kept {
  value: string;
  /** By this node's clock. */
  untilMs: number;
}

/** The state of the machine. */
export interface KademliaState {
  readonly roster: Roster;
  readonly parameters: Parameters;
  /** Of all nodes of the run. */
  readonly places: ReadonlyMap<NodeId, Position>;
  readonly table: RoutingTable<NodeId>;
  readonly searches: Map<number, Search>;
  /** Which search a question belongs to, by its ticket. */
  readonly questions: Map<number, number>;
  readonly values: Map<string, Kept>;
  readonly providers: Map<string, Map<NodeId, number>>;
  /** What this node put there itself, to be put there again. */
  readonly published: Map<string, string>;
  readonly provided: Set<string>;
  /** The rooms that this node is in, and who else was found there last. */
  readonly rooms: Map<string, readonly NodeId[]>;
  /** What the settings asked for, and was found. */
  readonly got: Map<string, string | null>;
  lookups: number;
  asked: number;
  unanswered: number;
  /** The longest way to one of the closest so far. */
  depth_max: number;
}

/** The state as a step has it. */
export type State = KademliaState & MachineBase;
/** What a step may do. */
export type Effects = Out<typeof messages, {}, typeof calls, typeof rules>;
/** What may happen. */
export type Input = MachineInput<typeof messages, typeof calls>;

/** This node's name. */
export function selfOf({ roster }: KademliaState): NodeId {
  return roster.names[roster.self]!;
}
