/** A store of keys, each of them an object of its own. */

import type { Value } from '../../core/value.ts';
import { isList, sameValue, shown, textOf } from '../text.ts';
import { isUnrecorded, keyText, ModelError, tuple, type Call, type Model } from './model.ts';

type KvAction = { readonly key: string } & (
  | { readonly do: 'get' | 'put'; readonly value: Value }
  | { readonly do: 'append'; readonly value: string }
  | { readonly do: 'cas'; readonly from: Value; readonly to: Value }
);

/**
 * `get` key → value, `put`, `append` (to a text), `cas` and `delete`; `read` and `write` are other names of `get` and `put`, as in
 * Maelstrom’s lin-kv. What an operation takes and returns is [key, value], for `cas` [key, [from, to]]. The state is the value of one key:
 * `initial` is what each of them begins with.
 */
export const kv: Model<Value, KvAction> = {
  name: 'kv',
  operations: ['get', 'put', 'append', 'cas', 'delete', 'read', 'write'],
  initial: (given) => given,
  action: readCall,
  step,
  isRead: (action) => action.do === 'get',
  foresight: {
    // Until something else is put there, a text only grows at its end.
    excludes: (state, action) => action.do === 'get' && !isBeginning(state, action.value),
    forgets: (action) => action.do === 'put' || action.do === 'cas',
  },
  // Texts grow with every append: they are not escaped only to be compared.
  key: (state) => (typeof state === 'string' ? `"${state}` : textOf(state)),
  objects: ({ key }) => [key],
  describe,
};

function readCall({ f, input, output }: Call, given: Value): KvAction | undefined {
  if (f === 'delete') {
    return { do: 'put', key: keyText(isList(input) ? input[0]! : input, f), value: null };
  }
  const [name, argument] = tuple(input, 2, `${f} takes [key, value]`) as [Value, Value];
  const key = keyText(name, f);
  switch (f) {
    case 'get':
    case 'read': {
      const answer = output === undefined ? undefined : answerOf(output, key, f);
      return isUnrecorded(answer, given) ? undefined : { do: 'get', key, value: answer! };
    }
    case 'put':
    case 'write':
      return { do: 'put', key, value: argument };
    case 'append':
      if (typeof argument === 'string') return { do: 'append', key, value: argument };
      throw new ModelError(`append takes [key, text]; it has ${shown(argument)}`);
    case 'cas': {
      const [from, to] = tuple(argument, 2, 'cas takes [key, [from, to]]') as [Value, Value];
      return { do: 'cas', key, from, to };
    }
    default:
      throw new ModelError(`no operation ${f}`);
  }
}

function answerOf(output: Value, key: string, f: string): Value {
  const [name, value] = tuple(output, 2, `${f} returns [key, value]`) as [Value, Value];
  if (keyText(name, f) === key) return value;
  throw new ModelError(`${f} of ${key} returns the value of ${shown(name)}`);
}

function step(state: Value, action: KvAction): Value | undefined {
  switch (action.do) {
    case 'get':
      return sameValue(state, action.value) ? state : undefined;
    case 'put':
      return sameValue(state, action.value) ? state : action.value;
    case 'append':
      // Nobody can append to what is no text, so that such an order did not happen.
      if (state !== null && typeof state !== 'string') return undefined;
      return action.value === '' ? state : `${state ?? ''}${action.value}`;
    case 'cas':
      if (!sameValue(state, action.from)) return undefined;
      return sameValue(state, action.to) ? state : action.to;
  }
}

function isBeginning(state: Value, later: Value): boolean {
  const text = state ?? '';
  if (typeof text !== 'string') return sameValue(text, later);
  return typeof later === 'string' && later.startsWith(text);
}

function describe(action: KvAction): string {
  switch (action.do) {
    case 'get':
      return `get ${action.key} → ${shown(action.value)}`;
    case 'put':
    case 'append':
      return `${action.do} ${shown(action.value)} to ${action.key}`;
    case 'cas':
      return `cas ${action.key} from ${shown(action.from)} to ${shown(action.to)}`;
  }
}
