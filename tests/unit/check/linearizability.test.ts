import { describe, expect, test } from 'vitest';
import { operationsOf, type Operation } from '../../../src/check/history.ts';
import { checkLinearizability } from '../../../src/check/linearizability/linearizability.ts';
import type { Model } from '../../../src/check/models/model.ts';
import { MODELS } from '../../../src/check/models/models.ts';
import type { Value } from '../../../src/core/value.ts';
import { fc } from '../../support/property.ts';
import {
  concurrentRun,
  LIVE_OBJECTS,
  queueOfFewValues,
  withSpoiltAnswers,
  type LiveObject,
} from './concurrent-runs.ts';
import { firstToBreak, hasOrder, wholeStore } from './every-order.ts';

const modelNames = [...MODELS.keys()];

function modelOf(name: string): Model {
  return MODELS.get(name)!;
}

/** Checks the orders themselves: every required operation once, none too early, and the model allows each. */
function expectOrdersHold(
  operations: readonly Operation[],
  model: Model,
  initial: Value,
  orders: readonly { readonly order: readonly Operation[] }[],
): void {
  for (const { order } of orders) {
    let state: unknown = model.initial(initial);
    order.forEach(({ f, input, output, invoked }, at) => {
      state = model.step(state, model.action({ f, input, output }, initial));
      expect(state).not.toBeUndefined();
      for (const later of order.slice(at + 1)) expect(later.returned).toBeGreaterThan(invoked);
    });
  }
  const ordered = new Set(orders.flatMap(({ order }) => order));
  const missing = operations.filter((operation) => {
    const { f, input, output, outcome } = operation;
    const tells = model.action({ f, input, output }, initial) !== undefined;
    return outcome === 'ok' && tells && !ordered.has(operation);
  });
  expect(missing).toEqual([]);
}

describe.each(modelNames)('%s', (name) => {
  const model = modelOf(name);
  const live = LIVE_OBJECTS[name]!;

  test('a history that really happened is linearizable, and the order given explains it', () => {
    const runs = fc.record({
      seed: fc.nat(),
      clients: fc.integer({ min: 1, max: 6 }),
      operations: fc.integer({ min: 0, max: 60 }),
      lost: fc.constantFrom(0, 0.1),
    });
    fc.assert(
      fc.property(runs, (options) => {
        const object = live();
        const operations = operationsOf(concurrentRun(object, options));
        const { initial } = object;
        const verdict = checkLinearizability(operations, model, { initial });
        expect(verdict).toMatchObject({ outcome: 'ok', valid: true, culprit: undefined });
        expectOrdersHold(operations, model, initial, verdict.orders);
      }),
      { numRuns: 60 },
    );
  });

  test('verdict and culprit of small histories are those of trying every order', () => {
    const runs = fc.record({
      seed: fc.nat(),
      clients: fc.integer({ min: 2, max: 5 }),
      operations: fc.integer({ min: 2, max: 7 }),
      lost: fc.constantFrom(0, 0.2),
      spoilt: fc.integer({ min: 1, max: 2 }),
    });
    const seen = { ok: 0, illegal: 0, unknown: 0 };
    fc.assert(
      fc.property(runs, ({ spoilt: count, ...options }) => {
        const object = live();
        const { initial } = object;
        const { seed } = options;
        const events = withSpoiltAnswers(concurrentRun(object, options), object, { seed, count });
        const operations = operationsOf(events);
        const verdict = checkLinearizability(operations, model, { initial });
        const oracle = wholeStore(model);
        seen[verdict.outcome]++;
        expect(verdict.valid).toBe(hasOrder(operations, oracle, initial));
        const { culprit, orders } = verdict;
        const own = operations.filter((one) => isOf(one, orders[0]?.objects ?? [], model));
        expect(culprit).toEqual(culprit && firstToBreak(own, oracle, initial));
      }),
      { numRuns: 400 },
    );
    expect(seen.ok).toBeGreaterThan(20);
    expect(seen.illegal).toBeGreaterThan(20);
    expect(seen.unknown).toBe(0);
  });
});

describe('many operations without an answer', () => {
  test.each<[string, () => LiveObject]>([
    ['register', LIVE_OBJECTS['register']!],
    ['cas-register', LIVE_OBJECTS['cas-register']!],
    ['counter', LIVE_OBJECTS['counter']!],
    ['queue', LIVE_OBJECTS['queue']!],
    ['queue', queueOfFewValues],
    ['set', LIVE_OBJECTS['set']!],
  ])('%s: the verdict is that of trying every order, and so is the culprit', (name, live) => {
    const model = modelOf(name);
    const runs = fc.record({
      seed: fc.nat(),
      clients: fc.integer({ min: 2, max: 6 }),
      operations: fc.integer({ min: 3, max: 8 }),
      lost: fc.constantFrom(0.3, 0.6),
    });
    fc.assert(
      fc.property(runs, fc.integer({ min: 0, max: 2 }), (options, count) => {
        const object = live();
        const { initial } = object;
        const { seed } = options;
        const events = withSpoiltAnswers(concurrentRun(object, options), object, { seed, count });
        const operations = operationsOf(events);
        const verdict = checkLinearizability(operations, model, { initial });
        expect(verdict.valid).toBe(hasOrder(operations, model, initial));
        expect(verdict.culprit).toEqual(firstToBreak(operations, model, initial));
      }),
      { numRuns: 1_000 },
    );
  });
});

/** True for an operation on one of these objects; of a model without objects, for every one. */
function isOf({ f, input, output }: Operation, objects: readonly string[], model: Model): boolean {
  const action: unknown = model.action({ f, input, output }, null);
  const own = action === undefined ? [] : (model.objects?.(action) ?? []);
  return own.length === 0 || own.some((object) => objects.includes(object));
}
