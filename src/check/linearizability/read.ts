/** A history as a model reads it. */

import type { Value } from '../../core/value.ts';
import { HistoryError, type Operation } from '../history.ts';
import { ModelError, type Model } from '../models/model.ts';

/** One operation with what the model makes of it. */
export interface Read {
  readonly operation: Operation;
  readonly action: unknown;
  readonly objects: readonly string[];
}

/**
 * Reads the operations that tell something; those that failed do not.
 *
 * @throws {HistoryError} with the event of an operation that is none of the model's, or whose values are not
 */
export function readWith(model: Model, operations: readonly Operation[], given: Value): Read[] {
  const read: Read[] = [];
  for (const operation of operations) {
    const action = actionOf(operation, model, given);
    if (action === undefined) continue;
    read.push({ operation, action, objects: model.objects?.(action) ?? [] });
  }
  return read;
}

function actionOf(operation: Operation, model: Model, given: Value): unknown {
  const { f, input, output, outcome, invoked } = operation;
  if (!model.operations.includes(f)) {
    const known = model.operations.join(', ');
    throw new HistoryError(
      invoked,
      `the model ${model.name} has no operation ${f} (it has ${known})`,
    );
  }
  try {
    // Read even when it failed: malformed is malformed.
    const action: unknown = model.action({ f, input, output }, given);
    return outcome === 'fail' ? undefined : action;
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const isAnswerWrong = output !== undefined && isReadable(model, f, input, given);
    throw new HistoryError(isAnswerWrong ? operation.returned : invoked, error.message);
  }
}

/** True when the model can read the call without its answer. */
function isReadable(model: Model, f: string, input: Value, given: Value): boolean {
  try {
    model.action({ f, input, output: undefined }, given);
    return true;
  } catch {
    return false;
  }
}
