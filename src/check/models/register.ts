/** A register that is read and written: Lamport, “On interprocess communication”, 1986; and one with compare-and-set. */

import type { Value } from '../../core/value.ts';
import { sameValue, textOf } from '../text.ts';
import {
  isUnrecorded,
  ModelError,
  tuple,
  type Call,
  type Model,
  type TimedAction,
} from './model.ts';

type RegisterAction =
  | { readonly do: 'read' | 'write'; readonly value: Value }
  | { readonly do: 'cas'; readonly from: Value; readonly to: Value };

/** `read` → value, `write` value. The state is the value. */
export const register: Model<Value, RegisterAction> = {
  name: 'register',
  operations: ['read', 'write'],
  initial: (given) => given,
  action: readOrWrite,
  step: stepRegister,
  isRead: (action) =>
    action.do === 'read' || (action.do === 'cas' && sameValue(action.from, action.to)),
  foresight: { impossible },
  key: textOf,
  describe,
};

/**
 * A register with `cas` [from, to]: it writes `to` if the register holds `from`, and fails otherwise. Knossos’ `cas-register`. An operation
 * that failed did not happen, whatever the register held: a cas may fail for want of an answer.
 */
export const casRegister: Model<Value, RegisterAction> = {
  ...register,
  name: 'cas-register',
  operations: ['read', 'write', 'cas'],
  action(call, given) {
    if (call.f !== 'cas') return readOrWrite(call, given);
    const [from, to] = tuple(call.input, 2, 'cas takes [from, to]') as [Value, Value];
    return { do: 'cas', from, to };
  },
};

function readOrWrite({ f, input, output }: Call, given: Value): RegisterAction | undefined {
  if (f === 'write') return { do: 'write', value: input };
  if (f !== 'read') throw new ModelError(`no operation ${f}`);
  return isUnrecorded(output, given) ? undefined : { do: 'read', value: output! };
}

function stepRegister(state: Value, action: RegisterAction): Value | undefined {
  switch (action.do) {
    case 'read':
      return sameValue(state, action.value) ? state : undefined;
    case 'write':
      return sameValue(state, action.value) ? state : action.value;
    case 'cas':
      if (!sameValue(state, action.from)) return undefined;
      return sameValue(action.from, action.to) ? state : action.to;
  }
}

/** Reads of what nobody ever wrote. */
function* impossible(
  actions: readonly TimedAction<RegisterAction>[],
  given: Value,
): Generator<number> {
  const held = new Set([textOf(given)]);
  for (const { action } of actions) {
    if (action.do === 'write') held.add(textOf(action.value));
    if (action.do === 'cas') held.add(textOf(action.to));
  }
  for (const [at, { action }] of actions.entries()) {
    const seen = action.do === 'read' ? action.value : action.do === 'cas' ? action.from : null;
    if (action.do !== 'write' && !held.has(textOf(seen))) yield at;
  }
}

function describe(action: RegisterAction): string {
  switch (action.do) {
    case 'read':
      return `read → ${textOf(action.value)}`;
    case 'write':
      return `write ${textOf(action.value)}`;
    case 'cas':
      return `cas ${textOf(action.from)} to ${textOf(action.to)}`;
  }
}
