/**
 * Runs one algorithm and its layers for a program of one's own: no run, no room, no barrier, real time. Other nodes are names in a network,
 * and may be there or not.
 */

import type { AlgorithmClass } from '../core/algorithm.ts';
import { decodeCanonical, encodeValue } from '../core/canonical.ts';
import { messageOf, Refusal, RemoteError } from '../core/errors.ts';
import type { NodeId } from '../core/id.ts';
import type { CallOptions, LinkClass } from '../core/message.ts';
import type { Clock, Logger, LogLevel, Signer, Store } from '../core/ports.ts';
import { Random } from '../core/random.ts';
import { fieldsSchema, parse } from '../core/schema.ts';
import type { AnySigned } from '../core/signed.ts';
import { toValue, type Value } from '../core/value.ts';
import { MESSAGE_BYTES_MAX } from '../net/limits.ts';
import type { Attachment, Network } from '../net/parcels/network.ts';
import { Endpoint, type EndpointHost } from './endpoint.ts';
import { PendingCalls } from './pending-calls.ts';
import { isPromise } from './platform.ts';
import type { SettingsTree } from './plan.ts';
import { Signatures } from './signatures.ts';
import { UndealtBytes } from './undealt-bytes.ts';

/** A message that was not one: who sent it, when, and what is wrong with it. */
export interface MessageProblem {
  readonly from: NodeId;
  /** Milliseconds since the node was started. */
  readonly atMs: number;
  readonly problem: string;
}

/** What went through a node so far. */
export interface Traffic {
  readonly messagesSent: number;
  readonly bytesSent: number;
  readonly messagesReceived: number;
  readonly bytesReceived: number;
  /** How many messages were none; the latest are in {@link LoneHost.problems}. */
  readonly messagesRefused: number;
}

/** What makes a node. */
export interface LoneHostOptions<C extends AlgorithmClass> {
  readonly algorithm: C;
  readonly id: NodeId;
  /** Every node that it may ever send to, itself included. */
  readonly nodes: readonly NodeId[];
  /** As in a configuration file. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly store: Store;
  readonly network: Network;
  /** The store of a layer by its path; `store` unless given, which has to do for one algorithm alone. */
  readonly layerStore?: (path: string) => Store;
  /** Makes and checks the signatures of signed values; without one nothing can be signed. */
  readonly signer?: Signer;
  /** What signatures are bound to: those of another group prove nothing. */
  readonly group?: string;
  /** Real time unless given. */
  readonly clock?: Clock;
  /** Its random numbers are drawn from it; from the platform unless given. */
  readonly seed?: string;
  readonly log?: (level: LogLevel, text: string) => void;
  /** What the algorithm delivers. */
  readonly deliver?: (type: string, message: unknown) => void;
  /** Somebody sent what is no message, or bears a signature that is not genuine. */
  readonly refused?: (from: NodeId, what: 'malformed' | 'forged') => void;
  /** There is room again on links that had none. */
  readonly room?: () => void;
  /** Its code or its storage failed: it has stopped. */
  readonly failed?: (error: unknown) => void;
}

/** Problems that are remembered: enough to see what goes on, and nothing that a flood fills. */
const PROBLEMS_MAX = 100;

/** Bytes of one sender that may be read and not yet dealt with: after that it is asked to wait. */
const UNDEALT_BYTES_MAX = 512 * 1024;

