/** The requests of one node that wait for their answers. */

import { Aborted, PeerGone, RequestTimeout } from '../core/errors.ts';
import type { NodeId } from '../core/id.ts';
import { REQUEST_TIMEOUT_MS, type CallOptions } from '../core/message.ts';
import type { Clock, Timer } from '../core/ports.ts';
import type { Turn } from './turn.ts';

/** One request under way. */
export interface PendingCall {
  readonly to: NodeId;
  readonly path: string;
  readonly type: string;
  resolve(reply: unknown): void;
  reject(error: Error): void;
  /** Forgets it; its promise is never settled. */
  end(): void;
}

/** Requests by their number. Each ends once: answered, timed out, aborted, or its peer gone. */
export class PendingCalls {
  readonly #calls = new Map<number, PendingCall>();
  readonly #clock: Clock;
  readonly #turn: Pick<Turn, 'awaits'>;

  constructor(clock: Clock, turn: Pick<Turn, 'awaits'>) {
    this.#clock = clock;
    this.#turn = turn;
  }

  /** Opens a call; its promise is settled within a turn. */
  open(
    number: number,
    to: NodeId,
    path: string,
    type: string,
    { timeoutMs = REQUEST_TIMEOUT_MS, signal }: CallOptions = {},
  ): Promise<unknown> {
    if (signal?.aborted === true) {
      this.#turn.awaits();
      return Promise.reject(new Aborted(`'${type}' to ${to}`));
    }
    return new Promise((resolve, reject) => {
      let timer: Timer | undefined;
      const end = () => {
        this.#turn.awaits();
        this.#calls.delete(number);
        timer?.cancel();
        signal?.removeEventListener('abort', abort);
      };
      const call: PendingCall = {
        end,
        to,
        path,
        type,
        resolve: (reply) => {
          end();
          resolve(reply);
        },
        reject: (error) => {
          end();
          reject(error);
        },
      };
      const abort = () => call.reject(new Aborted(`'${type}' to ${to}`));
      this.#calls.set(number, call);
      signal?.addEventListener('abort', abort, { once: true });
      if (timeoutMs !== Infinity) {
        timer = this.#clock.after(timeoutMs, () =>
          call.reject(new RequestTimeout(to, type, timeoutMs)),
        );
      }
    });
  }

  /** The call that an answer from `from` belongs to. */
  find(number: number, from: NodeId, path: string, type: string): PendingCall | undefined {
    const call = this.#calls.get(number);
    if (call === undefined || call.to !== from) return undefined;
    return call.path === path && call.type === type ? call : undefined;
  }

  /** Forgets all calls. */
  close(): void {
    for (const call of [...this.#calls.values()]) call.end();
  }

  /** Ends every call to a node that is gone. */
  peerGone(id: NodeId): void {
    for (const call of [...this.#calls.values()]) {
      if (call.to === id) call.reject(new PeerGone(id, call.type));
    }
  }
}
