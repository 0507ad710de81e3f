/**
 * The turn: one event is handed to its handler, and the next waits until it is over.
 *
 * A handler that returns no promise, and wakes none, ends its turn at once. Otherwise the turn ends after one macrotask, when every
 * microtask has run: microtasks alone cannot show that nothing more is to come. One executor serves simulator, replay and live runs.
 */

import { macrotask } from './platform.ts';

/** Marks the turn that is under way as one that has to be awaited. */
export class Turn {
  #awaits = false;
  #wasAwaited = false;

  /** A promise that algorithm code may be waiting for was made or settled in this turn. */
  awaits(): void {
    this.#awaits = true;
  }

  /** True once when something was marked since the last look. */
  takeAwaits(): boolean {
    const awaits = this.#awaits;
    this.#awaits = false;
    this.#wasAwaited = awaits;
    return awaits;
  }

  /** What the last look showed: whether the turn that is over was one in which promises were waited for. */
  get wasAwaited(): boolean {
    return this.#wasAwaited;
  }
}

/** What surrounds the turns of a node. */
export interface TurnHost<E> {
  /** Called before each event: the node's clock stands still from here. */
  begin(event: E): void;
  /** Hands the event to the node. */
  take(event: E): void;
  /** Called when the turn is over. */
  end(): void;
}

/** Runs the events of one node that does not live in the simulator, one after the other, each in a turn of its own. */
export class TurnQueue<E> {
  readonly turn = new Turn();
  readonly #events: E[] = [];
  readonly #host: TurnHost<E>;
  #isRunning = false;

  constructor(host: TurnHost<E>) {
    this.#host = host;
  }

  /** How many events wait for their turn. */
  get backlog(): number {
    return this.#events.length;
  }

  /** Runs `event` as soon as those before it are over, at once if there are none. */
  post(event: E): void {
    this.#events.push(event);
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    const host = this.#host;
    for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
      host.begin(event);
      host.take(event);
      if (this.turn.takeAwaits()) await macrotask();
      host.end();
    }
    this.#isRunning = false;
  }
}
