/** Programs: what each member of the network does with its messages. Nodes, clients and services are all programs. */

import type { NodeId } from '../core/id.ts';
import type { Store, Timer } from '../core/ports.ts';
import type { Random } from '../core/random.ts';
import type { Turn } from '../runtime/turn.ts';
import type { Body, Message } from './message.ts';

/** What a program can do. */
export interface Port {
  readonly id: NodeId;
  /** How often this member has been restarted. */
  readonly incarnation: number;
  readonly random: Random;
  readonly store: Store;
  /** Whoever settles a promise that somebody may await marks the turn. */
  readonly turn: Turn;
  /** Virtual milliseconds. */
  now(): number;
  /** Calls back in a turn of its own. */
  after(delayMs: number, callback: () => unknown): Timer;
  sleep(delayMs: number): Promise<void>;
  /** True for everybody that can be sent to. */
  knows(dest: NodeId): boolean;
  /** @throws {ProtocolError} when there is nobody of this name */
  send(dest: NodeId, body: Body): void;
  log(text: string): void;
  /** This member has gone wrong, and the run ends. */
  fail(problem: string): void;
}

/** One member's program. */
export interface Program {
  receive(message: Message): void;
}
