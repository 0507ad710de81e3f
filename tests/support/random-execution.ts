/** Random executions of a few nodes, made by a little model of a network: loss, duplicates, reordering, restarts, skewed clocks. */

import type { NodeId } from '../../src/core/id.ts';
import type { TraceEvent } from '../../src/core/trace.ts';
import { fc } from './property.ts';

/** An execution: its events in the order in which they really happened. */
export interface Execution {
  readonly nodes: readonly NodeId[];
  readonly events: readonly TraceEvent[];
  /** For each event the index of the one that sent what it received; −1 for the others. */
  readonly sendings: readonly number[];
}

/** What the model may do. */
export interface ModelOptions {
  readonly nodesMax?: number;
  readonly stepsMax?: number;
  /** Messages of one link may overtake each other; otherwise links are first in, first out. */
  readonly reorders?: boolean;
  readonly duplicates?: boolean;
  readonly restarts?: boolean;
  /** Each node's clock is off by up to so many milliseconds. */
  readonly skewMs?: number;
}

interface Flight {
  readonly sent: TraceEvent & { readonly kind: 'send' };
  readonly index: number;
  readonly life: number;
}

const STEPS = [
  'send',
  'broadcast',
  'receive',
  'receive',
  'receive',
  'lose',
  'work',
  'restart',
] as const;

/** Arbitrary executions. */
export function executions(options: ModelOptions = {}): fc.Arbitrary<Execution> {
  const { nodesMax = 4, stepsMax = 40, skewMs = 0 } = options;
  const step = fc.record({
    what: fc.constantFrom(...STEPS),
    node: fc.nat(1000),
    other: fc.nat(1000),
    again: fc.integer({ min: 0, max: 4 }),
    later: fc.integer({ min: 0, max: 3 }),
  });
  return fc
    .record({
      count: fc.integer({ min: 1, max: nodesMax }),
      steps: fc.array(step, { maxLength: stepsMax, size: 'max' }),
      skews: fc.array(fc.integer({ min: 0, max: skewMs }), {
        minLength: nodesMax,
        maxLength: nodesMax,
      }),
    })
    .map(({ count, steps, skews }) => {
      const model = new Model(count, skews, options);
      for (const { what, node, other, again, later } of steps) {
        model.step(what, node % count, other, again === 0, later);
      }
      return model.execution();
    });
}

class Model {
  readonly #nodes: readonly NodeId[];
  readonly #skews: readonly number[];
  readonly #options: ModelOptions;
  readonly #events: TraceEvent[] = [];
  readonly #sendings: number[] = [];
  readonly #flights: Flight[] = [];
  readonly #sequences: number[];
  readonly #numbers: number[];
  readonly #lives: number[];
  #now = 0;

  constructor(count: number, skews: readonly number[], options: ModelOptions) {
    this.#nodes = Array.from({ length: count }, (_, at) => `n${at + 1}`);
    this.#skews = skews;
    this.#options = options;
    this.#sequences = this.#nodes.map(() => 0);
    this.#numbers = this.#nodes.map(() => 0);
    this.#lives = this.#nodes.map(() => 1);
  }

  step(what: (typeof STEPS)[number], at: number, other: number, again: boolean, later: number) {
    this.#now += later;
    switch (what) {
      case 'send':
        this.#numbers[at]!++;
        this.#send(at, other % this.#nodes.length);
        return;
      case 'broadcast':
        this.#numbers[at]!++;
        for (let to = 0; to < this.#nodes.length; to++) if (to !== at) this.#send(at, to);
        return;
      case 'receive':
        this.#receive(at, other, again);
        return;
      case 'lose':
        if (this.#flights.length > 0) this.#flights.splice(other % this.#flights.length, 1);
        return;
      case 'work':
        this.#happen(at, { kind: 'timer', path: 'model', name: '' }, -1);
        return;
      case 'restart':
        if (this.#options.restarts === true) this.#restart(at);
    }
  }

  execution(): Execution {
    return { nodes: this.#nodes, events: this.#events, sendings: this.#sendings };
  }

  #send(at: number, to: number): void {
    const message = `${this.#nodes[at]}#${this.#numbers[at]}`;
    const body = { life: this.#lives[at]! };
    const rest = { message, path: 'model', type: `t${this.#numbers[at]! % 3}`, bytes: 1 };
    const sent = { kind: 'send', to: this.#nodes[to]!, body, role: 'cast', ...rest } as const;
    this.#happen(at, sent, -1);
    const index = this.#events.length - 1;
    const event = this.#events[index] as Flight['sent'];
    this.#flights.push({ sent: event, index, life: this.#lives[to]! });
  }

  /** A link that keeps order gives its oldest message; messages for an earlier life of the node are lost with it. */
  #receive(at: number, other: number, again: boolean): void {
    const node = this.#nodes[at]!;
    const mine = this.#flights.filter(({ sent }) => sent.to === node);
    if (mine.length === 0) return;
    const chosen = mine[other % mine.length]!;
    const flight =
      this.#options.reorders === true
        ? chosen
        : mine.find(({ sent }) => sent.node === chosen.sent.node)!;
    if (!(again && this.#options.duplicates === true)) {
      this.#flights.splice(this.#flights.indexOf(flight), 1);
    }
    if (flight.life !== this.#lives[at]) return;
    const { node: from, message, path, type, role, bytes } = flight.sent;
    this.#happen(at, { kind: 'deliver', from, message, path, type, role, bytes }, flight.index);
  }

  /** Counts anew, as a reloaded tab does, and links are made anew: what was under way from and to it is lost. */
  #restart(at: number): void {
    const node = this.#nodes[at]!;
    this.#lives[at]!++;
    this.#sequences[at] = 0;
    this.#numbers[at] = 0;
    for (let i = this.#flights.length - 1; i >= 0; i--) {
      const { sent } = this.#flights[i]!;
      if (sent.node === node || sent.to === node) this.#flights.splice(i, 1);
    }
    this.#happen(at, { kind: 'status', status: 'joining' }, -1);
  }

  #happen(at: number, event: object, sending: number): void {
    this.#sequences[at]!++;
    const where = {
      time: this.#now + this.#skews[at]!,
      node: this.#nodes[at]!,
      sequence: this.#sequences[at]!,
    };
    this.#events.push({ ...where, ...event } as TraceEvent);
    this.#sendings.push(sending);
  }
}

/** Happened-before by the definition: the transitive closure of the order at each node and of message arrows. */
export function happensBeforeMatrix({ events, sendings }: Execution): boolean[][] {
  const before = events.map(() => events.map(() => false));
  for (let to = 0; to < events.length; to++) {
    const causes = new Set<number>();
    for (let at = 0; at < to; at++) if (events[at]!.node === events[to]!.node) causes.add(at);
    if (sendings[to]! >= 0) causes.add(sendings[to]!);
    for (const cause of causes) {
      before[cause]![to] = true;
      for (let at = 0; at < cause; at++) if (before[at]![cause] === true) before[at]![to] = true;
    }
  }
  return before;
}
