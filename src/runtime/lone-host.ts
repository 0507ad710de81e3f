/**
 * Runs one algorithm for a program of one's own: no run, no room, no barrier, real time. Other nodes are names in a network, and may be
 * there or not. For algorithms whose messages are all casts, such as Raft.
 */

import type { AlgorithmClass } from '../core/algorithm.ts';
import { decodeCanonical, encodeCanonical } from '../core/canonical.ts';
import type { NodeContext } from '../core/context.ts';
import { Aborted, messageOf } from '../core/errors.ts';
import type { NodeId } from '../core/id.ts';
import type { Clock, Logger, LogLevel, Store } from '../core/ports.ts';
import { Random } from '../core/random.ts';
import { fieldsSchema, parse } from '../core/schema.ts';
import { MESSAGE_BYTES_MAX } from '../net/limits.ts';
import type { Attachment, Network } from '../net/parcels/network.ts';
import { makeBroadcasts, makeCalls, makePeers } from './peers.ts';
import { isPromise } from './platform.ts';

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
  /** Real time unless given. */
  readonly clock?: Clock;
  /** Its random numbers are drawn from it; from the platform unless given. */
  readonly seed?: string;
  readonly log?: (level: LogLevel, text: string) => void;
  /** What the algorithm delivers. */
  readonly deliver?: (type: string, message: unknown) => void;
  /** Its code or its storage failed: it has stopped. */
  readonly failed?: (error: unknown) => void;
}

/** Problems that are remembered: enough to see what goes on, and nothing that a flood fills. */
const PROBLEMS_MAX = 100;

/** One node. */
export class LoneHost<C extends AlgorithmClass> {
  readonly algorithm: InstanceType<C>;
  readonly #options: LoneHostOptions<C>;
  readonly #clock: Clock;
  readonly #schemas: ReadonlyMap<string, ReturnType<typeof fieldsSchema>>;
  readonly #attachment: Attachment;
  readonly #problems: MessageProblem[] = [];
  #traffic: Traffic = {
    messagesSent: 0,
    bytesSent: 0,
    messagesReceived: 0,
    bytesReceived: 0,
    messagesRefused: 0,
  };
  #isStopped = false;
  #isStarted = false;

  /**
   * @throws {TypeError} when the algorithm has requests or children
   * @throws {SchemaError} when the settings do not fit
   */
  constructor(options: LoneHostOptions<C>) {
    const { messages, children } = options.algorithm.definition;
    const requests = Object.keys(messages).filter((type) => messages[type]!.kind === 'request');
    if (requests.length > 0 || Object.keys(children).length > 0) {
      throw new TypeError(`${options.algorithm.definition.name} has requests or children`);
    }
    this.#options = options;
    this.#clock = this.#guarded(options.clock ?? realClock());
    this.#schemas = new Map(
      Object.entries(messages).map(([type, { schema }]) => [type, schema as never]),
    );
    this.algorithm = new options.algorithm(this.#context()) as InstanceType<C>;
    this.#attachment = options.network.join(options.id, (from, bytes) =>
      this.#receive(from, bytes),
    );
  }

  /** Fulfilled when the node has read what it had stored, and takes part. @throws what `onStart` throws */
  async start(): Promise<void> {
    this.#isStarted = true;
    try {
      await this.algorithm.onStart();
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  /** Nothing happens to it any more. What it has stored stays. */
  stop(): void {
    this.#isStopped = true;
    this.#attachment.leave();
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  get traffic(): Traffic {
    return this.#traffic;
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

  #receive(from: NodeId, bytes: Uint8Array): void {
    if (this.#isStopped || !this.#isStarted) return;
    const message = this.#read(from, bytes);
    if (message === undefined) return;
    const { type, fields } = message;
    this.#traffic = {
      ...this.#traffic,
      messagesReceived: this.#traffic.messagesReceived + 1,
      bytesReceived: this.#traffic.bytesReceived + bytes.length,
    };
    const handlers = this.algorithm.handlers as Record<string, (...call: unknown[]) => unknown>;
    this.#guard(() => handlers[type]!(from, fields));
  }

  /** What somebody sent, looked at as coming from anybody. */
  #read(from: NodeId, bytes: Uint8Array): { type: string; fields: unknown } | undefined {
    try {
      if (!this.#options.nodes.includes(from)) throw new TypeError('is from nobody that is known');
      if (bytes.length > MESSAGE_BYTES_MAX) throw new TypeError(`has ${bytes.length} bytes`);
      const [type, fields] = decodeCanonical(bytes) as [string, unknown];
      const schema = this.#schemas.get(type);
      if (schema === undefined) throw new TypeError(`is called '${type}', which is nothing`);
      return { type, fields: parse(schema, fields, type) };
    } catch (error) {
      const { messagesRefused } = this.#traffic;
      this.#traffic = { ...this.#traffic, messagesRefused: messagesRefused + 1 };
      const atMs = this.#clock.now();
      this.#problems.push({ from: from.slice(0, 100), atMs, problem: messageOf(error) });
      if (this.#problems.length > PROBLEMS_MAX) this.#problems.shift();
      return undefined;
    }
  }

  async #send(to: NodeId, type: string, message: unknown): Promise<void> {
    if (this.#isStopped) return;
    const bytes = encodeCanonical([type, message]);
    this.#traffic = {
      ...this.#traffic,
      messagesSent: this.#traffic.messagesSent + 1,
      bytesSent: this.#traffic.bytesSent + bytes.length,
    };
    this.#attachment.send(to, bytes);
  }

  /** Runs algorithm code: what it throws is the end of the node. */
  #guard(code: () => unknown): void {
    try {
      const result = code();
      if (isPromise(result)) result.then(undefined, (error: unknown) => this.fail(error));
    } catch (error) {
      this.fail(error);
    }
  }

  #guarded(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      after: (delayMs, callback) =>
        clock.after(delayMs, () => {
          if (!this.#isStopped) this.#guard(callback);
        }),
    };
  }

  /** Says something in the node's log. */
  log(level: LogLevel, text: string): void {
    this.#options.log?.(level, text);
  }

  #context(): NodeContext {
    const { algorithm, id, nodes, settings, store, seed, deliver } = this.#options;
    const { name, messages, delivers, settings: fields } = algorithm.definition;
    const others = nodes.filter((node) => node !== id);
    const write = (level: LogLevel) => (text: string) => this.log(level, text);
    const log: Logger = {
      trace: write('trace'),
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
    };
    return {
      id,
      nodes: new Set(nodes),
      path: name,
      peers: makePeers(messages, others, {
        call: (to, type, message) => this.#send(to, type, message),
        broadcast: () => Promise.resolve(),
      }),
      toAll: makeBroadcasts(messages, {
        call: () => Promise.resolve(),
        broadcast: (type, message) =>
          Promise.all(others.map((to) => this.#send(to, type, message))),
      }),
      settings: parse(fieldsSchema(fields), settings, 'settings') as object,
      children: {},
      deliver: makeCalls(delivers, async (type, message) => deliver?.(type, message)),
      clock: this.#clock,
      log,
      random: Random.stream(seed ?? randomSeed(), `node/${id}/${name}`),
      store,
      restarted: false,
      sleep: (delayMs) =>
        new Promise((resolve) => void this.#clock.after(delayMs, () => resolve())),
      sign: () => {
        throw new Aborted('signing (nobody checks signatures here)');
      },
      terminate: () => {},
    };
  }
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
