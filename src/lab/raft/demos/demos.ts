/** The demos by their names. */

import type { StateMachineDefinition } from '../defined-machine.ts';
import { auction } from './auction.ts';
import { bank } from './bank.ts';
import { counters } from './counters.ts';
import { keyValue } from './key-value.ts';

/** A state machine whose commands and queries come from outside as they are: it looks at them itself. */
export type AnyStateMachine = StateMachineDefinition<unknown, unknown, unknown, unknown, unknown>;

/** Every demo. */
export const demos: Readonly<Record<string, AnyStateMachine>> = {
  'key-value': keyValue,
  counters,
  bank,
  auction,
};
