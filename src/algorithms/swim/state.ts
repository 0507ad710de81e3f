/** What a node of SWIM keeps, and the words that its parts share. */

import type { MachineBase, MachineInput, Out } from '../../core/machine.ts';
import type { NodeId } from '../../core/id.ts';
import type { detections, detectorCalls, Verdict } from '../failure-detector.ts';
import type { Roster } from '../roster.ts';
import type { messages, Status } from './messages.ts';
import type { NewsDesk } from './news-desk.ts';
import type { ProbeOrder } from './probe-order.ts';
import type { rules, Standing } from './rules.ts';

/** The settings of one node, times in milliseconds. */
export interface Parameters {
  readonly probeMs: number;
  readonly timeoutMs: number;
  readonly indirect: number;
  readonly suspicion: { readonly mult: number; readonly maxMult: number };
  readonly retransmitMult: number;
  /** 0 for none between probes. */
  readonly gossipMs: number;
  readonly gossipNodes: number;
  /** 0 for none. */
  readonly syncMs: number;
  readonly healthMax: number;
  readonly piggyback: number;
  readonly bootnodes: readonly NodeId[] | undefined;
}

/** The probe of this period. */
export interface Probe {
  readonly target: NodeId;
  readonly ticket: number;
  answered: boolean;
  /** Tickets of the questions to others. */
  readonly asked: number[];
  /** How many of them said anything, yes or no. */
  heardBack: number;
}

/** The state of the machine. */
export interface SwimState {
  readonly roster: Roster;
  readonly parameters: Parameters;
  /** Whom this node speaks to: those that it can, until the layer above names fewer. */
  watched: Set<NodeId>;
  /** It has begun, and knows which life it is in. */
  awake: boolean;
  /** Counted up with each life, and each time the node contradicts what is said of it. */
  incarnation: number;
  /** It has said goodbye. */
  left: boolean;
  /** Lifeguard's local health: 0 is well, each point makes the node more patient with others. */
  health: number;
  readonly members: Map<NodeId, Standing>;
  /** Who shares the suspicion of a node that is suspected. */
  readonly accusers: Map<NodeId, NodeId[]>;
  /** Since when, by this node's clock. */
  readonly suspectedSince: Map<NodeId, number>;
  readonly order: ProbeOrder<NodeId>;
  readonly desk: NewsDesk;
  probe: Probe | null;
  /** Pings sent for others, by their tickets: the ticket of whoever asked. */
  readonly relayed: Map<number, number>;
  probes: number;
  /** Probes that nobody answered, directly or through another. */
  unanswered: number;
  refutations: number;
  /** Nodes that this one declared dead, because nobody took back the suspicion. */
  declared: number;
}

/** The state as a step has it. */
export type State = SwimState & MachineBase;
/** What a step may do. */
export type Effects = Out<typeof messages, typeof detections, typeof detectorCalls, typeof rules>;
/** What may happen. */
export type Input = MachineInput<typeof messages, typeof detectorCalls>;

/** This node's name. */
export function selfOf({ roster }: SwimState): NodeId {
  return roster.names[roster.self]!;
}

/** What a status means for the layer above. */
export function verdictOf(status: Status): Verdict {
  return status === 'left' ? 'dead' : status;
}

/** Whether a node is held for one that may answer. */
export function isPresent(standing: Standing | undefined): boolean {
  return standing?.status === 'alive' || standing?.status === 'suspect';
}

/** How many there are, as far as this node knows, itself included. */
export function groupSize({ members }: SwimState): number {
  let count = 1;
  for (const standing of members.values()) if (isPresent(standing)) count++;
  return count;
}

/** At most `count` of those that are watched and `fit`, at random. */
export function someOf(
  state: State,
  count: number,
  fits: (standing: Standing, id: NodeId) => boolean,
): NodeId[] {
  const { members, watched, random } = state;
  const all = [...members].filter(([id, standing]) => watched.has(id) && fits(standing, id));
  return random
    .shuffled(all)
    .slice(0, count)
    .map(([id]) => id);
}
