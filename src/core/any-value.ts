/** The schema of anything that may travel: for layers that carry what they need not understand. */

import * as v from 'valibot';
import type { Value } from './value.ts';

/** Accepts every value of the domain; what arrives is one already, so nothing is looked at again. */
export function anyValue(): v.GenericSchema<Value, Value> {
  return v.custom<Value>((input) => input !== undefined, 'Expected a value');
}
