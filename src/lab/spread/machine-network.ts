/**
 * Thousands of Machines in one queue of events: the chapters' own code, without barriers, schemas, signatures and traces, which belong to a run
 * of some nodes and not to a measurement of many. Links keep order and lose nothing; storage is there at once.
 */

import type { NodeId } from '../../core/id.ts';
import { REQUEST_TIMEOUT_MS } from '../../core/message.ts';
import type { Effect, Machine, MachineBase, MachineInput } from '../../core/machine.ts';
import { Random } from '../../core/random.ts';
import { EventQueue } from '../../runtime/event-queue.ts';

/** One machine of a node, in a stack of layers. */
export interface NetworkLayer {
  readonly name: string;
  readonly machine: Machine;
  readonly settings: object;
  /** What a delivery of it is to another layer: that layer's name and the call; undefined when it goes to whoever measures. */
  readonly lift?: (
    type: string,
    message: unknown,
  ) => readonly [layer: string, call: string, message: unknown];
}

/** A network to be. */
export interface NetworkPlan {
  readonly nodes: readonly NodeId[];
  readonly neighbours: (node: number) => readonly NodeId[];
  /** The same for every node; the last is the top. */
  readonly layers: readonly NetworkLayer[];
  /** Milliseconds that a message takes now from one node to another. */
  readonly latencyMs: (from: number, to: number) => number;
  readonly seed: number | string;
  /** A machine has sent something. */
  readonly onSend?: (type: string) => void;
  readonly onDeliver?: (node: number, type: string, message: unknown, now: number) => void;
}

/** A machine where it stands. */
interface Seat {
  readonly node: number;
  readonly layer: NetworkLayer;
  readonly at: number;
  readonly state: MachineBase;
  readonly timers: Map<string, number>;
  /** When the last message on the link to each node arrives. */
  readonly arrivals: Map<number, number>;
}

/** A request under way, by the number that the receiver answers to. */
interface Asked {
  readonly seat: Seat;
  readonly ticket: number;
  readonly to: NodeId;
  readonly type: string;
}

/** The network. */
export class MachineNetwork {
  readonly #plan: NetworkPlan;
  readonly #queue = new EventQueue<() => void>();
  readonly #seats: Seat[][];
  readonly #numbers: ReadonlyMap<NodeId, number>;
  readonly #asked = new Map<number, Asked>();
  #tickets = 0;
  #now = 0;
  /** Events so far. */
  events = 0;

