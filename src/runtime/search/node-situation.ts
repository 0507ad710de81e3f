/** Where one node stands: everything that decides what it will do, and nothing else. Immutable and shared by all situations of the whole. */

import type { NodeView } from '../../core/invariant.ts';
import type { Effect, MachineBase } from '../../core/machine.ts';
import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';
import type { Choice } from './choice.ts';
import type { Bits } from './fingerprints.ts';
import type { InFlight } from './in-flight.ts';

/** A machine's state. */
export type MachineState = object & MachineBase;

/** A request of the node that has no answer yet. */
export interface OpenCall {
  readonly to: NodeId;
  readonly type: string;
  /** It does not wait for ever. */
  readonly canTimeOut: boolean;
}

/** A write that will be durable some time. */
export type Write = Extract<Effect, { kind: 'write' }>;

/** What decides a node's future. */
export interface Standing {
  /** `failed`: its machine threw. */
  readonly life: 'up' | 'down' | 'failed';
  /** It called `terminate`; it goes on answering. */
  readonly isFinished: boolean;
  /** Undefined while the node is down. Nobody changes it. */
  readonly state: MachineState | undefined;
  /** Timers that are set, each with the time at which it is due by the node's own clock. */
  readonly timers: ReadonlyMap<string, number>;
  /** By the number that the machine gave them. */
  readonly calls: ReadonlyMap<number, OpenCall>;
  /** Requests of others that it has not answered. */
  readonly asked: ReadonlySet<number>;
  /** Effects that wait until a `put` is durable: the first is that `put`. Meanwhile the node takes nothing. */
  readonly waiting: readonly Effect[];
  /** Writes under way for which nothing waits, in their order. */
  readonly writes: readonly Write[];
  readonly disk: ReadonlyMap<string, Value>;
  /** Milliseconds: time passes when a timer fires. No part of what makes two situations different. */
  readonly clockMs: number;
  /** Restarts so far. No part of it either. */
  readonly incarnation: number;
  /** What invariants see of the node. */
  readonly view: NodeView;
}

/** What comes of a step of one node. */
export interface Outcome {
  readonly next: NodeSituation;
  readonly sent: readonly InFlight[];
  /** For each of these, which of the step's messages it is, from 1: what is sent to all is one. */
  readonly sentAs: readonly number[];
  /** Names of timers that it set, in that order. */
  readonly timersSet: readonly string[];
  /** Nothing changed and nothing was sent. */
  readonly isIdle: boolean;
  /** What the machine threw. */
  readonly problem?: string;
  /** What the machine logged and delivered. */
  readonly notes: readonly string[];
}

/** A choice that concerns one node alone, and what comes of it. */
export interface OwnStep {
  readonly choice: Choice;
  readonly outcome: Outcome;
}

/** A standing with its number, and what was found out about its future. */
export interface NodeSituation extends Standing {
  readonly number: number;
  /** What it adds to a fingerprint. */
  readonly bits: Bits;
  /** By number of the message. */
  readonly received: Map<number, Outcome>;
  /** Filled when they are asked for. */
  ownSteps: readonly OwnStep[] | undefined;
  crashes: readonly OwnStep[] | undefined;
  restart: OwnStep | undefined;
}
