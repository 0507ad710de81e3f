/**
 * One node in the hands of a test, which plays all the others: it lets time pass, hands over any envelope, however hostile, and sees
 * everything that the node sends.
 */

import type { AlgorithmClass } from '../../src/core/algorithm.ts';
import type { NodeId } from '../../src/core/id.ts';
import type { Signer } from '../../src/core/ports.ts';
import { signedValue, type AnySigned } from '../../src/core/signed.ts';
import { toValue, type ValueMap } from '../../src/core/value.ts';
import { formatNamed } from '../../src/net/format.ts';
import type { AlgorithmEnvelope, Envelope } from '../../src/runtime/envelope.ts';
import { EventQueue } from '../../src/runtime/event-queue.ts';
import { IdealSignatures } from '../../src/runtime/ideal-signer.ts';
import { NodeRunner, type NodeHost } from '../../src/runtime/node.ts';
import { macrotask } from '../../src/runtime/platform.ts';
import { Signatures } from '../../src/runtime/signatures.ts';
import { Turn } from '../../src/runtime/turn.ts';
import { MemoryStore } from '../../src/storage/memory.ts';
import { planOf, type RunOptions } from './simulate.ts';

/** A message as a test writes it. */
export interface Message {
  readonly kind?: AlgorithmEnvelope['kind'];
  readonly path?: string;
  readonly type: string;
  readonly body?: unknown;
  readonly answers?: number;
}

/** What the node sent. */
export interface Sent {
  readonly to: NodeId;
  readonly envelope: AlgorithmEnvelope;
}

/** A node `n1` among others that do not exist. */
export class HandHosted {
  readonly runner: NodeRunner;
  readonly sent: Sent[] = [];
  readonly logs: string[] = [];
  readonly #ideal = new IdealSignatures('hand');
  readonly #queue = new EventQueue<() => void>();
  readonly #turn = new Turn();
  readonly #others: readonly NodeId[];
  readonly #path: string;
  readonly #runId: string;
  #now = 0;
  #numbers = 0;

  constructor(
    algorithm: AlgorithmClass,
    options: RunOptions & { readonly incarnation?: number } = {},
  ) {
    const plan = planOf(algorithm, options);
    const { incarnation = 0 } = options;
    this.#path = algorithm.definition.name;
    this.#runId = plan.runId;
    this.#others = plan.nodes.map(({ id }) => id).filter((id) => id !== 'n1');
    const stores = new Map<string, MemoryStore>();
    const host: NodeHost = {
      clock: {
        now: () => this.#now,
        after: (delayMs, callback) => this.#after(delayMs, callback),
      },
      turn: this.#turn,
      signer: this.signerOf('n1'),
      trace: undefined,
      store: (path) => stores.get(path) ?? stores.set(path, new MemoryStore()).get(path)!,
      log: (level, path, text) => this.logs.push(`${level} ${path}: ${text}`),
      send: (to, envelope) => this.#take(to, envelope),
      post: (event) => this.#queue.push(this.#now, event),
    };
    const entry = { incarnation, restarted: incarnation > 0, overlay: this.#others };
    this.runner = new NodeRunner(plan, 'n1', entry, host);
  }

  /** Real signatures of any node: the test holds all keys. */
  signerOf(id: NodeId): Signer {
    return this.#ideal.signerOf(id);
  }

  get now(): number {
    return this.#now;
  }

  /** Puts an event of the platform into the queue, e.g. a message that arrives at that time. */
  at(time: number, event: () => void): void {
    this.#queue.push(time, event);
  }

  /** Brings the node up; it waits for the others. */
  async start(): Promise<void> {
    this.at(this.#now, () => this.runner.start());
    await this.run(this.#now);
  }

  /** Says for all others how far they have come. */
  standing(status: 'ready' | 'finished'): void {
    for (const id of this.#others) {
      const rows = [[id, 0, status, ''] as const];
      this.runner.receiveLifecycle(id, { version: 1, seen: 0, rows });
    }
  }

  /** Brings the node up, and everybody else: it runs when this is fulfilled. */
  async startAll(): Promise<void> {
    await this.start();
    this.at(this.#now, () => this.standing('ready'));
    await this.run(this.#now);
  }

  /** Lets the others finish, and time pass until the node has ended. */
  async finishAll(): Promise<void> {
    this.at(this.#now, () => this.standing('finished'));
    await this.run(this.#now);
  }

  /** Hands a message over, in a turn of its own, and waits until that is over. */
  async deliver(from: NodeId, message: Message): Promise<void> {
    this.at(this.#now, () => this.receive(from, message));
    await this.run(this.#now);
  }

  /** Hands a message over, now. */
  receive(from: NodeId, message: Message): void {
    const { kind = 'cast', path = this.#path, type, body = {}, answers = 0 } = message;
    const signed: AnySigned[] = [];
    const content = toValue(body, (value) => signed.push(value));
    const bytes = formatNamed('json').size(content);
    const number = ++this.#numbers;
    const signing = undefined;
    const via = 'data' as const;
    const header = { kind, number, answers, path, type, via };
    const envelope = { ...header, body: content, bytes, signed, signing };
    this.runner.receive(from, envelope, content, signed);
  }

  /** A statement with a good signature, unless something about it is changed afterwards. */
  signed(type: string, fields: ValueMap, { by = 'n2', path = this.#path, run = this.#runId } = {}) {
    const value = signedValue({ type, path, signer: by, fields, signature: undefined });
    void new Signatures(run, by, this.signerOf(by)).sign([value]);
    return value;
  }

  /** Lets everything happen until that time. */
  async run(untilMs: number): Promise<void> {
    while (this.#queue.size > 0 && this.#queue.nextTime <= untilMs) {
      this.#now = this.#queue.nextTime;
      const event = this.#queue.pop()!;
      event();
      this.#turn.takeAwaits();
      await macrotask();
      this.runner.endTurn();
    }
    this.#now = untilMs;
  }

  #take(to: NodeId, envelope: Envelope): undefined {
    if (envelope.kind !== 'lifecycle') this.sent.push({ to, envelope });
  }

  #after(delayMs: number, callback: () => unknown) {
    let isCancelled = false;
    this.#queue.push(this.#now + delayMs, () => {
      if (!isCancelled) callback();
    });
    return {
      cancel: () => {
        isCancelled = true;
      },
    };
  }
}
