/** The plainest judge there is: it tries every order of a small history, and knows nothing of the search that it judges. */

import type { Operation } from '../../../src/check/history.ts';
import type { Model } from '../../../src/check/models/model.ts';
import type { Value } from '../../../src/core/value.ts';

/**
 * A model whose state is one key's, as a model of all keys: the search may look at one key after the other, the judge may not. Other
 * models are left as they are.
 */
export function wholeStore(model: Model): Model {
  if (model.name !== 'kv') return model;
  return {
    ...model,
    initial: (given) => ({ given, keys: {} }),
    step({ given, keys }: { given: Value; keys: Record<string, Value> }, action: { key: string }) {
      const next: unknown = model.step(keys[action.key] ?? model.initial(given), action);
      return next === undefined ? undefined : { given, keys: { ...keys, [action.key]: next } };
    },
  };
}

interface Step {
  readonly invoked: number;
  readonly returned: number;
  readonly action: unknown;
}

/** True when some order of the operations, some of those without an answer left out, is allowed by the model. */
export function hasOrder(
  operations: readonly Operation[],
  model: Model,
  initial: Value = null,
): boolean {
  return isAllowed(model.initial(initial), stepsOf(operations, model, initial), model);
}

/** The first operation whose return leaves no order of what had happened by then; undefined when there is always one. */
export function firstToBreak(
  operations: readonly Operation[],
  model: Model,
  initial: Value = null,
): Operation | undefined {
  return operations
    .filter(({ outcome }) => outcome === 'ok')
    .toSorted((a, b) => a.returned - b.returned)
    .find(({ returned: end }) => {
      const steps = stepsOf(operations, model, initial)
        .filter(({ invoked }) => invoked < end)
        .map((step) => (step.returned > end ? { ...step, returned: Infinity } : step));
      return !isAllowed(model.initial(initial), steps, model);
    });
}

function stepsOf(operations: readonly Operation[], model: Model, initial: Value): Step[] {
  return operations.flatMap(({ f, input, output, outcome, invoked, returned }) => {
    const action: unknown = model.action({ f, input, output }, initial);
    return action === undefined || outcome === 'fail' ? [] : [{ invoked, returned, action }];
  });
}

function isAllowed(state: unknown, steps: readonly Step[], model: Model): boolean {
  const firstReturn = Math.min(...steps.map(({ returned }) => returned));
  if (firstReturn === Infinity) return true;
  return steps.some((step, at) => {
    if (step.invoked > firstReturn) return false;
    const next: unknown = model.step(state, step.action);
    return next !== undefined && isAllowed(next, steps.toSpliced(at, 1), model);
  });
}
