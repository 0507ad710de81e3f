/**
 * The conductor: starts the nodes, hands operations to clients at the rate asked for, lets the network recover, and asks for the last word.
 *
 * It is the first client. What the others are asked and what they are answered makes the history.
 */

import type { HistoryEvent } from '../check/history.ts';
import type { NodeId } from '../core/id.ts';
import type { Random } from '../core/random.ts';
import { Client, MalformedAnswer, RpcError } from './client.ts';
import type { Message } from './message.ts';
import type { Port, Program } from './program.ts';
import {
  Asker,
  type Completion,
  type Load,
  type Operation,
  type Session,
  type Workload,
  type WorkloadWorld,
} from './workloads/workload.ts';

/** How long a network is left alone before the last reads, as in Maelstrom. */
export const RECOVERY_MS = 10_000;

/** What is asked of the nodes, and how often. */
export interface Score {
  readonly workload: Workload;
  readonly world: WorkloadWorld;
  /** Operations a second, all clients together. */
  readonly rate: number;
  readonly limitMs: number;
  readonly timeoutMs: number;
  /** Milliseconds that a node may take to answer its `init`. */
  readonly initTimeoutMs: number;
  readonly random: Random;
}

/** What the conductor tells. */
export interface Audience {
  /** The load begins: every node has answered. */
  began(): void;
  /** The load has ended, and the network is left alone for a while. */
  recovering(): void;
  /** Everything has been asked, or the run has failed. */
  ended(): void;
  /** Something is wrong with an answer; the run goes on. */
  problem(text: string): void;
}

/** One of the clients at work. */
interface Seat {
  readonly place: number;
  readonly client: Client;
  readonly node: NodeId;
  process: number;
  session: Session;
}

/** Conducts one run. */
export class Conductor implements Program {
  readonly history: HistoryEvent[] = [];
  readonly #score: Score;
  readonly #audience: Audience;
  readonly #own: Client;
  readonly #load: Load;
  #seats: Seat[] = [];
  #free: Seat[] = [];
  #wake: (() => void) | undefined;
  #isStarted = false;

  constructor(port: Port, score: Score, audience: Audience) {
    this.#own = new Client(port);
    this.#score = score;
    this.#audience = audience;
    this.#load = score.workload.load(score.world);
  }

  receive(message: Message): void {
    this.#own.receive(message);
  }

  /** Operations that are without an answer. */
  get open(): number {
    return this.#seats.length - this.#free.length;
  }

  /** Begins, when all clients are there. */
  begin(clients: readonly Client[]): void {
    const { nodes } = this.#score.world;
    this.#seats = clients.map((client, place) => {
      const node = nodes[place % nodes.length]!;
      return { place, client, node, process: place, session: this.#session(client, node) };
    });
    this.#free = [...this.#seats];
    this.#own.port.after(0, () => this.#conduct());
  }

  /** A node has been started again: it is told again who it is. */
  restarted(node: NodeId): void {
    if (this.#isStarted) this.#own.port.after(0, () => this.#introduce(node));
  }

  async #conduct(): Promise<void> {
    const { nodes } = this.#score.world;
    const introduced = await Promise.all(nodes.map((node) => this.#introduce(node)));
    if (introduced.includes(false)) return;
    this.#isStarted = true;
    this.#audience.began();
    await this.#perform();
    await this.#until(() => this.open === 0);
    if (this.#load.final !== undefined) {
      this.#audience.recovering();
      await this.#own.port.sleep(RECOVERY_MS);
      await Promise.all(this.#seats.map((seat) => this.#finish(seat)));
    }
    this.#audience.ended();
  }

  /** Tells a node who it is, and what the workload has to say before it begins. False when it did not take it. */
  async #introduce(node: NodeId): Promise<boolean> {
    const { workload, world, initTimeoutMs } = this.#score;
    const asker = new Asker(this.#own, node, initTimeoutMs);
    try {
      await asker.ask('init', { node_id: node, node_ids: world.nodes });
      const setup = workload.setup?.(world);
      if (setup !== undefined) await asker.ask(...setup);
      return true;
    } catch (error) {
      if (!(error instanceof RpcError || error instanceof MalformedAnswer)) throw error;
      // Whoever goes down again while it is told so is told again when it is back.
      if (!this.#isStarted) this.#own.port.fail(`${node} cannot be started: ${error.message}`);
      return false;
    }
  }

  async #perform(): Promise<void> {
    const { rate, limitMs, random } = this.#score;
    const { port } = this.#own;
    const beganMs = port.now();
    for (let nextMs = 0; rate > 0;) {
      nextMs += random.between(0, 2000 / rate);
      if (nextMs >= limitMs) break;
      const waitMs = beganMs + nextMs - port.now();
      if (waitMs > 0) await port.sleep(waitMs);
      await this.#until(() => this.#free.length > 0);
      if (port.now() - beganMs >= limitMs) break;
      const seat = this.#free.splice(random.integer(0, this.#free.length - 1), 1)[0]!;
      const operation = this.#load.next(seat.place);
      if (operation === undefined) this.#free.push(seat);
      else void this.#give(seat, operation);
    }
    const restMs = beganMs + limitMs - port.now();
    if (restMs > 0) await port.sleep(restMs);
  }

  /** The last operations of one client, one after the other. */
  async #finish(seat: Seat): Promise<void> {
    let last: Completion | undefined;
    for (;;) {
      const operation = this.#load.final!(seat.place, last);
      if (operation === undefined) return;
      this.#free.splice(this.#free.indexOf(seat), 1);
      last = await this.#give(seat, operation);
    }
  }

  /** Has an operation carried out by a client, in a turn of the client's. */
  #give(seat: Seat, operation: Operation): Promise<Completion> {
    const { port } = seat.client;
    return new Promise((resolve) => {
      port.after(0, async () => {
        const { process } = seat;
        this.#note(process, 'invoke', operation.f, operation.value);
        const completion = await this.#completion(seat, operation);
        const { type, value = operation.value } = completion;
        this.#note(process, type, operation.f, value);
        if (type === 'info') this.#replace(seat);
        this.#free.push(seat);
        this.#wake?.();
        resolve(completion);
      });
    });
  }

  async #completion({ session }: Seat, operation: Operation): Promise<Completion> {
    try {
      return await session.perform(operation);
    } catch (error) {
      if (!(error instanceof MalformedAnswer)) throw error;
      this.#audience.problem(error.message);
      return { type: 'info', error: error.message };
    }
  }

  /** Nobody knows what became of its operation: whoever takes its place is somebody else. */
  #replace(seat: Seat): void {
    seat.process += this.#seats.length;
    seat.session = this.#session(seat.client, seat.node);
    this.#load.lost?.(seat.place);
  }

  #session(client: Client, node: NodeId): Session {
    const { workload, world, timeoutMs } = this.#score;
    return workload.session(new Asker(client, node, timeoutMs), world);
  }

  #note(process: number, type: HistoryEvent[1], f: string, value: HistoryEvent[3]): void {
    this.history.push([process, type, f, value, this.#own.port.now()]);
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
