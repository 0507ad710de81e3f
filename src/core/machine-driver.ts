/** The one driver that runs any Machine as an Algorithm: inputs in, effects carried out in their order. */

import { defineAlgorithm, type AlgorithmBase } from './algorithm.ts';
import { Refusal } from './errors.ts';
import type { Effect, Machine, MachineBase, MachineInput } from './machine.ts';
import type { MessageRecord, Output, ReplyOutput } from './message.ts';
import type { NodeId } from './id.ts';
import type { Timer } from './ports.ts';
import type { Fields } from './schema.ts';
import type { Value } from './value.ts';

/** What a driven machine offers to the layer above and to programs around it. */
export interface Driven<K extends MessageRecord> {
  /** Puts a call to the machine; fulfilled with its answer (for a cast at once). */
  call<T extends keyof K & string>(type: T, message: Output<K[T]>): Promise<ReplyOutput<K[T]>>;
}

type DrivenBase<M extends MessageRecord, S extends Fields, D extends MessageRecord, K extends MessageRecord> =
  // The machine's handlers are all there: nothing is left abstract.
  (new (...context: ConstructorParameters<AlgorithmBase<M, S, {}, D>>) => InstanceType<
    AlgorithmBase<M, S, {}, D>
  > &
    Driven<K>) & {
    readonly definition: AlgorithmBase<M, S, {}, D>['definition'];
    readonly machine: Machine<any, M, S, D, K>;
  };

/** An Algorithm class around a machine: `export class Bracha extends driven(bracha) {}`. */
export function driven<M extends MessageRecord, S extends Fields, D extends MessageRecord, K extends MessageRecord>(
  machine: Machine<any, M, S, D, K>,
): DrivenBase<M, S, D, K> {
  const { messages, settings, delivers, service } = machine;
  const Base = defineAlgorithm<MessageRecord, Fields, {}, MessageRecord>(machine.name, {
    messages,
    settings,
    delivers,
    service,
  });

  class DrivenMachine extends Base {
    static readonly machine = machine;
    readonly #timers = new Map<string, Timer>();
    readonly #tickets = new Map<number, { answer(reply: unknown): void; refuse(reason: string): void }>();
    #ticketsGiven = 0;
    /** Set while effects wait for storage: what comes meanwhile queues behind it. */
    #pending: Promise<void> | undefined;
    readonly #state: MachineBase = machine.init(
      {
        id: this.id,
        nodes: [...this.nodes],
        neighbours: [...this.peers.keys()],
        settings: this.settings as never,
      },
      this.random,
    );

    handlers = this.on(
      Object.fromEntries(
        Object.entries(machine.messages as MessageRecord).map(([type, { kind }]) => [
          type,
          (from: NodeId, message: unknown) =>
            kind === 'cast'
              ? this.#step({ kind: 'message', type, from, message, ticket: 0 })
              : this.#ask((ticket) => ({ kind: 'message', type, from, message, ticket })),
        ]),
      ),
    );

    override async onStart() {
      const stored = new Map<string, Value>(await this.store.entries());
      return this.#step({ kind: 'start', restarted: this.restarted, stored });
    }

    override report() {
      return machine.report(this.#state);
    }

    override state() {
      return machine.visible(this.#state);
    }

    call(type: string, message: unknown): Promise<unknown> {
      if ((machine.calls as MessageRecord)[type]?.kind === 'request') {
        return this.#ask((ticket) => ({ kind: 'call', type, message, ticket }));
      }
      return Promise.resolve(this.#step({ kind: 'call', type, message, ticket: 0 }));
    }

    #ask(input: (ticket: number) => object): Promise<unknown> {
      const ticket = ++this.#ticketsGiven;
      return new Promise((resolve, reject) => {
        this.#tickets.set(ticket, {
          answer: resolve,
          refuse: (reason) => reject(new Refusal(reason)),
        });
        Promise.resolve(this.#step(input(ticket))).catch(reject);
      });
    }

    #step(input: object): void | Promise<void> {
      if (this.#pending !== undefined) return this.#pending.then(() => this.#step(input));
      const timed = { ...input, now: this.now() } as MachineInput<M, K>;
      return this.#perform(machine.step(this.#state as never, timed, this), 0);
    }

    #perform(effects: readonly Effect[], from: number): void | Promise<void> {
      for (let i = from; i < effects.length; i++) {
        const effect = effects[i]!;
        if (effect.kind !== 'put') {
          this.#do(effect);
          continue;
        }
        const rest = this.store.putAll(effect.entries).then(() => {
          this.#pending = undefined;
          return this.#perform(effects, i + 1);
        });
        this.#pending = rest;
        return rest;
      }
    }

    #do(effect: Exclude<Effect, { kind: 'put' }>): void {
      switch (effect.kind) {
        case 'send':
          void this.#method(effect.to, effect.type)(effect.message);
          return;
        case 'toAll':
          void (this.toAll as Record<string, (message: unknown) => unknown>)[effect.type]!(effect.message);
          return;
        case 'request':
          this.#request(effect);
          return;
        case 'answer':
          this.#tickets.get(effect.ticket)?.answer(effect.reply);
          this.#tickets.delete(effect.ticket);
          return;
        case 'refuse':
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
          void (this.deliver as Record<string, (message: unknown) => unknown>)[effect.type]!(effect.message);
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
      this.#method(to, type)(message, options).then(
        (reply) => this.#step({ kind: 'reply', type, from: to, ticket, reply }),
        (error: Error) => this.#step({ kind: 'reply', type, from: to, ticket, error: error.name }),
      );
    }

    #method(to: NodeId, type: string): (message: unknown, options?: object) => Promise<unknown> {
      return (this.peer(to) as unknown as Record<string, (message: unknown) => Promise<unknown>>)[type]!;
    }
  }
  return DrivenMachine as unknown as DrivenBase<M, S, D, K>;
}
