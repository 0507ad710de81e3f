/** The one driver that runs any Machine as an Algorithm: inputs in, effects carried out in their order. */

import { Algorithm, defineAlgorithm, type AlgorithmBase, type ChildRecord } from './algorithm.ts';
import type { NodeContext } from './context.ts';
import { Refusal } from './errors.ts';
import type { Effect, Machine, MachineBase, MachineInput } from './machine.ts';
import type { Handlers, MessageRecord, Output, ReplyOutput } from './message.ts';
import type { NodeId } from './id.ts';
import type { Salvage, Timer } from './ports.ts';
import type { Rules } from './rules.ts';
import type { Fields } from './schema.ts';
import { CorruptRecord } from './storage-error.ts';
import type { Value } from './value.ts';

/** An algorithm that is a machine. Extend what {@link driven} returns. */
export class MachineAlgorithm<
  M extends MessageRecord,
  S extends Fields,
  D extends MessageRecord,
  K extends MessageRecord,
  R extends Rules = {},
  C extends ChildRecord = {},
> extends Algorithm<M, S, C, D, R> {
  readonly #machine: Machine;
  readonly #state: MachineBase;
  readonly #timers = new Map<string, Timer>();
  readonly #tickets = new Map<number, Ticket>();
  #ticketsGiven = 0;
  /** Set while effects wait for storage: what comes meanwhile queues behind it. */
  #pending: Promise<void> | undefined;
  /** Fulfilled when every write so far is durable. */
  #durable: Promise<void> | undefined;
  #hasAnswered = false;
  readonly handlers: Handlers<M>;

  constructor(context: NodeContext) {
    super(context);
    this.#machine = (new.target as unknown as { readonly machine: Machine }).machine;
    const neighbours = [...this.peers.keys()];
    const { id, nodes, settings } = this;
    this.#state = this.#machine.init({ id, nodes: [...nodes], neighbours, settings }, this.random);
    this.handlers = Object.fromEntries(
      Object.entries(this.#machine.messages as MessageRecord).map(([type, { kind }]) => [
        type,
        (from: NodeId, message: unknown) =>
          kind === 'cast'
            ? this.#step({ kind: 'message', type, from, message, ticket: 0 })
            : this.#ask((ticket) => ({ kind: 'message', type, from, message, ticket })),
      ]),
    ) as unknown as Handlers<M>;
  }

  override onStart(): Promise<void> {
    // `start` is a machine's first input: what comes while the store is read waits behind it.
    const begin = ({ whole, damaged }: Salvage) => {
      this.#pending = undefined;
      const stored = new Map<string, Value>(whole);
      const start = { kind: 'start', restarted: this.restarted, stored } as const;
      return this.#step(damaged.length === 0 ? start : { ...start, damaged });
    };
    const started = this.store.entries().then(
      (whole) => begin({ whole, damaged: [] }),
      (error: unknown) => this.#salvage(error).then(begin),
    );
    this.#pending = started;
    return started;
  }

  async #salvage(error: unknown): Promise<Salvage> {
    const withstands = this.#machine.withstandsDamage && error instanceof CorruptRecord;
    if (!withstands || this.store.salvage === undefined) throw error;
    return this.store.salvage();
  }

  override report() {
    return this.#machine.report(this.#state);
  }

  override state() {
    return this.#machine.shown(this.#state);
  }

  /** The machine's state, for classes that extend a driven machine and answer from it: to be looked at and left alone. */
  protected get machineState(): object {
    return this.#state;
  }

  /** Puts a call to the machine; fulfilled with its answer (for a cast when it has been taken). */
  call<T extends keyof K & string>(type: T, message: Output<K[T]>): Promise<ReplyOutput<K[T]>> {
    if ((this.#machine.calls as MessageRecord)[type]?.kind === 'request') {
      return this.#ask((ticket) => ({ kind: 'call', type, message, ticket })) as Promise<
        ReplyOutput<K[T]>
      >;
    }
    return Promise.resolve(this.#step({ kind: 'call', type, message, ticket: 0 })) as Promise<
      ReplyOutput<K[T]>
    >;
  }

  /** Puts several calls of one type to the machine at once; each is answered by itself. */
  callAll<T extends keyof K & string>(
    type: T,
    messages: readonly Output<K[T]>[],
  ): readonly Promise<ReplyOutput<K[T]>>[] {
    const inputs: object[] = [];
    const asked = messages.map((message) => {
      const ticket = ++this.#ticketsGiven;
      inputs.push({ kind: 'call', type, message, ticket });
      return this.#awaited(ticket);
    });
    Promise.resolve(this.#stepAll(inputs)).catch((error: Error) => {
      for (const { reject } of asked) reject(error);
    });
    return asked.map(({ promise }) => promise) as readonly Promise<ReplyOutput<K[T]>>[];
  }

  #ask(input: (ticket: number) => object): Promise<unknown> {
    const ticket = ++this.#ticketsGiven;
    const { promise, reject } = this.#awaited(ticket);
    Promise.resolve(this.#step(input(ticket))).catch(reject);
    return promise;
  }

  /** The answer that bears this ticket. */
  #awaited(ticket: number): {
    readonly promise: Promise<unknown>;
    readonly reject: (error: Error) => void;
  } {
    let reject!: (error: Error) => void;
    const promise = new Promise<unknown>((resolve, rejected) => {
      reject = rejected;
      this.#tickets.set(ticket, {
        answer: resolve,
        refuse: (reason) => rejected(new Refusal(reason)),
      });
    });
    return { promise, reject };
  }

  #step(input: object): void | Promise<void> {
    if (this.#pending !== undefined) return this.#pending.then(() => this.#step(input));
    const timed = { ...input, now: this.now() } as MachineInput<any, any>;
    return this.#perform(this.#machine.step(this.#state, timed, this), 0);
  }

  #stepAll(inputs: readonly object[]): void | Promise<void> {
    if (this.#pending !== undefined) return this.#pending.then(() => this.#stepAll(inputs));
    const now = this.now();
    const timed = inputs.map((input) => ({ ...input, now }) as MachineInput<any, any>);
    return this.#perform(this.#machine.stepAll(this.#state, timed, this), 0);
  }

  #perform(effects: readonly Effect[], from: number): void | Promise<void> {
    let writing: Promise<unknown> | undefined;
    for (let i = from; i < effects.length; i++) {
      const effect = effects[i]!;
      if (effect.kind === 'write') {
        writing = Promise.all([writing, this.#write(effect)]);
        continue;
      }
      if (effect.kind !== 'put') {
        this.#do(effect);
        continue;
      }
      const rest = this.store.putAll(effect.entries).then(() => {
        this.#pending = undefined;
        return this.#perform(effects, i + 1);
      });
      this.#pending = rest;
      return writing === undefined ? rest : Promise.all([writing, rest]).then(() => {});
    }
    // Returned so that a write that fails is the failure of what asked for it.
    if (writing !== undefined) return writing.then(() => {});
    if (!this.#hasAnswered) return;
    // Whoever waited for an answer goes on in this turn: a promise says that there is something to wait for.
    this.#hasAnswered = false;
    return Promise.resolve();
  }

  #write({ entries, ticket }: Extract<Effect, { kind: 'write' }>): Promise<unknown> {
    const [before, stored] = [this.#durable, this.store.putAll(entries)];
    this.#durable = before === undefined ? stored : before.then(() => stored);
    return this.#durable.then(() => this.#step({ kind: 'written', ticket }));
  }

  #do(effect: Exclude<Effect, { kind: 'put' | 'write' }>): void {
    switch (effect.kind) {
      case 'send':
        void this.#call(effect.to, effect.type, effect.message);
        return;
      case 'toAll':
        void (this.toAll as Record<string, (message: unknown) => unknown>)[effect.type]!(
          effect.message,
        );
        return;
      case 'request':
        this.#request(effect);
        return;
      case 'answer':
        this.#hasAnswered = true;
        this.#tickets.get(effect.ticket)?.answer(effect.reply);
        this.#tickets.delete(effect.ticket);
        return;
      case 'refuse':
        this.#hasAnswered = true;
        this.#tickets.get(effect.ticket)?.refuse(effect.reason);
        this.#tickets.delete(effect.ticket);
        return;
      case 'timer':
        this.#timers.get(effect.name)?.cancel();
        this.#timers.set(
          effect.name,
          this.after(effect.delayMs, () => this.#step({ kind: 'timer', name: effect.name })),
        );
        return;
      case 'cancel':
        this.#timers.get(effect.name)?.cancel();
        return;
      case 'deliver':
        void (this.deliver as Record<string, (message: unknown) => unknown>)[effect.type]!(
          effect.message,
        );
        return;
      case 'log':
        this.log[effect.level](effect.text);
        return;
      case 'terminate':
        this.terminate();
    }
  }

  #request({ to, type, message, ticket, timeoutMs }: Extract<Effect, { kind: 'request' }>): void {
    const options = timeoutMs === undefined ? {} : { timeoutMs };
    this.#call(to, type, message, options).then(
      (reply) => this.#step({ kind: 'reply', type, from: to, ticket, reply }),
      (error: Error) => this.#step({ kind: 'reply', type, from: to, ticket, error: error.name }),
    );
  }

  #call(to: NodeId, type: string, message: unknown, options?: object): Promise<unknown> {
    const peer = this.peer(to) as unknown as Record<
      string,
      (...call: unknown[]) => Promise<unknown>
    >;
    return peer[type]!(message, options);
  }
}

