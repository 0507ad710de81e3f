/** Histories of transactions, written shortly, and databases that really run them. */

import type { HistoryEvent } from '../../../src/check/history.ts';
import { Random } from '../../../src/core/random.ts';
import type { Value } from '../../../src/core/value.ts';

/** A transaction: its answer (or its call, when it has none), and how it ended. */
export interface Txn {
  readonly micros: Value;
  readonly outcome: 'ok' | 'fail' | 'info';
}

/** `append x 1, r x [1]` as micro-operations; a read's list or value is JSON. */
export function txn(text: string, outcome: Txn['outcome'] = 'ok'): Txn {
  const micros = text.split(', ').map((part) => {
    const [name, key, value] = part.split(' ') as [string, string, string];
    return [name, key, JSON.parse(value) as Value];
  });
  return { micros, outcome };
}

/** All of them at the same time, each by a process of its own. */
export function atOnce(...transactions: readonly Txn[]): HistoryEvent[] {
  return [
    ...transactions.map(({ micros }, process) => callOf(micros, process)),
    ...transactions.map(({ micros, outcome }, process): HistoryEvent => {
      return [process, outcome, 'txn', micros];
    }),
  ];
}

/** One after the other; by one process, or each by its own. */
export function inOrder(transactions: readonly Txn[], by: 'one' | 'many'): HistoryEvent[] {
  return transactions.flatMap(({ micros, outcome }, at): HistoryEvent[] => {
    const process = by === 'one' ? 0 : at;
    return [callOf(micros, process), [process, outcome, 'txn', micros]];
  });
}

function callOf(micros: Value, process: number): HistoryEvent {
  return [process, 'invoke', 'txn', micros];
}

/** How a database keeps transactions apart. */
export type Isolation = 'serial' | 'snapshot' | 'none';

/** Writes before all keys are left for new ones. */
const KEY_WRITES = 60;

interface Running {
  readonly process: number;
  readonly plan: readonly (readonly [name: string, key: string, value: Value])[];
  readonly done: Value[];
  readonly snapshot: Map<string, readonly Value[]>;
  readonly written: Set<string>;
}

/**
 * Runs transactions against lists (or, with `registers`, against their last elements). `serial` runs each at one moment, `snapshot` reads all
 * at the beginning and commits unless another wrote the same meanwhile, `none` does every step on its own.
 */
export function runTransactions(
  isolation: Isolation,
  options: { readonly seed: number; readonly count: number; readonly registers?: boolean },
): HistoryEvent[] {
  const { seed, count, registers = false } = options;
  const random = Random.stream(seed, 'transactions');
  const stored = new Map<string, readonly Value[]>();
  const events: HistoryEvent[] = [];
  const running: Running[] = [];
  const idle = [0, 1, 2, 3];
  let next = 1;
  const begin = () => {
    const process = idle.splice(random.integer(0, idle.length - 1), 1)[0]!;
    const plan = Array.from({ length: random.integer(1, 4) }, () => {
      // Keys are left after a while, as Maelstrom does: lists stay short.
      const key = `${random.pick(['x', 'y', 'z'])}${Math.floor(next / KEY_WRITES)}`;
      if (random.chance(0.5)) return ['r', key, null] as const;
      return [registers ? 'w' : 'append', key, next++] as const;
    });
    events.push([process, 'invoke', 'txn', plan]);
    running.push({ process, plan, done: [], snapshot: new Map(stored), written: new Set() });
  };
  const step = (transaction: Running, lists: Map<string, readonly Value[]>) => {
    const [name, key, value] = transaction.plan[transaction.done.length]!;
    const list = lists.get(key) ?? [];
    if (name !== 'r') {
      lists.set(key, [...list, value]);
      transaction.written.add(key);
    }
    const seen = registers ? (list.at(-1) ?? null) : list;
    transaction.done.push([name, key, name === 'r' ? seen : value]);
  };
  const finish = (transaction: Running) => {
    const { process, plan, done, snapshot, written } = transaction;
    let isCommitted = true;
    if (isolation === 'serial') while (done.length < plan.length) step(transaction, stored);
    if (isolation === 'snapshot') {
      const base = new Map(snapshot);
      while (done.length < plan.length) step(transaction, base);
      isCommitted = [...written].every((key) => stored.get(key) === snapshot.get(key));
      if (isCommitted) for (const key of written) stored.set(key, base.get(key)!);
    }
    events.push([process, isCommitted ? 'ok' : 'fail', 'txn', isCommitted ? done : plan]);
    running.splice(running.indexOf(transaction), 1);
    idle.push(process);
  };
  for (let begun = 0; begun < count || running.length > 0;) {
    if (begun < count && idle.length > 0 && random.chance(0.5)) {
      begin();
      begun++;
    } else if (running.length > 0) {
      const transaction = random.pick(running);
      const isReady = isolation !== 'none' || transaction.done.length === transaction.plan.length;
      if (isReady) finish(transaction);
      else step(transaction, stored);
    }
  }
  return events;
}
