/** The state of a node: what is durable, what every node knows, what a leader knows. */

import type { NodeId } from '../../core/id.ts';
import type { MachineBase, MachineSeat } from '../../core/machine.ts';
import type { Value } from '../../core/value.ts';
import { configurationOf, type Change, type Configuration } from './configuration.ts';
import { Log } from './log.ts';
import type { Memory } from './memory.ts';
import type { Progress } from './progress.ts';
import type { SessionTable } from './sessions.ts';
import {
  sharedSettings,
  type ClusterSettings,
  type Order,
  type RaftSettings,
  type settings,
} from './settings.ts';
import type { StateMachine } from './state-machine.ts';
import type { Workload } from './workload.ts';

/** What a node does (section 3.3); a `pre-candidate` asks whether it could win (section 9.6). */
export type Role = 'follower' | 'pre-candidate' | 'candidate' | 'leader';

/** A message that promises something, until that is durable. */
export interface Promised {
  readonly to: NodeId;
  readonly type: string;
  readonly message: object;
}

/** Promises that wait for a write. */
export interface Held {
  readonly ticket: number;
  readonly promises: readonly Promised[];
}

/** The state machine at one place of the log, encoded. */
export interface Snapshot {
  readonly index: number;
  readonly term: number;
  readonly chain: number;
  readonly configuration: Configuration;
  readonly bytes: Uint8Array;
  readonly checksum: number;
}

/** A snapshot that is coming in. */
export interface Incoming {
  readonly index: number;
  readonly checksum: number;
  readonly bytes: Uint8Array;
  received: number;
}

/** Whoever waits for an answer: somebody here, or a node that passed a command on. */
export type Asker = { readonly ticket: number } | { readonly from: NodeId; readonly id: number };

/** A command that waits to be applied. */
export interface Waiting {
  readonly term: number;
  readonly asker: Asker;
}

/** A read that waits for its leader to be confirmed, then for its index to be applied. */
export interface Reading {
  readonly asker: Asker;
  /** Null when a follower asks: it answers itself. */
  readonly query: { readonly of: Value } | null;
  index: number;
  /** The round that confirms it. */
  readonly round: number;
}

/** Something that was passed on to the leader. */
export interface PassedOn {
  readonly ticket: number;
  readonly deadlineMs: number;
  /** For a read. */
  readonly query: { readonly of: Value } | null;
}

/** Leadership that is being handed over. */
export interface Transfer {
  readonly to: NodeId;
  readonly deadlineMs: number;
  readonly asker: Asker | null;
  isAsked: boolean;
}

/** A server that catches up before it votes (section 4.2.1). */
export interface Promotion {
  readonly changes: readonly Change[];
  readonly joint: boolean;
  readonly asker: Asker;
  readonly nodes: readonly NodeId[];
  round: number;
  /** The round ends when they have this. */
  target: number;
  startedAtMs: number;
}

/** What only a leader knows; begun anew with each term. */
export interface Leadership {
  readonly peers: Map<NodeId, Progress>;
  /** Rounds of questions begun so far, and when. */
  round: number;
  readonly rounds: Map<number, number>;
  /** Commands by index. */
  readonly waiting: Map<number, Waiting>;
  reads: Reading[];
  transfer: Transfer | null;
  /** It has asked another to stand for election in this term. */
  hasHandedOver: boolean;
  promotion: Promotion | null;
  /** Bytes of entries that are not committed. */
  uncommittedBytes: number;
  heartbeatDueMs: number;
  /** The last own entry that the disk was asked about. */
  ownAsked: number;
}

/** Why a node takes part no more. */
export interface Broken {
  readonly why: 'state machine';
  readonly detail: string;
}

/** The state of the machine. */
export interface RaftState {
  readonly me: NodeId;
  readonly nodes: readonly NodeId[];
  readonly neighbours: ReadonlySet<NodeId>;
  readonly own: Readonly<RaftSettings>;
  /** Shared settings, as the log has them. */
  settings: ClusterSettings;

  // Durable.
  term: number;
  vote: NodeId | null;
  readonly log: Log;
  snapshot: Snapshot | null;
  broken: Broken | null;
  /** What it knows of its own past. */
  memory: Memory;

  /** As of this entry nobody counts on what it has forgotten. */
  forgottenAt: number | null;
  /** Its disk has been read. */
  hasStarted: boolean;

  // Every node.
  role: Role;
  leader: NodeId | null;
  commit: number;
  applied: number;
  readonly machine: StateMachine;
  readonly sessions: SessionTable;
  /** Configurations in the log, the oldest that may still count first. */
  configurations: { readonly index: number; readonly configuration: Configuration }[];
  held: Held[];
  incoming: Incoming | null;
  passedOn: Map<number, PassedOn>;
  passedOnCount: number;
  /** Reads of this node that know their index. */
  reads: {
    readonly ticket: number;
    readonly query: { readonly of: Value };
    readonly index: number;
  }[];

  // Candidates.
  votes: Map<NodeId, boolean>;
  isTransfer: boolean;

  // Leaders.
  lead: Leadership | null;
  /** Terms in which this node was elected, since it was started: for the invariants. */
  elected: number[];

  // Time.
  nowMs: number;
  electionDueMs: number;
  /** The election timer is set to go off then. */
  alarmMs: number;
  leaderHeardAtMs: number;
  /** How evenly heartbeats come: mean and mean deviation of the time between them. */
  pace: { meanMs: number; deviationMs: number };

  readonly workload: Workload;
  /** What is still asked of this node, the earliest first. */
  orders: Order[];
}

/** With what every machine has. */
export type State = RaftState & MachineBase;

/** The configuration that counts. */
export function configurationIn(state: RaftState): Configuration {
  return state.configurations.at(-1)!.configuration;
}

/** Before anything has happened. @throws {RangeError} when the settings cannot be */
export function initialState(
  seat: MachineSeat<typeof settings>,
  parts: Pick<RaftState, 'machine' | 'sessions' | 'workload'>,
): RaftState {
  const { id, nodes, neighbours, settings: own } = seat;
  const { learners, witnesses } = own;
  const voters = own.voters ?? nodes.filter((node) => !learners.includes(node));
  for (const name of [...voters, ...learners, ...witnesses]) {
    if (!nodes.includes(name)) throw new RangeError(`${name} is a member, but no node of the run`);
  }
  const configuration = configurationOf([...voters, ...witnesses], { learners, witnesses });
  const shared = sharedSettings(own);
  return {
    me: id,
    nodes: [...nodes],
    neighbours: new Set(neighbours),
    own: Object.freeze(own),
    settings: shared,
    term: 0,
    vote: null,
    log: new Log(),
    snapshot: null,
    broken: null,
    memory: 'whole',
    forgottenAt: null,
    hasStarted: false,
    role: 'follower',
    leader: null,
    commit: 0,
    applied: 0,
    ...parts,
    configurations: [{ index: 0, configuration }],
    held: [],
    incoming: null,
    passedOn: new Map(),
    passedOnCount: 0,
    reads: [],
    votes: new Map(),
    isTransfer: false,
    lead: null,
    elected: [],
    nowMs: 0,
    electionDueMs: 0,
    alarmMs: Infinity,
    leaderHeardAtMs: -Infinity,
    pace: { meanMs: shared.heartbeat_interval, deviationMs: 0 },
    orders: [],
  };
}
