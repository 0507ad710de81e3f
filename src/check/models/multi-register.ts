/** Several registers that transactions read and write together; Knossos’ `multi-register`. */

import type { Value, ValueMap } from '../../core/value.ts';
import { field, isList, isMap, sameValue, shown, textOf } from '../text.ts';
import { isUnrecorded, keyText, ModelError, tuple, type Model } from './model.ts';

interface Access {
  readonly do: 'read' | 'write';
  readonly key: string;
  readonly value: Value;
}

/**
 * `txn` [[`read`, key, value], [`write`, key, value] …], or `r` and `w`. The initial state maps keys to values; other registers hold null.
 * Registers that no transaction joins are checked apart.
 */
export const multiRegister: Model<ValueMap, readonly Access[]> = {
  name: 'multi-register',
  operations: ['txn'],
  initial(given) {
    if (given === null) return {};
    if (isMap(given)) return given;
    throw new ModelError(`the initial state maps registers to values; it is ${shown(given)}`);
  },
  action({ input, output }, given) {
    const accesses = output ?? input;
    if (!isList(accesses)) {
      throw new ModelError(
        `txn takes a list of [read or write, key, value]; it is ${shown(input)}`,
      );
    }
    const read = accesses.map((access) => readAccess(access, output === undefined));
    const telling = read.filter(({ do: what, key, value }) => {
      if (what === 'write') return true;
      return output !== undefined && !isUnrecorded(value, initialOf(given, key));
    });
    return telling.length === 0 ? undefined : telling;
  },
  step(state, accesses) {
    let current = state;
    for (const { do: what, key, value } of accesses) {
      const isThere = sameValue(field(current, key) ?? null, value);
      if (isThere) continue;
      if (what === 'read') return undefined;
      current = { ...current, [key]: value };
    }
    return current;
  },
  isRead: (accesses) => accesses.every(({ do: what }) => what === 'read'),
  objects: (accesses) => accesses.map(({ key }) => key),
  describe: (accesses) =>
    accesses
      .map(({ do: what, key, value }) => `${what} ${key}${arrow(what)}${textOf(value)}`)
      .join(', '),
};

function readAccess(access: Value, isUnanswered: boolean): Access {
  const parts = tuple(access, 3, 'each part of a txn is [read or write, key, value]');
  const [name, key, value] = parts as [Value, Value, Value];
  const what = name === 'read' || name === 'r' ? 'read' : name === 'write' || name === 'w';
  if (what === false) throw new ModelError(`a txn reads or writes; it has ${shown(name)}`);
  return {
    do: what === true ? 'write' : 'read',
    key: keyText(key, 'txn'),
    value: what === 'read' && isUnanswered ? null : value,
  };
}

function initialOf(given: Value, key: string): Value {
  return isMap(given) ? (field(given, key) ?? null) : null;
}

function arrow(what: 'read' | 'write'): string {
  return what === 'read' ? ' → ' : ' := ';
}