/** One node. */
export class LoneHost<C extends AlgorithmClass> implements EndpointHost {
  readonly algorithm: InstanceType<C>;
  readonly nodes: ReadonlySet<NodeId>;
  readonly accepted = Promise.resolve();
  readonly #options: LoneHostOptions<C>;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #root: Endpoint;
  /** Every layer, by the beginning of its messages' names: '' at the top, `registry.` below. */
  readonly #layers: ReadonlyMap<string, Endpoint>;
  readonly #signatures: Signatures | undefined;
  readonly #attachment: Attachment;
  readonly #calls: PendingCalls;
  #requests = 0;
  readonly #problems: MessageProblem[] = [];
  /** Set while a signature is being made: what is sent meanwhile leaves behind it. */
  #sending: Promise<void> | undefined;
  /** By sender, while signatures are looked at. */
  readonly #receiving = new Map<NodeId, Promise<void>>();
  readonly #undealt = new UndealtBytes(UNDEALT_BYTES_MAX);
  readonly #traffic = {
    messagesSent: 0,
    bytesSent: 0,
    messagesReceived: 0,
    bytesReceived: 0,
    messagesRefused: 0,
  };
  #isStopped = false;
  #isStarted = false;

  /** @throws {SchemaError} when the settings do not fit */
  constructor(options: LoneHostOptions<C>) {
    const { algorithm, id, nodes, signer, group = '', clock = realClock() } = options;
    this.#options = options;
    this.nodes = new Set(nodes);
    this.#clock = this.#guarded(clock);
    this.#log = this.#logger();
    this.#calls = new PendingCalls(this.#clock, { awaits: () => {} });
    this.#signatures = signer && new Signatures(group, id, signer);
    const neighbours = nodes.filter((node) => node !== id);
    const settings = settingsTree(algorithm, options.settings, 'settings');
    const { name } = algorithm.definition;
    this.#root = new Endpoint(algorithm, { id, neighbours, settings }, settings, name, '', this);
    this.algorithm = this.#root.instance as InstanceType<C>;
    this.#layers = new Map(Array.from(this.#root.tree(), (layer) => [prefixOf(layer), layer]));
    this.#attachment = options.network.join(
      id,
      (from, bytes) => this.#receive(from, bytes),
      () => options.room?.(),
    );
  }

  /** Fulfilled when the node has read what it had stored, and takes part. @throws what `onStart` throws */
  async start(): Promise<void> {
    this.#isStarted = true;
    try {
      const layers = [...this.#root.tree()].toReversed();
      await Promise.all(layers.map(async ({ instance }) => instance.onStart()));
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  /** Nothing happens to it any more. What it has stored stays. */
  stop(): void {
    this.#isStopped = true;
    this.#calls.close();
    this.#attachment.leave();
  }

  /** Whether what it sends to this node now gets on its way at once, if there is a link to it. */
  hasRoom(node: NodeId): boolean {
    return this.#attachment.hasRoom?.(node) ?? true;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  get traffic(): Traffic {
    return { ...this.#traffic };
  }

  /** The latest messages that were none. */
  get problems(): readonly MessageProblem[] {
    return this.#problems;
  }

  /** Forgets the problems. */
  clearProblems(): void {
    this.#problems.length = 0;
  }

  /** The node stops for good: its state is not to be trusted, or what it stores is not stored. */
  fail(error: unknown): void {
    if (this.#isStopped) return;
    this.stop();
    this.log('error', messageOf(error));
    this.#options.failed?.(error);
  }

  /** Says something in the node's log. */
  log(level: LogLevel, text: string): void {
    this.#options.log?.(level, text);
  }

  /** Runs code of the algorithm from outside: what it throws is the end of the node. */
  run(code: () => unknown): void {
    void this.#guard(code);
  }

  // What arrives.

  #receive(from: NodeId, bytes: Uint8Array): void | Promise<void> {
    if (this.#isStopped || !this.#isStarted) return undefined;
    const message = this.#attempt(from, () => this.#read(from, bytes));
    if (message === undefined) return undefined;
    const isGenuine = this.#isGenuine(message);
    const before = this.#receiving.get(from);
    if (before === undefined && isGenuine === true) this.#take(from, message, bytes.length);
    else {
      const taken: Promise<void> = Promise.all([before, isGenuine]).then(([, genuine]) => {
        if (this.#receiving.get(from) === taken) this.#receiving.delete(from);
        if (genuine) this.#take(from, message, bytes.length);
        else
          this.#refused(from, `'${message.type}' holds a signature that is not genuine`, 'forged');
      });
      this.#receiving.set(from, taken);
      this.#undealt.add(from, bytes.length, taken);
    }
    return this.#undealt.room(from);
  }

  #take(from: NodeId, { layer, type, fields, number }: Arrival, bytes: number): void {
    if (this.#isStopped) return;
    this.#traffic.messagesReceived++;
    this.#traffic.bytesReceived += bytes;
    if (number < 0) {
      this.#answered(from, layer, type, -number, fields as Answer);
      return;
    }
    const { handler } = layer.entries.get(type)!;
    if (number === 0) {
      const dealing = this.#guard(() => handler(from, fields));
      if (dealing !== undefined) this.#undealt.add(from, bytes, dealing);
    } else
      void this.#guard(() => this.#answer(from, layer, type, number, () => handler(from, fields)));
  }

  async #answer(
    to: NodeId,
    layer: Endpoint,
    type: string,
    number: number,
    handle: () => unknown,
  ): Promise<void> {
    const answer = await Promise.resolve()
      .then(handle)
      .then(
        (reply): Answer => ({ reply: toValue(reply ?? null) }),
        (error: unknown): Answer => {
          this.#failUnlessRefusal(error);
          return { refused: messageOf(error) };
        },
      );
    await this.#pass(layer, [to], type, answer, -number);
  }

  #answered(from: NodeId, layer: Endpoint, type: string, number: number, answer: Answer): void {
    const call = this.#calls.find(number, from, layer.path, type);
    // It may be late: then nobody waits for it.
    if (call === undefined) return;
    if (answer.refused !== undefined) call.reject(new RemoteError(from, 'refused', answer.refused));
    else call.resolve(answer.reply);
  }

  /** What somebody sent, looked at as coming from anybody. */
  #read(from: NodeId, bytes: Uint8Array): Arrival {
    if (!this.nodes.has(from)) throw new TypeError('is from nobody that is known');
    if (bytes.length > MESSAGE_BYTES_MAX) throw new TypeError(`has ${bytes.length} bytes`);
    const [name, fields, number = 0] = decodeCanonical(bytes) as [unknown, unknown, unknown];
    const at = typeof name === 'string' ? name.lastIndexOf('.') + 1 : 0;
    const type = String(name).slice(at);
    const layer = this.#layers.get(String(name).slice(0, at));
    const declared = layer?.entries.get(type)?.declared;
    if (layer === undefined || declared === undefined) {
      throw new TypeError(`is called '${String(name).slice(0, 100)}', which is nothing`);
    }
    const isRequest = declared.kind === 'request';
    if (!Number.isSafeInteger(number) || (number === 0) === isRequest) {
      throw new TypeError(`'${type}' has the number ${String(number).slice(0, 20)}`);
    }
    const signed: AnySigned[] = [];
    if (this.#signatures !== undefined) toValue(fields, (value) => signed.push(value));
    const arrival = { layer, type, signed, number: number as number };
    if (!isRequest || arrival.number > 0) {
      return { ...arrival, fields: parse(declared.schema, fields, type) };
    }
    const { refused, reply } = fields as Partial<Answer>;
    const answer =
      typeof refused === 'string' ? { refused } : { reply: parse(declared.reply, reply, type) };
    return { ...arrival, fields: answer };
  }

  #isGenuine({ signed, layer }: Arrival): boolean | Promise<boolean> {
    if (signed.length === 0) return true;
    return this.#signatures!.verify(signed, layer.path);
  }

  #attempt<T>(from: NodeId, code: () => T): T | undefined {
    try {
      return code();
    } catch (error) {
      this.#refused(from, messageOf(error));
      return undefined;
    }
  }

  #refused(from: NodeId, problem: string, what: 'malformed' | 'forged' = 'malformed'): void {
    this.#traffic.messagesRefused++;
    this.#problems.push({ from: from.slice(0, 100), atMs: this.#clock.now(), problem });
    if (this.#problems.length > PROBLEMS_MAX) this.#problems.shift();
    this.#options.refused?.(from, what);
  }

  // What the layers ask.

  services(path: string): ReturnType<EndpointHost['services']> {
    const { id, seed = randomSeed(), store, layerStore } = this.#options;
    return {
      clock: this.#clock,
      log: this.#log,
      random: Random.stream(seed, `node/${id}/${path}`),
      store: layerStore?.(path) ?? store,
      restarted: false,
      sleep: (delayMs) =>
        new Promise((resolve) => void this.#clock.after(delayMs, () => resolve())),
    };
  }

  send(
    layer: Endpoint,
    to: NodeId,
    type: string,
    message: unknown,
    options?: CallOptions,
  ): Promise<unknown> {
    if (layer.entries.get(type)!.declared.kind === 'cast')
      return this.#pass(layer, [to], type, message);
    const number = ++this.#requests;
    const answer = this.#calls.open(number, to, layer.path, type, options);
    return this.#pass(layer, [to], type, message, number).then(() => answer);
  }

  broadcast(layer: Endpoint, type: string, message: unknown): Promise<void> {
    return this.#pass(layer, [...layer.instance.peers.keys()], type, message);
  }

  /** What is stored before it is sent is signed meanwhile. Where that fails, sending it says so. */
  stated(statements: readonly AnySigned[]): void {
    this.#signatures?.sign(statements)?.catch(() => undefined);
  }

  output(_layer: Endpoint, type: string, message: unknown): void {
    this.#options.deliver?.(type, message);
  }

  guard(_what: string, code: () => unknown): unknown {
    const result = code();
    if (isPromise(result))
      result.then(undefined, (error: unknown) => this.#failUnlessRefusal(error));
    return result;
  }

  terminate(): void {
    // There is no run that could be over.
  }

  async #pass(
    layer: Endpoint,
    to: readonly NodeId[],
    type: string,
    message: unknown,
    number = 0,
  ): Promise<void> {
    if (this.#isStopped) return;
    const signed: AnySigned[] = [];
    const value = toValue(message ?? {}, (each) => signed.push(each));
    const signing = signed.length === 0 ? undefined : this.#sign(signed);
    const { via } = layer.entries.get(type)!.declared;
    if (signing === undefined && this.#sending === undefined) {
      this.#transmit(to, `${prefixOf(layer)}${type}`, value, number, via);
      return;
    }
    const sent: Promise<void> = Promise.all([this.#sending, signing]).then(() => {
      if (this.#sending === sent) this.#sending = undefined;
      this.#transmit(to, `${prefixOf(layer)}${type}`, value, number, via);
    });
    this.#sending = sent;
    await sent;
  }

  #sign(signed: readonly AnySigned[]): Promise<void> | undefined {
    if (this.#signatures === undefined) throw new TypeError('nobody signs here: give a signer');
    return this.#signatures.sign(signed);
  }

  #transmit(
    to: readonly NodeId[],
    name: string,
    value: Value,
    number: number,
    via: LinkClass,
  ): void {
    if (this.#isStopped) return;
    const bytes = encodeValue(number === 0 ? [name, value] : [name, value, number]);
    for (const node of to) {
      this.#traffic.messagesSent++;
      this.#traffic.bytesSent += bytes.length;
      this.#attachment.send(node, bytes, via);
    }
  }

  /** Runs algorithm code: what it throws is the end of the node, unless it refuses what another asks. */
  #guard(code: () => unknown): Promise<void> | undefined {
    try {
      const result = code();
      if (!isPromise(result)) return undefined;
      const failed = (error: unknown): void => this.#failUnlessRefusal(error);
      return result.then(() => undefined, failed);
    } catch (error) {
      this.#failUnlessRefusal(error);
      return undefined;
    }
  }

  #failUnlessRefusal(error: unknown): void {
    if (error instanceof Refusal) this.log('debug', error.message);
    else this.fail(error);
  }

  #guarded(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      after: (delayMs, callback) =>
        clock.after(delayMs, () => {
          if (!this.#isStopped) void this.#guard(callback);
        }),
    };
  }

  #logger(): Logger {
    const write = (level: LogLevel) => (text: string) => this.log(level, text);
    return {
      trace: write('trace'),
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
    };
  }
}

