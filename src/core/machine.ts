/**
 * Machine: an algorithm as a pure, synchronous function from inputs to effects.
 *
 * `step` changes the state in place and says what is to be done; time comes with the input, the random stream is part of the
 * state. So a state can be forked and hashed, and exhaustive search can reach every one. One driver (`driven`, in
 * `machine-driver.ts`) runs any Machine as an Algorithm.
 */

import {
  checkNames,
  type Cast,
  type Input,
  type MessageRecord,
  type Output,
  type ReplyInput,
  type ReplyOutput,
  type Request,
} from './message.ts';
import type { NodeId } from './id.ts';
import type { LogLevel } from './ports.ts';
import { Random } from './random.ts';
import type { Rules } from './rules.ts';
import type { Fields, FieldsOutput } from './schema.ts';
import type { Signed, SignedSchema } from './signed.ts';
import { signedValue } from './signed.ts';
import { encodeCanonical } from './canonical.ts';
import { forkState, hashable } from './machine-state.ts';
import { toValue, type Value, type ValueMap } from './value.ts';
import type { SettingsCheck } from './settings-check.ts';

/** What a machine knows of its place from the beginning. */
export interface MachineSeat<S extends Fields> {
  readonly id: NodeId;
  /** All nodes, this one included, in the order of the configuration. */
  readonly nodes: readonly NodeId[];
  /** The nodes that it can send to. */
  readonly neighbours: readonly NodeId[];
  readonly settings: FieldsOutput<S>;
}

/** What can happen to a machine. */
export type MachineInput<M extends MessageRecord, K extends MessageRecord> = {
  readonly now: number;
} & (
  | {
      readonly kind: 'start';
      readonly restarted: boolean;
      readonly stored: ReadonlyMap<string, Value>;
      /** Keys of what is stored and cannot be read, for a machine that withstands damage: what it had promised it may not remember. */
      readonly damaged?: readonly string[];
    }
  | MessageInput<M>
  | ReplyArrival<M>
  | { readonly kind: 'timer'; readonly name: string }
  /** The write with this ticket, and every one before it, would survive a crash. */
  | { readonly kind: 'written'; readonly ticket: number }
  | CallInput<K>
);

type MessageInput<M extends MessageRecord> = {
  [T in keyof M & string]: {
    readonly kind: 'message';
    readonly type: T;
    readonly from: NodeId;
    readonly message: Output<M[T]>;
    /** Answer it with `out.answer(input.ticket, …)`; 0 for a cast. */
    readonly ticket: number;
  };
}[keyof M & string];

type ReplyArrival<M extends MessageRecord> = {
  [T in keyof M & string]: M[T] extends Request
    ? {
        readonly kind: 'reply';
        readonly type: T;
        readonly from: NodeId;
        /** The number that `out.request` returned. */
        readonly ticket: number;
        /** Absent when the request failed. */
        readonly reply?: ReplyOutput<M[T]>;
        /** Name of the error when it failed: RequestTimeout, PeerGone, RemoteError. */
        readonly error?: string;
      }
    : never;
}[keyof M & string];

type CallInput<K extends MessageRecord> = {
  [T in keyof K & string]: {
    readonly kind: 'call';
    readonly type: T;
    readonly message: Output<K[T]>;
    readonly ticket: number;
  };
}[keyof K & string];

/** What a machine wants done, in order. */
export type Effect =
  | { readonly kind: 'send'; readonly to: NodeId; readonly type: string; readonly message: unknown }
  | {
      readonly kind: 'request';
      readonly to: NodeId;
      readonly type: string;
      readonly message: unknown;
      readonly ticket: number;
      readonly timeoutMs: number | undefined;
    }
  | { readonly kind: 'toAll'; readonly type: string; readonly message: unknown }
  | { readonly kind: 'answer'; readonly ticket: number; readonly reply: unknown }
  | { readonly kind: 'refuse'; readonly ticket: number; readonly reason: string }
  | { readonly kind: 'timer'; readonly name: string; readonly delayMs: number }
  | { readonly kind: 'cancel'; readonly name: string }
  | { readonly kind: 'put'; readonly entries: Readonly<Record<string, unknown>> }
  | {
      readonly kind: 'write';
      readonly entries: Readonly<Record<string, unknown>>;
      readonly ticket: number;
    }
  | { readonly kind: 'deliver'; readonly type: string; readonly message: unknown }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly text: string }
  | { readonly kind: 'terminate' };

type OfKind<M extends MessageRecord, K> = {
  [T in keyof M]: M[T] extends K ? T : never;
}[keyof M] &
  string;

/** Collects the effects of one step; the effects that follow a `put` wait until it is durable. */
export interface Out<
  M extends MessageRecord,
  D extends MessageRecord,
  K extends MessageRecord,
  R extends Rules = {},
