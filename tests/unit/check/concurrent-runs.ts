/**
 * Histories of objects that are really linearizable: several clients use one object, and every operation takes effect at one moment
 * between its call and its return. The objects are written here a second time, with changing variables, so that they are no echo
 * of the models.
 */

import type { HistoryEvent } from '../../../src/check/history.ts';
import { Random } from '../../../src/core/random.ts';
import type { Value } from '../../../src/core/value.ts';

/** An object as a client meets it. */
export interface LiveObject {
  /** The initial state as a history says it. */
  readonly initial: Value;
  /** An operation to call. */
  draw(random: Random): readonly [f: string, input: Value];
  /** Lets it happen; the answer, or undefined when it fails and changes nothing. */
  apply(f: string, input: Value): Value | undefined;
  /** Another answer that it might have given, true or not. */
  spoil(f: string, answer: Value, random: Random): Value;
}

/** How a run goes. */
export interface RunOptions {
  readonly seed: number;
  readonly clients: number;
  readonly operations: number;
  /** Probability that an answer is lost, whether or not the operation happened. */
  readonly lost?: number;
}

interface Running {
  readonly process: number;
  readonly f: string;
  readonly input: Value;
  /** Undefined until it happened. */
  answer?: { readonly value: Value | undefined };
}

/** Runs clients against an object; the events in order. */
export function concurrentRun(object: LiveObject, options: RunOptions): HistoryEvent[] {
  const { seed, clients, operations, lost = 0 } = options;
  const random = Random.stream(seed, 'clients');
  const events: HistoryEvent[] = [];
  const idle = Array.from({ length: clients }, (_, process) => process);
  const running = new Set<Running>();
  let called = 0;
  let nextProcess = clients;
  const happen = (operation: Running) => {
    operation.answer ??= { value: object.apply(operation.f, operation.input) };
  };
  const end = (operation: Running) => {
    running.delete(operation);
    const { process, f, input } = operation;
    if (random.chance(lost)) {
      if (random.chance(0.5)) happen(operation);
      events.push([process, 'info', f, null]);
      idle.push(nextProcess++);
      return;
    }
    happen(operation);
    const { value } = operation.answer!;
    events.push(value === undefined ? [process, 'fail', f, input] : [process, 'ok', f, value]);
    idle.push(process);
  };
  while (called < operations || running.size > 0) {
    const choice = random.integer(0, 2);
    if (choice === 0 && called < operations && idle.length > 0) {
      const process = idle.splice(random.integer(0, idle.length - 1), 1)[0]!;
      const [f, input] = object.draw(random);
      events.push([process, 'invoke', f, input]);
      running.add({ process, f, input });
      called++;
    } else if (running.size > 0 && choice > 0) {
      const operation = random.pick([...running]);
      if (choice === 1) happen(operation);
      else end(operation);
    }
  }
  return events;
}

/** The same events, some of whose answers are spoilt: some failures are said to be successes. */
export function withSpoiltAnswers(
  events: readonly HistoryEvent[],
  object: LiveObject,
  { seed, count }: { readonly seed: number; readonly count: number },
): HistoryEvent[] {
  const random = Random.stream(seed, 'spoils');
  const result = [...events];
  const answers = result.flatMap(([, type], at) => (type === 'ok' || type === 'fail' ? [at] : []));
  for (const at of random.shuffled(answers).slice(0, count)) {
    const [process, type, f, value] = result[at]!;
    const answer = type === 'ok' ? object.spoil(f, value, random) : value;
    result[at] = [process, 'ok', f, answer];
  }
  return result;
}

/** A queue whose values are often equal, and that is not empty at the beginning: nothing can be told from a value alone. */
export function queueOfFewValues(): LiveObject {
  const waiting = [1, 0, 1];
  return {
    initial: [1, 0, 1],
    draw: (random) => (random.chance(0.4) ? ['enqueue', random.integer(0, 2)] : ['dequeue', null]),
    apply(f, input) {
      if (f === 'dequeue') return waiting.shift() ?? null;
      waiting.push(input as number);
      return input;
    },
    spoil: (f, answer, random) => (f === 'dequeue' ? random.integer(0, 3) : answer),
  };
}

