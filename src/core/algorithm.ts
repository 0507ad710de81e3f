/**
 * The programming model: an algorithm is a class over a record of message schemas.
 *
 * ```ts
 * const messages = { ping: request({ sequence: v.number() }, v.string()) };
 *
 * export class Ping extends defineAlgorithm('ping', { messages, settings: { initiator: v.boolean() } }) {
 *   async onStart() {
 *     if (this.settings.initiator) this.log.info(await this.peer('n2').ping({ sequence: 0 }));
 *   }
 *   handlers = this.on({ ping: (src, { sequence }) => `${src} sent ${sequence}` });
 * }
 * ```
 *
 * The file runs after type stripping alone: no decorators, nothing generated. A missing or misspelt handler, a wrong field, an
 * unknown message do not compile; at run time an undeclared message does not exist.
 */

import type { NodeContext } from './context.ts';
import { Misuse } from './errors.ts';
import type { NodeId } from './id.ts';
import {
  checkNames,
  type Broadcasts,
  type Calls,
  type Handlers,
  type MessageRecord,
  type Output,
  type Peer,
  type ReplyInput,
} from './message.ts';
import type { Logger, Store, Timer } from './ports.ts';
import type { Random } from './random.ts';
import type { Rules } from './rules.ts';
import { parse, type Fields, type FieldsInput, type FieldsOutput, type Schema } from './schema.ts';
import type { Signed, SignedSchema } from './signed.ts';
import type { SettingsCheck } from './settings-check.ts';

/** Algorithms under an algorithm, by the name of the field and of the nested block in the configuration. */
export type ChildRecord = { readonly [name: string]: ChildClass };

/** A finished algorithm class, as it stands in a `children` record. */
export type ChildClass = (new (context: NodeContext) => AnyAlgorithm) & {
  readonly definition: AnyDefinition;
};

/** What an algorithm declares of itself. */
export interface Definition<
  M extends MessageRecord = {},
  S extends Fields = {},
  C extends ChildRecord = {},
  D extends MessageRecord = {},
  R extends Rules = {},
> {
  /** What it sends to its peers. */
  readonly messages?: M;
  /** Its settings in the configuration, by their YAML keys. */
  readonly settings?: S;
  /** What is wrong with settings that are valid one by one: asked when a configuration is read, so that the place can be named. */
  readonly checkSettings?: SettingsCheck<S>;
  /** Its layers below. */
  readonly children?: C;
  /**
   * By the child's name, what may stand in its place, by the names under which a configuration chooses: `sampling: { algorithm: cyclon }`.
   * All nodes of a run choose the same; the class in {@link children} stands where none of them chooses.
   */
  readonly choices?: { readonly [K in keyof C]?: ChildRecord };
  /** What it delivers up: `cast` for an event, `request` when it wants an answer from the layer above. */
  readonly delivers?: D;
  /** Its decisions by name, at hand as `this.rules`: what a bug of the chapter may replace. */
  readonly rules?: R;
  /** True when it never terminates by itself: it then runs for a given time and ends as `stopped`. */
  readonly service?: boolean;
}

/** A definition with its name, complete. */
export interface AnyDefinition {
  readonly name: string;
  readonly messages: MessageRecord;
  readonly settings: Fields;
  readonly checkSettings?: SettingsCheck<any>;
  readonly children: ChildRecord;
  readonly choices?: { readonly [child: string]: ChildRecord };
  readonly delivers: MessageRecord;
  readonly rules: Rules;
  readonly service: boolean;
}

/** Any algorithm, for those who run it. */
export type AnyAlgorithm = Algorithm<any, any, any, any, any> & { readonly delivered?: unknown };

/** What one algorithm of one node can do, see and react to. Extend what {@link defineAlgorithm} returns. */
export abstract class Algorithm<
  M extends MessageRecord,
  S extends Fields,
  C extends ChildRecord,
  D extends MessageRecord,
  R extends Rules = {},