> {
  /** The rules in force: the machine's own, unless the run is to show what a bug does. */
  readonly rules: R;
  send<T extends OfKind<M, Cast>>(to: NodeId, type: T, message: Input<M[T]>): void;
  /** Returns the ticket that the reply bears. */
  request<T extends OfKind<M, Request>>(
    to: NodeId,
    type: T,
    message: Input<M[T]>,
    timeoutMs?: number,
  ): number;
  /** To every neighbour. */
  toAll<T extends OfKind<M, Cast>>(type: T, message: Input<M[T]>): void;
  /** Answers a request of a peer or a call from above, now or in a later step. */
  answer<T extends OfKind<M & K, Request>>(
    ticket: number,
    type: T,
    reply: ReplyInput<(M & K)[T]>,
  ): void;
  /** Answers it with an error. */
  refuse(ticket: number, reason: string): void;
  /** Sets the timer of this name anew. */
  timer(name: string, delayMs: number): void;
  cancel(name: string): void;
  /** Stores all entries or none of them; undefined removes one. */
  put(entries: Readonly<Record<string, unknown>>): void;
  /**
   * As `put`, but nothing waits: what follows is done meanwhile, and the input `written` bears the ticket that is returned when the
   * entries are durable. Writes become durable in their order. What must not leave before is the machine's to hold back.
   */
  write(entries: Readonly<Record<string, unknown>>): number;
  deliver<T extends keyof D & string>(type: T, message: Input<D[T]>): void;
  sign<F extends Fields>(schema: SignedSchema<F>, fields: FieldsOutput<F>): Signed<FieldsOutput<F>>;
  log(level: LogLevel, text: string): void;
  terminate(): void;
}

/** What the author of a machine writes. */
export interface MachineDefinition<
  State extends object,
  M extends MessageRecord,
  S extends Fields,
  D extends MessageRecord,
  K extends MessageRecord,
  R extends Rules = {},
> {
  readonly messages: M;
  readonly settings?: S;
  /** See `checkSettings` of an Algorithm. */
  readonly checkSettings?: SettingsCheck<S>;
  readonly delivers?: D;
  /** What the layer above, or a program around it, may ask of it. */
  readonly calls?: K;
  /** Its decisions by name, at hand as `out.rules`: what a bug of the chapter may replace. */
  readonly rules?: R;
  readonly service?: boolean;
  /** It can begin with a damaged store (`damaged` of its first input); otherwise its node fails. */
  readonly withstandsDamage?: boolean;
  /** Fields of the state that two equal situations may differ in (deadlines, statistics); the hash leaves them out. */
  readonly transient?: readonly (keyof State & string)[];
  /** What the hash covers, where leaving out fields is not enough (running numbers, say); all but the transient fields unless given. */
  essence?(state: State): object;
  /** The state before anything happened. */
  init(seat: MachineSeat<S>, rules: R): State;
  /** What `input` does to `state` and to the world. Synchronous; reads nothing but its arguments. */
  step(state: State & MachineBase, input: MachineInput<M, K>, out: Out<M, D, K, R>): void;
  /** The same for inputs that came together; one after the other unless given. For machines whose consequences are cheaper once than often. */
  stepAll?(
    state: State & MachineBase,
    inputs: readonly MachineInput<M, K>[],
    out: Out<M, D, K, R>,
  ): void;
  /** What the inspector shows and invariants read; the whole state unless given. */
  visible?(state: State): object;
  /** To whom it wants links: see `links` of an Algorithm. */
  readonly links?: (state: State & MachineBase) => readonly NodeId[];
  /** What the node found out. */
  report?(state: State): object;
}

/** What every machine's state has besides its own fields. */
export interface MachineBase {
  /** The machine's random stream: part of the state, so that a fork draws the same. */
  readonly random: Random;
  /** Tickets of requests sent and writes begun so far. */
  tickets: number;
}

/** A machine, ready to be stepped by a driver or by a search. */
export interface Machine<
  State extends object = any,
  M extends MessageRecord = any,
  S extends Fields = any,
  D extends MessageRecord = any,
  K extends MessageRecord = any,
  R extends Rules = any,
> {
  readonly name: string;
  readonly messages: M;
  readonly settings: S;
  readonly checkSettings?: SettingsCheck<S>;
  readonly delivers: D;
  readonly calls: K;
  readonly rules: R;
  readonly service: boolean;
  readonly withstandsDamage: boolean;
  init(seat: MachineSeat<S>, random: Random): State & MachineBase;
  step(
    state: State & MachineBase,
    input: MachineInput<M, K>,
    seat: { readonly path: string; readonly id: NodeId },
  ): readonly Effect[];
  /** Takes several inputs that came together, of the same time. */
  stepAll(
    state: State & MachineBase,
    inputs: readonly MachineInput<M, K>[],
    seat: { readonly path: string; readonly id: NodeId },
  ): readonly Effect[];
  /** A deep copy that goes its own way. */
  fork(state: State & MachineBase): State & MachineBase;
  /** Canonical bytes of everything that matters: equal for equal situations. */
  hash(state: State & MachineBase): Uint8Array;
  /** What {@link visible} shows, not copied yet: for whoever looks after every turn, and keeps it only when it has changed. */
  shown(state: State & MachineBase): object;
  visible(state: State & MachineBase): ValueMap;
  report(state: State & MachineBase): ValueMap;
  /** To whom it wants links; absent where it wants them to all of its neighbours. */
  readonly links?: (state: State & MachineBase) => readonly NodeId[];
  /** The same machine with other functions in the place of some of its rules. */
  withRules(replaced: Partial<R>): Machine<State, M, S, D, K, R>;
}

