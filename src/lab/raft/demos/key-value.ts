/** A key-value store whose entries have versions: what was read can be changed on the condition that nobody else has. */

import * as v from 'valibot';
import { toValue, type Value } from '../../../core/value.ts';
import type { StateMachineDefinition } from '../defined-machine.ts';
import { isRefusal, looked, name, refuse, type Refusal } from './refusal.ts';

/** The version that must be there; 0 when there must be none. */
const version = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)));

const commands = v.variant('do', [
  v.object({ do: v.literal('put'), key: name, value: v.unknown(), version }),
  v.object({ do: v.literal('delete'), key: name, version }),
]);

/** What can be done to the store. */
export type KeyValueCommand = v.InferInput<typeof commands>;

/** A value, and how often its key was written. */
export interface Entry {
  readonly value: Value;
  readonly version: number;
}

/** One key, or all that begin alike. */
export type KeyValueQuery = { readonly key: string } | { readonly prefix: string };

interface State {
  readonly entries: Record<string, Entry>;
}

/** The result is the entry as it is now, null when it is gone. */
export const keyValue: StateMachineDefinition<
  State,
  KeyValueCommand,
  Entry | null | Refusal,
  KeyValueQuery,
  Entry | null | Record<string, Entry>
> = {
  initial: () => ({ entries: {} }),
  apply({ entries }, given) {
    const command = looked(commands, given);
    if (isRefusal(command)) return command;
    const before = entryOf(entries, command.key);
    const found = before?.version ?? 0;
    if (command.version !== undefined && command.version !== found) {
      return refuse(`'${command.key}' has version ${found}, not ${command.version}`);
    }
    if (command.do === 'delete') {
      delete entries[command.key];
      return null;
    }
    const after = { value: toValue(command.value ?? null), version: found + 1 };
    entries[command.key] = after;
    return after;
  },
  query({ entries }, query) {
    if ('key' in query) return entryOf(entries, query.key);
    const found = Object.entries(entries).filter(([key]) => key.startsWith(query.prefix));
    return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  },
};

function entryOf(entries: Record<string, Entry>, key: string): Entry | null {
  return Object.hasOwn(entries, key) ? entries[key]! : null;
}
