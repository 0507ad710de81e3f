/**
 * The checkers' speed: the published histories (`PARLEY_TEST_DATA`, by default ../shared/data) beside the algorithm of Wing and Gong with
 * memoisation and nothing more; then long histories that really happened. Each history is judged several times and the median is taken.
 */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { operationsOf, type Operation } from '../src/check/history.ts';
import { readHistories, type History } from '../src/check/history-file.ts';
import { checkLinearizability } from '../src/check/linearizability/linearizability.ts';
import type { Model } from '../src/check/models/model.ts';
import { MODELS } from '../src/check/models/models.ts';
import { textOf } from '../src/check/text.ts';
import { checkListAppend } from '../src/check/transactions/list-append.ts';
import type { Value } from '../src/core/value.ts';
import { concurrentRun, LIVE_OBJECTS } from '../tests/unit/check/concurrent-runs.ts';
import { runTransactions } from '../tests/unit/check/transaction-histories.ts';
import { median, printFigures, type Figure } from './table.ts';

const ROUNDS = 5;
const LONG_OPERATIONS = 20_000;
const TRANSACTIONS = 10_000;

/** Configurations that the plain algorithm may meet in one history before it gives up. */
const PLAIN_MAX = 2_000_000;

/** Runs and prints. */
export async function bench(): Promise<void> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const data = process.env['PARLEY_TEST_DATA'] ?? path.resolve(root, '../shared/data');
  const file = path.join(data, 'linearizability/histories.jsonl');
  const figures = existsSync(file) ? publishedFigures(file) : [];
  if (figures.length === 0) console.log(`  there is no ${file}: published histories left out`);
  printFigures([...figures, ...longFigures()]);
}

function publishedFigures(file: string): Figure[] {
  const text = readFileSync(file, 'utf8');
  const histories = readHistories(text);
  const times = histories.map(({ operations, model, initial, expected, name }) => {
    return timeOf(() => {
      const { valid } = checkLinearizability(operations, MODELS.get(model!)!, { initial });
      if (valid !== expected) throw new Error(`${name}: ${valid} instead of ${expected}`);
    });
  });
  const plain = histories.map((history) => timeOf(() => plainVerdict(history)));
  const total = (all: readonly number[]) => all.reduce((sum, ms) => sum + ms, 0);
  const count = histories.length;
  return [
    { name: 'published file, read', value: timeOf(() => readHistories(text)), unit: 'ms' },
    { name: `${count} published histories, plain`, value: total(plain), unit: 'ms' },
    {
      name: `${count} published histories`,
      value: total(times),
      unit: 'ms',
      against: { name: 'plain', value: total(plain) },
    },
    { name: 'the longest of them, plain', value: Math.max(...plain), unit: 'ms' },
    {
      name: 'the longest of them',
      value: Math.max(...times),
      unit: 'ms',
      against: { name: 'plain', value: Math.max(...plain) },
    },
  ];
}

function longFigures(): Figure[] {
  const figures = ['cas-register', 'kv', 'queue', 'mutex', 'counter'].map((name): Figure => {
    const object = LIVE_OBJECTS[name]!();
    const { initial } = object;
    const run = { seed: 1, clients: 10, operations: LONG_OPERATIONS };
    const operations = operationsOf(concurrentRun(object, run));
    const value = timeOf(() => checkLinearizability(operations, MODELS.get(name)!, { initial }));
    return { name: `${name}, ${LONG_OPERATIONS} operations of 10 clients`, value, unit: 'ms' };
  });
  const transactions = runTransactions('serial', { seed: 1, count: TRANSACTIONS });
  const operations = operationsOf(transactions);
  const value = timeOf(() => checkListAppend(operations));
  return [...figures, { name: `list-append, ${TRANSACTIONS} transactions`, value, unit: 'ms' }];
}

function timeOf(run: () => unknown): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return median(times);
}

/** The yardstick: each key by itself, one operation after the other, every configuration remembered as a text. */
function plainVerdict({ operations, model: name, initial }: History): boolean {
  const model = MODELS.get(name!)!;
  const parts = new Map<string, Step[]>();
  for (const operation of operations) {
    const step = stepOf(operation, model, initial);
    if (step === undefined) continue;
    const key = name === 'kv' ? model.objects!(step.action)[0]! : '';
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [step]);
    else part.push(step);
  }
  return [...parts.values()].every((steps) => plainSearch(steps, model, initial));
}

interface Step {
  readonly invoked: number;
  readonly returned: number;
  readonly action: unknown;
}

function stepOf(operation: Operation, model: Model, initial: Value): Step | undefined {
  const { f, input, output, outcome, invoked, returned } = operation;
  const action: unknown = model.action({ f, input, output }, initial);
  return outcome === 'fail' || action === undefined ? undefined : { invoked, returned, action };
}

/** Wing and Gong, JPDC 17, 1993, with Lowe's memoisation: by the order of calls, and the state as it comes. */
function plainSearch(steps: readonly Step[], model: Model, initial: Value): boolean {
  const met = new Set<string>();
  const isDone = steps.map(() => false);
  const path: { state: unknown; step: number; next: number }[] = [];
  let state: unknown = model.initial(initial);
  let next = 0;
  for (;;) {
    const open = steps.filter((_, at) => !isDone[at]);
    const firstReturn = open.reduce((first, { returned }) => Math.min(first, returned), Infinity);
    if (firstReturn === Infinity) return true;
    let chosen = -1;
    for (let at = next; at < steps.length && chosen < 0; at++) {
      const { invoked, action } = steps[at]!;
      if (invoked > firstReturn) break;
      const after: unknown = isDone[at] ? undefined : model.step(state, action);
      if (after === undefined) continue;
      isDone[at] = true;
      const configuration = `${textOf(after as Value)} ${isDone.map(Number).join('')}`;
      if (met.has(configuration) || met.size > PLAIN_MAX) {
        isDone[at] = false;
        continue;
      }
      met.add(configuration);
      path.push({ state, step: at, next: at + 1 });
      state = after;
      chosen = at;
    }
    if (chosen >= 0) {
      next = 0;
      continue;
    }
    const back = path.pop();
    if (back === undefined) return false;
    isDone[back.step] = false;
    ({ state, next } = back);
  }
}