> {
  readonly #context: NodeContext;
  /** This node. */
  readonly id: NodeId;
  /** Names of the algorithms from the top to this one, joined by dots. */
  readonly path: string;
  /** All nodes of the run, this one included. */
  readonly nodes: ReadonlySet<NodeId>;
  /** The neighbours: a map of typed proxies. */
  readonly peers: ReadonlyMap<NodeId, Peer<M>>;
  /** The casts, to every neighbour at once: `this.toAll.echo({ value })`. */
  readonly toAll: Broadcasts<M>;
  /** The settings of this node, validated, defaults filled in. */
  readonly settings: FieldsOutput<S>;
  /** The rules in force: the algorithm's own, unless the run is to show what a bug does. */
  readonly rules: R;
  /** The layers below. */
  readonly children: { readonly [K in keyof C]: InstanceType<C[K]> };
  /** Delivers to the layer above; at the top it is an output of the run, and a request is answered with undefined. */
  readonly deliver: Calls<D>;
  /** Lines with the node's name and time. */
  readonly log: Logger;
  /** The node's random stream: seeded offline. */
  readonly random: Random;
  /** Storage that survives a reload. */
  readonly store: Store;
  /** True when this node's tab was reloaded in mid-run: what it stored is there, `onStart` runs again. */
  readonly restarted: boolean;

  constructor(context: NodeContext) {
    this.#context = context;
    this.id = context.id;
    this.path = context.path;
    this.nodes = context.nodes;
    this.peers = context.peers as unknown as ReadonlyMap<NodeId, Peer<M>>;
    this.toAll = context.toAll as Broadcasts<M>;
    this.settings = context.settings as FieldsOutput<S>;
    this.rules = (new.target as unknown as ChildClass).definition.rules as R;
    this.children = context.children as { readonly [K in keyof C]: InstanceType<C[K]> };
    this.deliver = context.deliver as Calls<D>;
    this.log = context.log;
    this.random = context.random;
    this.store = context.store;
    this.restarted = context.restarted;
  }

  /** What happens on each message: `handlers = this.on({ … })`. */
  abstract readonly handlers: Handlers<M>;

  /** Declares the handlers; sender and fields are inferred from the message record. */
  protected on(handlers: Handlers<M>): Handlers<M> {
    return handlers;
  }

  /** Runs once, when every node is ready. Early messages wait for it to have begun. */
  onStart(): void | Promise<void> {}

  /** Runs once, when every node has finished (or the run is stopped). */
  onExit(): void | Promise<void> {}

  /** What this node found out, as a map of values; shown when the run has ended. */
  report(): object {
    return {};
  }

  /**
   * To whom the node wants links now, where it does not want them to all of its neighbours. Such an algorithm runs live over few
   * connections: those named here, and for a while those to whoever it sends something. Offline every link is there.
   */
  links?(): readonly NodeId[];

  /** What the inspector shows and invariants read, as a map of values. */
  state(): object {
    return {};
  }

  /** Number of nodes in the run, this one included. */
  get n(): number {
    return this.nodes.size;
  }

  /** Milliseconds since the run began here; stands still within a turn. */
  now(): number {
    return this.#context.clock.now();
  }

  /**
   * The neighbour with this id.
   * @throws {Misuse} naming the neighbours, when it is none
   */
  peer(id: NodeId): Peer<M> {
    const peer = this.peers.get(id);
    if (peer !== undefined) return peer;
    const known = [...this.peers.keys()].join(', ');
    throw new Misuse(`${id} is no neighbour of ${this.id} (it has: ${known || 'none'})`);
  }

  /** Calls back after `delayMs`. */
  after(delayMs: number, callback: () => unknown): Timer {
    return this.#context.clock.after(delayMs, callback);
  }

  /** Calls back every `periodMs`, until cancelled. */
  every(periodMs: number, callback: () => unknown): Timer {
    let timer: Timer;
    const tick = () => {
      timer = this.after(periodMs, tick);
      return callback();
    };
    timer = this.after(periodMs, tick);
    return { cancel: () => timer.cancel() };
  }

  /**
   * Waits.
   * @throws {Aborted} when `signal` is aborted meanwhile
   */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return this.#context.sleep(delayMs, signal);
  }

  /** Signs fields as this node: `this.sign(vote, { value: true })`. The signature is filled in when the value is sent. */
  sign<F extends Fields>(schema: SignedSchema<F>, fields: FieldsInput<F>): Signed<FieldsOutput<F>> {
    return this.#context.sign(schema, fields) as Signed<FieldsOutput<F>>;
  }

  /**
   * Reads what a layer below carried for us as a plain value.
   * @throws {SchemaError} when it does not fit
   */
  parse<O>(schema: Schema<any, O>, value: unknown): O {
    return parse(schema, value, `${this.path} at ${this.id}`);
  }

  /** Says that this node has done its part. It goes on answering until all have finished; then `onExit` runs. */
  terminate(): void {
    this.#context.terminate();
  }
}

/** An algorithm with layers below that deliver something: it must say what it does with each delivery. */
export abstract class ParentAlgorithm<
  M extends MessageRecord,
  S extends Fields,
  C extends ChildRecord,
  D extends MessageRecord,
  R extends Rules = {},
