/**
 * Applications: a kind of algorithm that gossips over whatever view its node has. It is called again and again, and says what it
 * does with one cycle; whom there is to gossip with is the business of the layer beside it (`application-host.ts` among the chapters).
 *
 * The shape is that of Inria's nodemanager (`periodic_run(view, node)`, `handle_message(message, from)`, a queued `send_message`), with
 * messages that are typed as everywhere here.
 */

import * as v from 'valibot';
import { Algorithm, defineAlgorithm } from './algorithm.ts';
import type { NodeContext } from './context.ts';
import type { NodeId } from './id.ts';
import type { Cast, Handlers, Input, MessageRecord } from './message.ts';
import type { Rules } from './rules.ts';
import type { Fields } from './schema.ts';

/** Settings that every application has, by nodemanager's names. */
export const applicationSettings = {
  /** Seconds from one cycle to the next. */
  elapsed_time: v.optional(v.pipe(v.number(), v.minValue(0.001)), 2),
  /** Cycles until the application is over; −1 for ever. */
  cycles: v.optional(v.pipe(v.number(), v.integer(), v.minValue(-1)), -1),
};

type CastOf<M extends MessageRecord> = {
  [T in keyof M]: M[T] extends Cast ? T : never;
}[keyof M] &
  string;

/** One application of one node. Extend what {@link defineApplication} returns. */
export abstract class Application<
  M extends MessageRecord,
  S extends Fields,
  R extends Rules = {},
> extends Algorithm<M, S & typeof applicationSettings, {}, {}, R> {
  readonly #queue: (() => void)[] = [];
  #cycle = 0;
  #unsent = 0;
  #isBusy = false;

  /**
   * One cycle.
   *
   * @param view whom the sampling layer knows now, each once
   * @param node this node
   */
  abstract periodicRun(view: readonly NodeId[], node: NodeId): void | Promise<void>;

  /** Cycles begun so far. */
  get cycle(): number {
    return this.#cycle;
  }

  /** Messages to nodes that this one cannot send to: they were thrown away. */
  get unsent(): number {
    return this.#unsent;
  }

  /** True while a cycle waits for something: the next one is then left out. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** True when it has had all its cycles. An application that has something to finish says so by another answer. */
  get isOver(): boolean {
    const { cycles } = this.pace;
    return cycles >= 0 && this.#cycle >= cycles;
  }

  /** Its settings that concern time. */
  get pace(): { readonly elapsed_time: number; readonly cycles: number } {
    return this.settings;
  }

  /** Runs the next cycle: its host calls this. What it queues leaves when it has returned, and not at all when it throws. */
  async runCycle(view: readonly NodeId[]): Promise<void> {
    this.#cycle++;
    this.#isBusy = true;
    try {
      await this.#sendingAfter(() => this.periodicRun(view, this.id));
    } finally {
      this.#isBusy = false;
    }
  }

  /** Queues a message; it leaves when the callback that queued it has returned. */
  protected sendMessage<T extends CastOf<M>>(to: NodeId, type: T, message: Input<M[T]>): void {
    this.#queue.push(() => {
      const peer = this.peers.get(to) as
        | Record<string, (message: unknown) => Promise<void>>
        | undefined;
      if (peer === undefined) {
        this.#unsent++;
        this.log.debug(`cannot send '${type}' to ${to}: it is no neighbour`);
      } else {
        void peer[type]!(message);
      }
    });
  }

  /** What happens on each message: nodemanager's `handle_message`, once for each type. */
  protected override on(handlers: Handlers<M>): Handlers<M> {
    return Object.fromEntries(
      Object.entries(handlers as Record<string, Handler>).map(([type, handler]) => [
        type,
        (from: NodeId, message: unknown) => this.#sendingAfter(() => handler(from, message)),
      ]),
    ) as Handlers<M>;
  }

  #sendingAfter<T>(callback: () => T | Promise<T>): T | Promise<T> {
    try {
      const result = callback();
      if (result instanceof Promise) {
        return result.then(
          (value) => {
            this.#flush();
            return value;
          },
          (error: unknown) => {
            this.#queue.length = 0;
            throw error;
          },
        );
      }
      this.#flush();
      return result;
    } catch (error) {
      this.#queue.length = 0;
      throw error;
    }
  }

  #flush(): void {
    for (const send of this.#queue.splice(0)) send();
  }
}

type Handler = (from: NodeId, message: unknown) => unknown;

/** What an application declares of itself. */
export interface ApplicationDefinition<
  M extends MessageRecord,
  S extends Fields,
  R extends Rules = {},
> {
  readonly messages: M;
  readonly settings?: S;
  /** Its decisions by name: what a bug of the chapter may replace. */
  readonly rules?: R;
}

/** The base of an application's class. */
export type ApplicationBase<
  M extends MessageRecord,
  S extends Fields,
  R extends Rules = {},
> = (abstract new (context: NodeContext) => Application<M, S, R>) & {
  readonly definition: {
    readonly name: string;
    readonly messages: M;
    readonly settings: S & typeof applicationSettings;
    readonly children: {};
    readonly delivers: {};
    readonly rules: R;
    readonly service: boolean;
  };
};

/** Any application, for its host. */
export type AnyApplication = Application<any, any, any>;

/** A finished application class. */
export type ApplicationClass = (new (context: NodeContext) => AnyApplication) & {
  readonly definition: ApplicationBase<any, any, any>['definition'];
};

/**
 * Declares an application. Extend what it returns.
 *
 * @param name in lower case with underscores
 * @throws {TypeError} when a name is used twice or cannot be a name
 */
export function defineApplication<
  M extends MessageRecord,
  S extends Fields = {},
  R extends Rules = {},
>(name: string, declared: ApplicationDefinition<M, S, R>): ApplicationBase<M, S, R> {
  const { definition } = defineAlgorithm(name, {
    messages: declared.messages,
    settings: { ...declared.settings, ...applicationSettings },
    rules: declared.rules ?? {},
    service: true,
  });
  abstract class Defined extends Application<M, S, R> {
    static readonly definition = definition;
  }
  return Defined as unknown as ApplicationBase<M, S, R>;
}
