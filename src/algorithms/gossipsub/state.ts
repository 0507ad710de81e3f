/** What a node of gossipsub keeps, and what it can do. */

import type { NodeId } from '../../core/id.ts';
import type { MachineBase, MachineInput, Out } from '../../core/machine.ts';
import type { History } from '../dissemination/history.ts';
import type { calls, delivers } from '../dissemination/interface.ts';
import type { Common } from '../dissemination/state.ts';
import type { DeliveryRecords } from './deliveries.ts';
import type { messages } from './messages.ts';
import type { rules } from './rules.ts';
import { scoreOf, type Scores } from './score.ts';
import type { Parameters } from './settings.ts';

/** Peers of a topic that this node publishes in without having joined it. */
export interface Fanout {
  readonly peers: Set<NodeId>;
  lastPublishedAtMs: number;
}

/** Control messages so far, sent ones. */
export interface ControlCounts {
  graft: number;
  prune: number;
  ihave: number;
  iwant: number;
  idontwant: number;
}

/** The state of the machine. */
export interface GossipsubState extends Common {
  readonly parameters: Parameters;
  readonly outbound: ReadonlySet<NodeId>;
  /** By topic that was joined: whom publications go to at once. */
  readonly mesh: Map<string, Set<NodeId>>;
  readonly fanout: Map<string, Fanout>;
  /** By topic: until when whom is not to be grafted. */
  readonly backoff: Map<string, Map<NodeId, number>>;
  readonly history: History;
  readonly scores: Scores;
  readonly records: DeliveryRecords;
  /** IHAVEs of each peer in this heartbeat, and publications that it was asked for. */
  readonly ihaves: Map<NodeId, number>;
  readonly asked: Map<NodeId, number>;
  /** Publications that were asked for: whom, and until when they should come. */
  readonly promises: Map<string, Map<NodeId, number>>;
  /** Publications that peers do not want, with the heartbeat in which they said so. */
  readonly unwanted: Map<NodeId, Map<string, number>>;
  /** IDONTWANTs of each peer in this heartbeat. */
  readonly refusals: Map<NodeId, number>;
  beats: number;
  /** Peers in the largest mesh at the last heartbeat, when those that were too many had gone. */
  largest: number;
  readonly control: ControlCounts;
}

/** The state with what every machine has. */
export type State = GossipsubState & MachineBase;
/** What a step can have done. */
export type Effects = Out<typeof messages, typeof delivers, typeof calls, typeof rules>;
/** What can happen. */
export type Input = MachineInput<typeof messages, typeof calls>;

/** The mesh of a topic; nobody where it was not joined. */
export function meshOf({ mesh }: GossipsubState, topic: string): ReadonlySet<NodeId> {
  return mesh.get(topic) ?? NOBODY;
}

const NOBODY: ReadonlySet<NodeId> = new Set();

/** True when the peer is thought of so well. */
export function isWorth({ scores }: GossipsubState, id: NodeId, threshold: number): boolean {
  return scoreOf(scores, id) >= threshold;
}