  constructor(plan: NetworkPlan) {
    this.#plan = plan;
    const { nodes, layers, seed } = plan;
    this.#numbers = new Map(nodes.map((id, node) => [id, node]));
    this.#seats = nodes.map((id, node) =>
      layers.map((layer, at) => {
        const { machine, settings } = layer;
        const place = { id, nodes, neighbours: plan.neighbours(node), settings };
        const state = machine.init(place, Random.stream(seed, `${layer.name} of ${id}`));
        return { node, layer, at, state, timers: new Map(), arrivals: new Map() };
      }),
    );
    for (const stack of this.#seats) {
      for (const seat of stack) {
        const start = { kind: 'start', restarted: false, stored: new Map(), damaged: [] };
        this.#queue.push(0, () => this.#step(seat, start));
      }
    }
  }

  /** Milliseconds since the beginning. */
  get now(): number {
    return this.#now;
  }

  /** Everything that happens until then. */
  runUntil(timeMs: number): void {
    const queue = this.#queue;
    while (queue.size > 0 && queue.nextTime <= timeMs) {
      this.#now = queue.nextTime;
      this.events++;
      queue.pop()!();
    }
    this.#now = timeMs;
  }

  /** Puts a call to a machine, now. */
  call(node: number, layer: string, type: string, message: unknown): void {
    this.#step(this.#seatOf(node, layer), { kind: 'call', type, message, ticket: 0 });
  }

  /** What a machine shows. */
  visible(node: number, layer: string): unknown {
    const { layer: of, state } = this.#seatOf(node, layer);
    return of.machine.visible(state);
  }

  #seatOf(node: number, layer: string): Seat {
    return this.#seats[node]!.find((seat) => seat.layer.name === layer)!;
  }

  #step(seat: Seat, input: object): void {
    const { machine, name } = seat.layer;
    const timed = { ...input, now: this.#now } as MachineInput<never, never>;
    const id = this.#plan.nodes[seat.node]!;
    for (const effect of machine.step(seat.state, timed, { path: name, id })) {
      this.#do(seat, effect);
    }
  }

  #do(seat: Seat, effect: Effect): void {
    switch (effect.kind) {
      case 'send':
        this.#send(seat, effect.to, effect.type, effect.message, 0);
        return;
      case 'request':
        this.#request(seat, effect);
        return;
      case 'answer':
        this.#answer(seat, effect.ticket, { reply: effect.reply });
        return;
      case 'refuse':
        this.#answer(seat, effect.ticket, { error: 'RemoteError' });
        return;
      case 'timer': {
        const turn = (seat.timers.get(effect.name) ?? 0) + 1;
        seat.timers.set(effect.name, turn);
        this.#queue.push(this.#now + effect.delayMs, () => {
          if (seat.timers.get(effect.name) !== turn) return;
          this.#step(seat, { kind: 'timer', name: effect.name });
        });
        return;
      }
      case 'cancel':
        seat.timers.set(effect.name, (seat.timers.get(effect.name) ?? 0) + 1);
        return;
      case 'write':
        this.#queue.push(this.#now, () =>
          this.#step(seat, { kind: 'written', ticket: effect.ticket }),
        );
        return;
      case 'deliver': {
        const lifted = seat.layer.lift?.(effect.type, effect.message);
        if (lifted === undefined) {
          this.#plan.onDeliver?.(seat.node, effect.type, effect.message, this.#now);
        } else this.call(seat.node, ...lifted);
        return;
      }
      case 'toAll':
        for (const to of this.#plan.neighbours(seat.node)) {
          this.#send(seat, to, effect.type, effect.message, 0);
        }
        break;
      default:
      // Nobody crashes here, reads along or waits for the end: put, log, terminate.
    }
  }

  #send(seat: Seat, to: NodeId, type: string, message: unknown, ticket: number): void {
    this.#plan.onSend?.(type);
    const receiver = this.#seats[this.#numbers.get(to)!]![seat.at]!;
    const from = this.#plan.nodes[seat.node]!;
    this.#queue.push(this.#arrival(seat, receiver.node), () =>
      this.#step(receiver, { kind: 'message', type, from, message, ticket }),
    );
  }

  #request(
    seat: Seat,
    { to, type, message, ticket, timeoutMs }: Extract<Effect, { kind: 'request' }>,
  ): void {
    const number = ++this.#tickets;
    this.#asked.set(number, { seat, ticket, to, type });
    this.#send(seat, to, type, message, number);
    this.#queue.push(this.#now + (timeoutMs ?? REQUEST_TIMEOUT_MS), () => {
      if (!this.#asked.delete(number)) return;
      this.#step(seat, { kind: 'reply', type, from: to, ticket, error: 'RequestTimeout' });
    });
  }

  #answer(seat: Seat, number: number, answer: { reply?: unknown; error?: string }): void {
    const asked = this.#asked.get(number);
    if (asked === undefined) return;
    const { seat: asker, ticket, to, type } = asked;
    this.#plan.onSend?.(`${type} answered`);
    this.#queue.push(this.#arrival(seat, asker.node), () => {
      if (this.#asked.delete(number)) {
        this.#step(asker, { kind: 'reply', type, from: to, ticket, ...answer });
      }
    });
  }

  /** Messages on one link arrive in the order in which they were sent. */
  #arrival({ node, arrivals }: Seat, to: number): number {
    const soonest = this.#now + this.#plan.latencyMs(node, to);
    const arrival = Math.max(soonest, arrivals.get(to) ?? 0);
    arrivals.set(to, arrival);
    return arrival;
  }
}