/** Declares a machine. */
export function defineMachine<
  State extends object,
  M extends MessageRecord,
  S extends Fields = {},
  D extends MessageRecord = {},
  K extends MessageRecord = {},
  R extends Rules = {},
>(
  name: string,
  definition: MachineDefinition<State, M, S, D, K, R>,
): Machine<State, M, S, D, K, R> {
  checkNames(name, 'call', Object.keys(definition.calls ?? {}));
  const rules = (definition.rules ?? {}) as R;
  const hidden = new Set<string>(['random', 'tickets', ...(definition.transient ?? [])]);
  const whole = (state: object): ValueMap => toValue(hashable(state, hidden)) as ValueMap;
  const shown = (state: State): object =>
    definition.visible === undefined ? hashable(state, hidden) : definition.visible(state);
  type Collected = Out<M, D, K, R>;
  type Seat = { readonly path: string; readonly id: NodeId };
  const collect = (state: MachineBase, seat: Seat, act: (out: Collected) => void): Effect[] => {
    const effects: Effect[] = [];
    act(new Collector(effects, state, seat, rules) as unknown as Collected);
    return effects;
  };
  return {
    name,
    messages: definition.messages,
    settings: (definition.settings ?? {}) as S,
    ...(definition.checkSettings === undefined ? {} : { checkSettings: definition.checkSettings }),
    delivers: (definition.delivers ?? {}) as D,
    calls: (definition.calls ?? {}) as K,
    rules,
    service: definition.service ?? false,
    withstandsDamage: definition.withstandsDamage ?? false,
    init: (seat, random) => ({ ...definition.init(seat, rules), random, tickets: 0 }),
    step: (state, input, seat) => collect(state, seat, (out) => definition.step(state, input, out)),
    stepAll: (state, inputs, seat) =>
      collect(state, seat, (out) => {
        if (definition.stepAll !== undefined) definition.stepAll(state, inputs, out);
        else for (const input of inputs) definition.step(state, input, out);
      }),
    fork: forkState,
    hash: (state) =>
      encodeCanonical(whole(definition.essence === undefined ? state : definition.essence(state))),
    shown,
    visible: (state) => toValue(shown(state)) as ValueMap,
    report: (state) => toValue(definition.report?.(state) ?? {}) as ValueMap,
    ...(definition.links === undefined ? {} : { links: definition.links }),
    withRules: (replaced) =>
      defineMachine(name, { ...definition, rules: { ...rules, ...replaced } }),
  };
}

class Collector {
  readonly #effects: Effect[];
  readonly #base: MachineBase;
  readonly #seat: { readonly path: string; readonly id: NodeId };
  readonly rules: Rules;

  constructor(
    effects: Effect[],
    base: MachineBase,
    seat: { readonly path: string; readonly id: NodeId },
    rules: Rules,
  ) {
    this.#effects = effects;
    this.#base = base;
    this.#seat = seat;
    this.rules = rules;
  }

  send(to: NodeId, type: string, message: unknown): void {
    this.#effects.push({ kind: 'send', to, type, message });
  }

  request(to: NodeId, type: string, message: unknown, timeoutMs?: number): number {
    const ticket = ++this.#base.tickets;
    this.#effects.push({ kind: 'request', to, type, message, ticket, timeoutMs });
    return ticket;
  }

  toAll(type: string, message: unknown): void {
    this.#effects.push({ kind: 'toAll', type, message });
  }

  answer(ticket: number, _type: string, reply: unknown): void {
    this.#effects.push({ kind: 'answer', ticket, reply });
  }

  refuse(ticket: number, reason: string): void {
    this.#effects.push({ kind: 'refuse', ticket, reason });
  }

  timer(name: string, delayMs: number): void {
    this.#effects.push({ kind: 'timer', name, delayMs });
  }

  cancel(name: string): void {
    this.#effects.push({ kind: 'cancel', name });
  }

  put(entries: Readonly<Record<string, unknown>>): void {
    this.#effects.push({ kind: 'put', entries });
  }

  write(entries: Readonly<Record<string, unknown>>): number {
    const ticket = ++this.#base.tickets;
    this.#effects.push({ kind: 'write', entries, ticket });
    return ticket;
  }

  deliver(type: string, message: unknown): void {
    this.#effects.push({ kind: 'deliver', type, message });
  }

  sign(schema: SignedSchema, fields: object): unknown {
    return signedValue({
      type: schema.signedType,
      path: this.#seat.path,
      signer: this.#seat.id,
      fields: toValue(fields) as ValueMap,
      signature: undefined,
    });
  }

  log(level: LogLevel, text: string): void {
    this.#effects.push({ kind: 'log', level, text });
  }

  terminate(): void {
    this.#effects.push({ kind: 'terminate' });
  }
}
