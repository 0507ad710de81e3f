/**
 * Everything that happens to one live node, in the order in which it is handed over: its messages and timers, what storage answers, what
 * the page tells. It numbers what the node asks for, and stops the node's clock within a turn.
 */

import type { Clock, Store, Timer } from '../../core/ports.ts';
import type { Value } from '../../core/value.ts';
import { takeInput, type NodeInput, type StorageAnswer } from '../node-input.ts';
import type { NodeRunner } from '../node.ts';
import type { Recorder } from '../recording/recorder.ts';
import { TurnQueue, type Turn } from '../turn.ts';
import { turnStore } from './turn-store.ts';

/** What the inputs need of their node. */
export interface LiveInputsHost {
  readonly runner: NodeRunner;
  /** Milliseconds since the run began, as the platform's clock goes on. */
  nowMs(): number;
  /** Something outside of the node happened: hands it over now, or when the node moves again. */
  happens(input: NodeInput): void;
  /** A turn is over. */
  turnOver(): void;
}

/** The inputs of one node. */
export class LiveInputs {
  readonly clock: Clock;
  readonly #host: LiveInputsHost;
  readonly #recorder: Recorder | undefined;
  readonly #turns: TurnQueue<NodeInput>;
  #turnMs = 0;
  #isInTurn = false;
  #isClosed = false;
  #posts = 0;
  #timers = 0;
  #sends = 0;
  #uses = 0;

  constructor(host: LiveInputsHost, recorder: Recorder | undefined) {
    this.#host = host;
    this.#recorder = recorder;
    this.#turns = new TurnQueue({
      begin: (input) => {
        this.#isInTurn = true;
        this.#turnMs = host.nowMs();
        recorder?.begin(input, this.#turnMs);
      },
      take: (input) => takeInput(host.runner, this.turn, input),
      end: () => {
        host.runner.endTurn();
        recorder?.end();
        this.#isInTurn = false;
        host.turnOver();
      },
    });
    this.clock = {
      now: () => this.#turnMs,
      after: (delayMs, callback) => this.#after(delayMs, callback),
    };
  }

  get turn(): Turn {
    return this.#turns.turn;
  }

  /** True from the beginning of a turn until it is over. */
  get isInTurn(): boolean {
    return this.#isInTurn;
  }

  /** How many inputs wait for their turn. */
  get backlog(): number {
    return this.#turns.backlog;
  }

  /** True when nothing is handed over any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Hands an input over, after those that wait. */
  take(input: NodeInput): void {
    if (!this.#isClosed) this.#turns.post(input);
  }

  /** The node has ended, and nobody has to hear from it: what happens from now on, it does not notice. */
  close(): void {
    this.#isClosed = true;
  }

  /** The runner wants a turn. */
  post(run: () => void): void {
    this.take({ kind: 'posted', number: ++this.#posts, run });
  }

  /** The node sent something; `accepted` when it was not yet taken. Returns a promise that is settled in a turn. */
  sent(accepted: Promise<void> | undefined): Promise<void> | undefined {
    const number = ++this.#sends;
    if (accepted === undefined) return undefined;
    this.#recorder?.waits(number);
    return new Promise((resolve) => {
      void accepted.then(() => this.take({ kind: 'accepted', number, run: resolve }));
    });
  }

  /** A store whose answers are inputs. */
  store(store: Store): Store {
    return turnStore(store, (promise) => this.#answered(promise));
  }

  #answered<T>(promise: Promise<T>): Promise<T> {
    const number = ++this.#uses;
    return new Promise((resolve, reject) => {
      const take = (answer: StorageAnswer, run: () => void) =>
        this.take({ kind: 'stored', number, answer, run });
      promise.then(
        (value) => take({ value: value as Value | undefined }, () => resolve(value)),
        (error: Error) => take({ error }, () => reject(error)),
      );
    });
  }

  #after(delayMs: number, callback: () => unknown): Timer {
    const number = ++this.#timers;
    let isCancelled = false;
    // It may be stopped by a turn before its own, when it has fired already.
    const run = () => (isCancelled ? undefined : callback());
    const timer = setTimeout(() => this.#host.happens({ kind: 'timer', number, run }), delayMs);
    return {
      cancel: () => {
        isCancelled = true;
        clearTimeout(timer);
      },
    };
  }
}