/** One object of each model, with few values, so that operations meet. */
export const LIVE_OBJECTS: Readonly<Record<string, () => LiveObject>> = {
  register: () => {
    let held: Value = null;
    return {
      initial: null,
      draw: (random) => (random.chance(0.5) ? ['read', null] : ['write', random.integer(0, 3)]),
      apply(f, input) {
        if (f === 'write') held = input;
        return held;
      },
      spoil: (f, answer, random) => (f === 'read' ? random.integer(0, 3) : answer),
    };
  },

  'cas-register': () => {
    let held: Value = 0;
    return {
      initial: 0,
      draw(random) {
        const f = random.pick(['read', 'write', 'cas']);
        const [a, b] = [random.integer(0, 3), random.integer(0, 3)];
        return [f, f === 'read' ? null : f === 'write' ? a : [a, b]];
      },
      apply(f, input) {
        if (f === 'read') return held;
        if (f === 'write') return (held = input);
        const [from, to] = input as [Value, Value];
        if (held !== from) return undefined;
        held = to;
        return input;
      },
      spoil: (f, answer, random) => (f === 'read' ? random.integer(0, 3) : answer),
    };
  },

  'multi-register': () => {
    const held: Record<string, Value> = { x: 0, y: 0, z: 0 };
    return {
      initial: { x: 0, y: 0, z: 0 },
      draw(random) {
        const keys = random.shuffled(['x', 'y', 'z']).slice(0, random.integer(1, 2));
        return [
          'txn',
          keys.map((key) =>
            random.chance(0.5) ? ['read', key, null] : ['write', key, random.integer(1, 3)],
          ),
        ];
      },
      apply: (_f, input) =>
        (input as [string, string, Value][]).map(([what, key, value]) => {
          if (what === 'write') held[key] = value;
          return [what, key, held[key]!];
        }),
      spoil: (_f, answer, random) =>
        (answer as [string, string, Value][]).map(([what, key, value]) => [
          what,
          key,
          what === 'read' ? random.integer(0, 3) : value,
        ]),
    };
  },

  kv: () => {
    const held = new Map<string, string>();
    let appended = 0;
    return {
      initial: '',
      draw(random) {
        const key = random.pick(['a', 'b']);
        const f = random.pick(['get', 'get', 'get', 'append', 'append', 'append', 'put']);
        return [f, [key, f === 'get' ? null : `${appended++}.`]];
      },
      apply(f, input) {
        const [key, value] = input as [string, string];
        if (f === 'put') held.set(key, value);
        if (f === 'append') held.set(key, (held.get(key) ?? '') + value);
        return [key, held.get(key) ?? ''];
      },
      spoil(f, answer, random) {
        const [key, value] = answer as [string, string];
        if (f !== 'get') return answer;
        const parts = [...value.split('.').slice(0, -1), random.integer(0, appended)];
        const kept = random.shuffled(parts).slice(0, random.integer(0, parts.length));
        return [key, kept.map((part) => `${part}.`).join('')];
      },
    };
  },

  queue: () => {
    const waiting: number[] = [];
    let next = 0;
    return {
      initial: null,
      draw: (random) => (random.chance(0.5) ? ['enqueue', next++] : ['dequeue', null]),
      apply(f, input) {
        if (f === 'dequeue') return waiting.shift() ?? null;
        waiting.push(input as number);
        return input;
      },
      spoil: (f, answer, random) => (f === 'dequeue' ? random.integer(0, next) : answer),
    };
  },

  set: () => {
    const elements = new Set<number>();
    return {
      initial: [],
      draw(random) {
        const f = random.pick(['add', 'add', 'remove', 'contains', 'read']);
        return [f, f === 'read' ? null : random.integer(0, 9)];
      },
      apply(f, input) {
        if (f === 'read') return [...elements];
        if (f === 'contains') return elements.has(input as number);
        if (f === 'add') elements.add(input as number);
        else elements.delete(input as number);
        return input;
      },
      spoil(f, answer, random) {
        if (f === 'contains') return !(answer as boolean);
        return f === 'read' ? (answer as number[]).filter(() => random.chance(0.7)) : answer;
      },
    };
  },

  mutex: () => {
    let isLocked = false;
    return {
      initial: 'unlocked',
      draw: (random) => [random.pick(['acquire', 'release']), null],
      apply(f) {
        if ((f === 'acquire') === isLocked) return undefined;
        isLocked = !isLocked;
        return null;
      },
      // Nothing is read: what failed is said to have happened instead.
      spoil: (_f, answer) => answer,
    };
  },

  counter: () => {
    let sum = 0;
    return {
      initial: 0,
      draw: (random) => (random.chance(0.5) ? ['read', null] : ['add', random.integer(-1, 4)]),
      apply(f, input) {
        if (f === 'add') sum += input as number;
        return sum;
      },
      spoil: (f, answer, random) =>
        f === 'read' ? (answer as number) + random.integer(-2, 2) : answer,
    };
  },

  bank: () => {
    const balances: Record<string, number> = { a: 10, b: 10, c: 10 };
    return {
      initial: { a: 10, b: 10, c: 10 },
      draw(random) {
        const [from, to] = random.shuffled(['a', 'b', 'c']) as [string, string];
        if (random.chance(0.5)) return ['read', null];
        return ['transfer', { from, to, amount: random.integer(1, 8) }];
      },
      apply(f, input) {
        if (f === 'read') return { ...balances };
        const { from, to, amount } = input as { from: string; to: string; amount: number };
        if (balances[from]! < amount) return undefined;
        balances[from]! -= amount;
        balances[to]! += amount;
        return input;
      },
      spoil(f, answer, random) {
        if (f !== 'read') return answer;
        const { a, b, c } = answer as Record<string, number>;
        const moved = random.integer(-4, 4);
        return { a: a! + moved, b: b! - moved, c: c! };
      },
    };
  },
};