/** A message that may be one. */
interface Arrival {
  readonly layer: Endpoint;
  readonly type: string;
  readonly signed: readonly AnySigned[];
  readonly fields: unknown;
  /** 0 for a cast, positive for a request, negative for the answer to one. */
  readonly number: number;
}

/** What a request came to. */
interface Answer {
  readonly reply?: unknown;
  readonly refused?: string;
}

/** What the names of a layer's messages begin with. */
function prefixOf({ path }: Endpoint): string {
  const at = path.indexOf('.');
  return at < 0 ? '' : `${path.slice(at + 1)}.`;
}

/** Settings as in a configuration file: those of a layer below are a block of its name. */
function settingsTree(
  { definition }: AlgorithmClass,
  given: Readonly<Record<string, unknown>>,
  what: string,
): SettingsTree {
  const children = Object.entries(definition.children).map(([field, child]) => {
    const block = (given[field] ?? {}) as Readonly<Record<string, unknown>>;
    return [field, settingsTree(child, block, `${what}.${field}`)] as const;
  });
  return {
    own: parse(fieldsSchema(definition.settings), given, what) as Readonly<Record<string, unknown>>,
    children: Object.fromEntries(children),
  };
}

/** Time as it passes, monotonic. */
function realClock(): Clock {
  const originMs = performance.now();
  return {
    now: () => performance.now() - originMs,
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs);
      return { cancel: () => clearTimeout(timer) };
    },
  };
}

function randomSeed(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join(' ');
}
