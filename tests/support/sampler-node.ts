/** One node of a sampler in the hands of a test, which says what arrives and sees what it does. */

import type { GlobalView } from '../../src/core/invariant.ts';
import type { Effect, Machine, MachineInput } from '../../src/core/machine.ts';
import { Random } from '../../src/core/random.ts';
import { parse } from '../../src/core/schema.ts';

/** Everybody in the run of {@link SamplerNode}. */
export const NODES = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'];
/** Whom n1 can send to: n6 is in the run, and it cannot. */
export const NEIGHBOURS = ['n2', 'n3', 'n4', 'n5'];
/** Names that n1 must not take. */
export const STRANGERS = ['n1', 'n6', 'nobody', '', '__proto__', 'constructor'];

/** Node n1 of a run, driven by hand. */
export class SamplerNode {
  readonly spokenTo: string[] = [];
  readonly #machine: Machine;
  readonly #state: ReturnType<Machine['init']>;
  readonly #requests: { readonly ticket: number; readonly to: string; readonly type: string }[] =
    [];
  readonly #timers = new Set<string>();
  #ticket = 0;

  constructor(
    machine: Machine,
    settings: Readonly<Record<string, unknown>>,
    seed: number,
    state?: ReturnType<Machine['init']>,
  ) {
    this.#machine = machine;
    const seat = { id: 'n1', nodes: NODES, neighbours: NEIGHBOURS, settings };
    this.#state = state ?? machine.init(seat, Random.stream(seed, 'node'));
    if (state === undefined) {
      this.#step({ kind: 'start', restarted: false, stored: new Map() });
    }
  }

  fire(): readonly Effect[] {
    const [name] = [...this.#timers];
    return name === undefined ? [] : this.#step({ kind: 'timer', name });
  }

  /** What the message made it do. */
  hear(from: string, type: string, message: unknown): readonly Effect[] {
    const ticket = this.#machine.messages[type].kind === 'request' ? ++this.#ticket : 0;
    return this.#step({ kind: 'message', type, from, message, ticket });
  }

  /** Answers one of the requests so far, perhaps for the second time, with what its schema accepts. */
  answer(which: number, fails: boolean, naming: readonly { message: unknown }[]): void {
    const request = this.#requests[which % Math.max(1, this.#requests.length)];
    if (request === undefined) return;
    const { ticket, to: from, type } = request;
    const base = { kind: 'reply', type, from, ticket } as const;
    if (fails) {
      this.#step({ ...base, error: 'RequestTimeout' });
      return;
    }
    const { reply } = this.#machine.messages[type];
    const candidates = [
      ...naming.flatMap(({ message }) => Object.values(message as object)),
      null,
      true,
    ];
    const fitting = candidates.find((value) => fits(reply, value));
    if (fitting !== undefined) this.#step({ ...base, reply: fitting });
  }

  /** All that it keeps. */
  get state(): Readonly<Record<string, unknown>> {
    return this.#state as never;
  }

  /** What it shows of itself. */
  get visible(): Readonly<Record<string, unknown>> {
    return this.#machine.visible(this.#state);
  }

  view(): GlobalView {
    const state = this.visible;
    const others = NODES.slice(1).map((id) => ({ id, status: 'running', state: {}, settings: {} }));
    const nodes = [{ id: 'n1', status: 'running', state, settings: {} }, ...others];
    return { nodes } as unknown as GlobalView;
  }

  fork(): SamplerNode {
    const twin = new SamplerNode(this.#machine, {}, 0, this.#machine.fork(this.#state));
    for (const name of this.#timers) twin.#timers.add(name);
    return twin;
  }

  #step(input: object): readonly Effect[] {
    const effects = this.#machine.step(
      this.#state,
      { ...input, now: 0 } as MachineInput<any, any>,
      {
        path: this.#machine.name,
        id: 'n1',
      },
    );
    for (const effect of effects) {
      if (effect.kind === 'send') this.spokenTo.push(effect.to);
      if (effect.kind === 'timer') this.#timers.add(effect.name);
      if (effect.kind !== 'request') continue;
      this.spokenTo.push(effect.to);
      this.#requests.push(effect);
    }
    return effects;
  }
}

/** True where the schema admits the value. */
export function fits(schema: unknown, value: unknown): boolean {
  try {
    parse(schema as never, value, 'reply');
    return true;
  } catch {
    return false;
  }
}