/** Whoever waits for a machine's answer. */
interface Ticket {
  answer(reply: unknown): void;
  refuse(reason: string): void;
}

/**
 * An Algorithm class around a machine: `export class Bracha extends driven(bracha) {}`.
 *
 * @param children layers below it. The class says what their deliveries are to the machine: it has `delivered`, and puts a call for each.
 */
export function driven<
  M extends MessageRecord,
  S extends Fields,
  D extends MessageRecord,
  K extends MessageRecord,
  R extends Rules = {},
  C extends ChildRecord = {},
>(
  machine: Machine<any, M, S, D, K, R>,
  children?: C,
): (new (context: NodeContext) => MachineAlgorithm<M, S, D, K, R, C>) & {
  readonly definition: AlgorithmBase<M, S, C, D, R>['definition'];
  readonly machine: Machine<any, M, S, D, K, R>;
} {
  const { name, messages, settings, checkSettings, delivers, rules, service } = machine;
  const { definition } = defineAlgorithm<M, S, C, D, R>(name, {
    messages,
    settings,
    ...(checkSettings === undefined ? {} : { checkSettings }),
    ...(children === undefined ? {} : { children }),
    delivers,
    rules,
    service,
  });
  class Driven extends MachineAlgorithm<M, S, D, K, R, C> {
    static readonly definition = definition;
    static readonly machine = machine;
  }
  const { links } = machine;
  if (links === undefined) return Driven;
  return class extends Driven {
    override links(): readonly NodeId[] {
      return links(this.machineState);
    }
  };
}
