/** Counters with names. */

import * as v from 'valibot';
import type { StateMachineDefinition } from '../defined-machine.ts';
import { isRefusal, looked, name, refuse, type Refusal } from './refusal.ts';

const step = v.pipe(v.number(), v.safeInteger());

const commands = v.variant('do', [
  v.object({ do: v.literal('add'), name, by: v.optional(step, 1) }),
  v.object({ do: v.literal('reset'), name }),
]);

/** What can be done to counters. */
export type CountersCommand = v.InferInput<typeof commands>;

interface State {
  readonly counts: Record<string, number>;
}

/** The result is the counter's new value; a query names a counter, or is null for all of them. */
export const counters: StateMachineDefinition<
  State,
  CountersCommand,
  number | Refusal,
  string | null,
  number | Record<string, number>
> = {
  initial: () => ({ counts: {} }),
  apply({ counts }, given) {
    const command = looked(commands, given);
    if (isRefusal(command)) return command;
    const before = Object.hasOwn(counts, command.name) ? counts[command.name]! : 0;
    const after = command.do === 'reset' ? 0 : before + command.by;
    if (!Number.isSafeInteger(after)) return refuse('no counter counts so far');
    counts[command.name] = after;
    return after;
  },
  query({ counts }, wanted) {
    if (wanted === null) return counts;
    return Object.hasOwn(counts, wanted) ? counts[wanted]! : 0;
  },
};
