/** A store of keys as Maelstrom's services have it: `read`, `write`, and `cas`, which may create what is not there. */

import { sameValue, shown, textOf } from '../../check/text.ts';
import type { Value } from '../../core/value.ts';
import type { Body } from '../message.ts';

/** Keys as texts, with the values under them. Never changed: each write makes a new one. */
export interface KeyValues {
  readonly values: ReadonlyMap<string, Value>;
}

/** What a request comes to: the store after it (the same when nothing was written), and the answer. */
export interface Handled<State> {
  readonly state: State;
  readonly answer: Body;
}

/** An empty store. */
export const EMPTY: KeyValues = { values: new Map() };

/** Handles a request. */
export function handleKeyValue(state: KeyValues, body: Body): Handled<KeyValues> {
  const key = textOf(body['key'] ?? null);
  const value = state.values.get(key);
  switch (body.type) {
    case 'read':
      if (value === undefined) return refusal(state, 20, `there is no key ${key}`);
      return { state, answer: { type: 'read_ok', value } };
    case 'write':
      return { state: written(state, key, body['value'] ?? null), answer: { type: 'write_ok' } };
    case 'cas': {
      const to = body['to'] ?? null;
      const from = body['from'] ?? null;
      if (value === undefined && body['create_if_not_exists'] !== true) {
        return refusal(state, 20, `there is no key ${key}`);
      }
      if (value !== undefined && !sameValue(value, from)) {
        return refusal(state, 22, `${key} is ${shown(value)}, not ${shown(from)}`);
      }
      return { state: written(state, key, to), answer: { type: 'cas_ok' } };
    }
    default:
      return refusal(state, 10, `a key-value service has no '${body.type}'`);
  }
}

function written({ values }: KeyValues, key: string, value: Value): KeyValues {
  return { values: new Map(values).set(key, value) };
}

/** An answer that says no. */
export function refusal<State>(state: State, code: number, text: string): Handled<State> {
  return { state, answer: { type: 'error', code, text } };
}