> extends Algorithm<M, S, C, D, R> {
  /** What happens on each delivery of each child: `delivered = this.from({ child: { … } })`. */
  abstract readonly delivered: Deliveries<C>;

  /** Declares the handlers of deliveries, child by child; a request of the child is answered by what they return. */
  protected from(delivered: Deliveries<C>): Deliveries<C> {
    return delivered;
  }
}

type DeliversOf<K> = K extends { readonly definition: { readonly delivers: infer D } } ? D : {};
type Delivering<C extends ChildRecord> = {
  [K in keyof C]: keyof DeliversOf<C[K]> extends never ? never : K;
}[keyof C];

/** One handler for each delivery of each child that delivers. */
export type Deliveries<C extends ChildRecord> = {
  readonly [K in Delivering<C>]: {
    readonly [T in keyof DeliversOf<C[K]>]: (
      message: Output<DeliversOf<C[K]>[T]>,
    ) => ReplyInput<DeliversOf<C[K]>[T]> | Promise<ReplyInput<DeliversOf<C[K]>[T]>>;
  };
};

/** The base of an algorithm class: {@link ParentAlgorithm} when a child delivers something, {@link Algorithm} otherwise. */
export type AlgorithmBase<
  M extends MessageRecord,
  S extends Fields,
  C extends ChildRecord,
  D extends MessageRecord,
  R extends Rules = {},
> = (abstract new (
  context: NodeContext,
) => [Delivering<C>] extends [never]
  ? Algorithm<M, S, C, D, R>
  : ParentAlgorithm<M, S, C, D, R>) & {
  readonly definition: {
    readonly name: string;
    readonly messages: M;
    readonly settings: S;
    readonly children: C;
    readonly delivers: D;
    readonly rules: R;
    readonly service: boolean;
  };
};

/**
 * Declares an algorithm. Extend what it returns.
 *
 * @param name in lower case with underscores; the first part of its messages' path
 * @throws {TypeError} when a name is used twice or cannot be a name
 */
export function defineAlgorithm<
  M extends MessageRecord = {},
  S extends Fields = {},
  C extends ChildRecord = {},
  D extends MessageRecord = {},
  R extends Rules = {},
>(name: string, definition: Definition<M, S, C, D, R>): AlgorithmBase<M, S, C, D, R> {
  const complete: AnyDefinition = {
    name,
    messages: definition.messages ?? {},
    settings: definition.settings ?? {},
    ...(definition.checkSettings === undefined ? {} : { checkSettings: definition.checkSettings }),
    children: definition.children ?? {},
    ...(definition.choices === undefined
      ? {}
      : { choices: definition.choices as Record<string, ChildRecord> }),
    delivers: definition.delivers ?? {},
    rules: definition.rules ?? {},
    service: definition.service ?? false,
  };
  checkDefinition(complete);
  abstract class Defined extends ParentAlgorithm<M, S, C, D, R> {
    static readonly definition = complete;
  }
  return Defined as unknown as AlgorithmBase<M, S, C, D, R>;
}

/** A class that can be run. */
export type AlgorithmClass = ChildClass;

/** True for an algorithm that says to whom it wants links, itself or in one of its layers. */
export function choosesLinks({ prototype, definition }: AlgorithmClass): boolean {
  return (
    (prototype as AnyAlgorithm).links !== undefined ||
    Object.values(definition.children).some(choosesLinks)
  );
}

/** True for a class made from {@link defineAlgorithm}, whichever copy of this library it came from. */
export function isAlgorithmClass(candidate: unknown): candidate is AlgorithmClass {
  return (
    typeof candidate === 'function' &&
    typeof (candidate as { definition?: AnyDefinition }).definition?.name === 'string'
  );
}

/** Keys of every node's block in the configuration, so that no setting or child can take them. */
export const RESERVED_KEYS = ['neighbours', 'host', 'port', 'public_key'] as const;

function checkDefinition(definition: AnyDefinition): void {
  const { name, messages, settings, children, delivers, rules } = definition;
  if (!/^[a-z][a-z0-9_]*$/.test(name)) {
    throw new TypeError(`'${name}' is no algorithm's name: use lower case and underscores`);
  }
  checkNames(name, 'message', Object.keys(messages));
  checkNames(name, 'delivery', Object.keys(delivers));
  checkNames(name, 'setting', Object.keys(settings));
  checkNames(name, 'child', Object.keys(children));
  checkNames(name, 'rule', Object.keys(rules));
  for (const key of [...Object.keys(settings), ...Object.keys(children)]) {
    if ((RESERVED_KEYS as readonly string[]).includes(key)) {
      throw new TypeError(`${name}: '${key}' has a meaning for every node; choose another name`);
    }
    if (key in settings && key in children) {
      throw new TypeError(`${name}: '${key}' is both a setting and a child`);
    }
  }
}
