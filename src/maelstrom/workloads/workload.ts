/** Workloads: what clients ask of the nodes, and how their answers are written down for the judges of `src/check`. */

import type { NodeId } from '../../core/id.ts';
import type { Random } from '../../core/random.ts';
import { isMap } from '../../check/text.ts';
import type { Value, ValueMap } from '../../core/value.ts';
import { answerField, RpcError, type Client } from '../client.ts';
import type { Body } from '../message.ts';
import type { Topology } from '../topology.ts';

/** An operation that a client shall carry out. */
export interface Operation {
  readonly f: string;
  readonly value: Value;
}

/** What it came to: `ok` with what is written down for it, `fail` it did not happen, `info` nobody knows. */
export interface Completion {
  readonly type: 'ok' | 'fail' | 'info';
  readonly value?: Value;
  /** Why not. */
  readonly error?: string;
}

/** What a workload knows of the run. */
export interface WorkloadWorld {
  readonly nodes: readonly NodeId[];
  readonly topology: Topology;
  readonly random: Random;
  /** How many clients there are at a time. */
  readonly concurrency: number;
  readonly options: WorkloadSettings;
}

/** Settings of workloads; `undefined` means each workload's own. */
export interface WorkloadSettings {
  readonly maxTxnLength: number;
  readonly maxWritesPerKey: number;
  readonly keyCount: number | undefined;
}

/** Who asks: one client at one node. It lives until an operation of its own has no answer. */
export interface Session {
  perform(operation: Operation): Promise<Completion>;
}

/** The load of one run. */
export interface Load {
  /** What the client in this place does next; undefined for nothing now. */
  next(place: number): Operation | undefined;
  /** What it does when everything has been healed; undefined when it has done it all. */
  final?(place: number, last: Completion | undefined): Operation | undefined;
  /** Its last operation has no answer: another process takes its place. */
  lost?(place: number): void;
}

/** A workload. */
export interface Workload {
  readonly name: string;
  /** For people. */
  readonly summary: string;
  /** Asked of each node before the load begins. */
  readonly setup?: (world: WorkloadWorld) => readonly [type: string, fields: ValueMap];
  /** Milliseconds that a client waits, given the mean latency. */
  timeoutMs(latencyMs: number): number;
  load(world: WorkloadWorld): Load;
  session(asker: Asker, world: WorkloadWorld): Session;
}

/** What Maelstrom's clients wait unless their workload says otherwise. */
export const usualTimeoutMs = (): number => 5000;

/** Asks one node in the name of one client. */
export class Asker {
  readonly client: Client;
  readonly node: NodeId;
  readonly #timeoutMs: number;

  constructor(client: Client, node: NodeId, timeoutMs: number) {
    this.client = client;
    this.node = node;
    this.#timeoutMs = timeoutMs;
  }

  /** The answer's body. @throws see {@link Client.call} */
  ask(type: string, fields: ValueMap = {}): Promise<Body> {
    return this.client.call(this.node, type, fields, this.#timeoutMs);
  }

  /** Asks, and takes one field of the answer. */
  async field<T extends Value>(
    type: string,
    fields: ValueMap,
    field: string,
    kind: readonly [isRight: (value: Value) => value is T, what: string],
  ): Promise<T> {
    return answerField(this.node, type, await this.ask(type, fields), field, kind);
  }
}

/** A session without a memory: each operation by itself. */
export function plainSession(perform: (operation: Operation) => Promise<Value>): Session {
  return { perform: (operation) => completed(operation, () => perform(operation)) };
}

/** Carries an operation out; an error of the node, or silence, says what became of it. A read that failed has done nothing. */
export async function completed(
  { f }: Operation,
  perform: () => Promise<Value>,
): Promise<Completion> {
  try {
    return { type: 'ok', value: await perform() };
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return { type: error.isDefinite || f === 'read' ? 'fail' : 'info', error: error.message };
  }
}

/** A list; languages that have no empty list write null. */
export const LIST = [
  (value: Value): value is readonly Value[] | null => value === null || Array.isArray(value),
  'a list',
] as const;

/** A whole number. */
export const INTEGER = [
  (value: Value): value is number => Number.isSafeInteger(value),
  'a whole number',
] as const;

/** A map; languages that have no empty map write null. */
export const MAP = [
  (value: Value): value is ValueMap | null => value === null || isMap(value),
  'a map',
] as const;

/** Anything. */
export const ANYTHING = [(value: Value): value is Value => value !== undefined, 'there'] as const;
