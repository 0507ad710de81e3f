/** The simulation, as its nodes see it. */

import type { Choice } from '../core/choices/choices.ts';
import type { Schedule } from '../core/choices/schedule.ts';
import type { Distribution } from '../core/faults/distribution.ts';
import type { FaultPlan } from '../core/faults/plan.ts';
import type { NodeId } from '../core/id.ts';
import type { Invariant } from '../core/invariant.ts';
import type { LogLevel, Signer } from '../core/ports.ts';
import type { Statement } from '../core/signed.ts';
import type { TraceSink } from '../core/trace.ts';
import type { Chosen } from './chosen.ts';
import type { Envelope } from './envelope.ts';
import type { Firing } from './faults/firings.ts';
import type { Weather } from './faults/weather.ts';
import type { RunPlan } from './plan.ts';
import type { RunStreams } from './run-streams.ts';
import type { SimulatedNode } from './simulated-node.ts';
import type { Turn } from './turn.ts';

/** Milliseconds that a message takes: at least `min`, at most `max`, uniformly. */
export interface Latency {
  readonly min: number;
  readonly max: number;
}

/** How a plan is simulated. */
export interface SimulationOptions {
  readonly plan: RunPlan;
  /** Where the plan's faults have no latency of their own; 1–10 ms unless given. */
  readonly latencyMs?: Latency;
  /** Virtual milliseconds until nodes that have not ended time out, counted from the heal if there is one; 30 000 unless given. */
  readonly timeoutMs?: number;
  /** A service is stopped after this many virtual milliseconds; 10 000 unless given. */
  readonly serviceMs?: number;
  /** Virtual milliseconds before the nodes come up. */
  readonly startupDelayMs?: number;
  /** Real signatures instead of ideal ones: one signer a node, synchronous. */
  readonly signerOf?: (id: NodeId) => Signer;
  readonly trace?: TraceSink;
  readonly log?: (id: NodeId, level: LogLevel, path: string, text: string) => void;
  /** Checked after every turn; the run stops at the first that does not hold. */
  readonly invariants?: readonly Invariant[];
  /** What is not left to the seed. */
  readonly choices?: readonly Choice[];
  /** Who decides which message comes next; latencies unless given. Messages that choices time keep those times. */
  readonly schedule?: Schedule;
  /**
   * From this moment on everything is drawn as in the run of another seed: how long messages take, what befalls them, what nodes draw
   * and liars say. When outages and partitions come stays as it was.
   */
  readonly reseed?: { readonly atMs: number; readonly seed: number };
  /**
   * Hears of everything that chance decided and that a choice can say: what befell messages, crashes, pauses, starts, and the picks of
   * a scheduler. A run with all of these as its choices, without the faults and the schedule that they came from, is the same run.
   * What liars say, how disks fail and clocks run stays with the plan. And messages of the barriers have no names: where a node would
   * start later than in this run, because its barrier takes longer without the faults, no choice hurries it.
   */
  readonly decided?: (choice: Choice) => void;
  /** A run in which more happens never comes to rest, and has failed. */
  readonly eventsMax?: number;
  /** Ends the run between two events. */
  readonly signal?: AbortSignal;
  /**
   * Nodes that are there to ask and to serve the others, and no part of what is put to the test: no fault of the plan is for them, and
   * messages to and from them take this long.
   */
  readonly outsiders?: ReadonlyMap<NodeId, Distribution>;
  /** Hears of every fault that fires. */
  readonly onFault?: (firing: Firing) => void;
  /** Something outside of virtual time that takes part. */
  readonly outside?: Outside;
}

/** Programs outside of this process, say: what they do takes real time, and the simulation waits for it. */
export interface Outside {
  /**
   * Called before each event, and awaited: fulfilled with the time to which the simulation may go, `nextMs` or earlier. Earlier means that
   * something happened outside; {@link takeIn} is called then, at that time.
   */
  advance(nowMs: number, nextMs: number): Promise<number> | number;
  /** Puts what has happened outside into the simulation. */
  takeIn(): void;
}

/** What nodes may know of the simulation, and ask of it. */
export interface SimulatedWorld {
  /** Virtual milliseconds. */
  readonly now: number;
  readonly turn: Turn;
  readonly options: SimulationOptions;
  readonly faults: FaultPlan;
  readonly weather: Weather;
  readonly streams: RunStreams;
  /** Undefined when nothing was chosen. */
  readonly chosen: Chosen | undefined;
  /** Statements that were verified: all nodes hold the same objects. */
  readonly verified: WeakSet<Statement>;
  node(id: NodeId): SimulatedNode;
  /** The second copy of a node. */
  twin(id: NodeId): SimulatedNode | undefined;
  /** Runs code in a turn of a node. */
  at(timeMs: number, node: SimulatedNode, run: () => void): void;
  /** Runs code in a turn of a node, though it stand still: something that is done to it. */
  atOutside(timeMs: number, node: SimulatedNode, run: () => void): void;
  /** Puts a message on its way. */
  deliver(arrivalMs: number, to: SimulatedNode, from: NodeId, envelope: Envelope): void;
  /** The run does not wait for this node any more. */
  nodeEnded(node: SimulatedNode): void;
}
