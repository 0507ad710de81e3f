/**
 * A client of Raft: it tries until it knows, and what it tries several times happens once (dissertation, chapter 6).
 *
 * Every command has the client's name and a serial; the cluster remembers the answers of those that the client may still ask for. So a
 * command whose fate is unknown is sent again under its serial, and not applied again.
 */

import type { Clock } from '../../core/ports.ts';
import type { Value } from '../../core/value.ts';
import type { Outcome } from '../../algorithms/raft/messages.ts';
import { Deadlines } from './deadlines.ts';

/** How a client reaches the cluster. */
export interface ClientWorld {
  readonly clock: Clock;
  /** Puts a command to the cluster, once. */
  propose(command: SerialCommand): Promise<Outcome>;
  /** Asks it, once. */
  read(query: Value): Promise<Outcome>;
}

/** A command that happens once. */
export interface SerialCommand {
  readonly client: string;
  readonly serial: number;
  readonly lowest: number;
  readonly command: Value;
}

/** How long one tries. */
export interface TryOptions {
  /** Milliseconds until one gives up; 10 000 unless given. */
  readonly timeoutMs?: number;
  /** Gives up at once. */
  readonly signal?: AbortSignal;
}

/** A command or a read that came to no result. */
export class RaftError extends Error {
  override readonly name = 'RaftError';
  /** `error`: it will not happen. `timeout`: nobody knows whether it has happened, or will. */
  readonly kind: 'error' | 'timeout';

  constructor(kind: 'error' | 'timeout', reason: string) {
    super(reason);
    this.kind = kind;
  }
}

const TIMEOUT_MS = 10_000;

/** Waits between two attempts: short at first, so that an election costs little more than itself, and never long. */
const PAUSES_MS = [20, 50, 100, 200];

/** One client. */
export class RaftClient {
  readonly #name: string;
  readonly #world: ClientWorld;
  readonly #deadlines: Deadlines;
  #serial = 0;
  readonly #open = new Set<number>();
  /** A client that the cluster does not know, or not any more, begins again under another name. */
  #life = 0;
  /** Until the cluster knows this client, a later command could seem to be of one that it has forgotten. */
  #introduced: Promise<unknown> | undefined;

  /** @param name unique among all clients, for ever */
  constructor(name: string, world: ClientWorld) {
    this.#name = name;
    this.#world = world;
    this.#deadlines = new Deadlines(world.clock);
  }

  /** The command's result, when it has been applied. @throws {RaftError} */
  async propose(command: Value, options: TryOptions = {}): Promise<Value> {
    while (this.#introduced !== undefined) await this.#introduced;
    const serial = ++this.#serial;
    this.#open.add(serial);
    const client = `${this.#name}/${this.#life}`;
    const attempt = (): Promise<Outcome> => {
      // Serials come in order, and a Set keeps it: the first is the lowest.
      const [lowest = serial] = this.#open;
      return this.#world.propose({ client, serial, lowest, command });
    };
    const result = this.#persist(attempt, 'the command', options);
    const done = result.then(
      () => this.#ended(serial, true),
      () => this.#ended(serial, false),
    );
    if (serial === 1) this.#introduced = done;
    return result;
  }

  #ended(serial: number, isKnown: boolean): void {
    this.#open.delete(serial);
    if (serial === 1) this.#introduced = undefined;
    if (isKnown || this.#open.size > 0) return;
    this.#life++;
    this.#serial = 0;
  }

  /** The answer, linearizable. @throws {RaftError} */
  read(query: Value, options: TryOptions = {}): Promise<Value> {
    return this.#persist(() => this.#world.read(query), 'the read', options);
  }

  /** Tries again until there is a result, an error, or no time. */
  async #persist(
    attempt: () => Promise<Outcome>,
    what: string,
    { timeoutMs = TIMEOUT_MS, signal }: TryOptions,
  ): Promise<Value> {
    const { clock } = this.#world;
    const deadlineMs = clock.now() + timeoutMs;
    let reason = 'no answer';
    for (let tries = 0; clock.now() < deadlineMs; tries++) {
      signal?.throwIfAborted();
      const outcome = await this.#within(attempt(), deadlineMs, signal);
      if (outcome === undefined) break;
      if (outcome.kind === 'result') return outcome.value ?? null;
      if (outcome.kind === 'error') throw new RaftError('error', outcome.reason ?? 'refused');
      reason = outcome.reason ?? (outcome.kind === 'redirect' ? `ask ${outcome.leader}` : reason);
      const pauseMs = PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]!;
      const pauseEndsMs = Math.min(clock.now() + pauseMs, deadlineMs);
      await this.#within(new Promise(() => {}), pauseEndsMs, signal);
    }
    throw new RaftError('timeout', `${what} came to no end within ${timeoutMs} ms: ${reason}`);
  }

  /** What `promise` gives, or undefined when time is over. */
  #within<T>(
    promise: Promise<T>,
    deadlineMs: number,
    signal: AbortSignal | undefined,
  ): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const end = this.#deadlines.at(deadlineMs, () => {
        signal?.removeEventListener('abort', aborted);
        resolve(undefined);
      });
      const aborted = (): void => {
        end();
        reject(signal!.reason as Error);
      };
      signal?.addEventListener('abort', aborted, { once: true });
      const ended = (): void => {
        end();
        signal?.removeEventListener('abort', aborted);
      };
      promise.then(
        (value) => {
          ended();
          resolve(value);
        },
        (error: Error) => {
          ended();
          reject(error);
        },
      );
    });
  }
}
