/** The models that come with Parley, by name. */

import { bank } from './bank.ts';
import { counter } from './counter.ts';
import { kv } from './kv.ts';
import type { Model } from './model.ts';
import { multiRegister } from './multi-register.ts';
import { mutex } from './mutex.ts';
import { queue } from './queue.ts';
import { casRegister, register } from './register.ts';
import { set } from './set.ts';

/** Every model of ours. */
export const MODELS: ReadonlyMap<string, Model> = new Map(
  [register, casRegister, multiRegister, kv, queue, set, mutex, counter, bank].map(
    (model: Model) => [model.name, model],
  ),
);
