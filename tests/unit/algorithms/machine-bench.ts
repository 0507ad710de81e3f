/** A machine on the bench: put an input in, look at what comes out. */

import type { Effect, Machine } from '../../../src/core/machine.ts';
import type { NodeId } from '../../../src/core/id.ts';
import { Random } from '../../../src/core/random.ts';
import { fieldsSchema, parse } from '../../../src/core/schema.ts';

/** Where the machine sits. */
export interface Seat {
  readonly id: NodeId;
  readonly nodes: readonly NodeId[];
  readonly neighbours?: readonly NodeId[];
  readonly settings: Readonly<Record<string, unknown>>;
}

/** One machine, stepped by hand. */
export class Bench<State extends object> {
  readonly state: State;
  readonly machine: Machine<State>;
  readonly seat: Seat;

  constructor(machine: Machine<State>, seat: Seat) {
    const neighbours = seat.neighbours ?? seat.nodes.filter((id) => id !== seat.id);
    const settings = parse(fieldsSchema(machine.settings), seat.settings, 'settings');
    this.machine = machine;
    this.seat = seat;
    this.state = machine.init(
      { id: seat.id, nodes: seat.nodes, neighbours, settings },
      Random.stream(1, seat.id),
    );
  }

  start(): readonly Effect[] {
    return this.#step({ kind: 'start', restarted: false, stored: new Map() });
  }

  /** Comes back with what it had stored. */
  restart(stored: Readonly<Record<string, unknown>>): readonly Effect[] {
    return this.#step({ kind: 'start', restarted: true, stored: new Map(Object.entries(stored)) });
  }

  receive(from: NodeId, type: string, message: object): readonly Effect[] {
    return this.#step({ kind: 'message', type, from, message, ticket: 0 });
  }

  timer(name: string): readonly Effect[] {
    return this.#step({ kind: 'timer', name });
  }

  call(type: string, message: object): readonly Effect[] {
    return this.#step({ kind: 'call', type, message, ticket: 7 });
  }

  /** What the inspector would show. */
  visible(): Record<string, any> {
    return this.machine.visible(this.state as never) as Record<string, any>;
  }

  #step(input: object): readonly Effect[] {
    const { id } = this.seat;
    return this.machine.step(this.state as never, { ...input, now: 0 } as never, {
      id,
      path: this.machine.name,
    });
  }
}

/** Effects in short, log lines left out: `toAll echo`, `send n2 election`, `deliver delivered`. */
export function brief(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => {
    switch (effect.kind) {
      case 'log':
        return [];
      case 'send':
        return [`send ${effect.to} ${effect.type}`];
      case 'toAll':
      case 'deliver':
        return [`${effect.kind} ${effect.type}`];
      case 'timer':
      case 'cancel':
        return [`${effect.kind} ${effect.name}`];
      default:
        return [effect.kind];
    }
  });
}
