/** A lock. */

import { shown } from '../text.ts';
import { ModelError, type Model } from './model.ts';

/** `acquire` and `release`, both without values; begins unlocked unless `initial` is `locked`. Knossos’ `mutex`: it does not know by whom. */
export const mutex: Model<'locked' | 'unlocked', 'acquire' | 'release'> = {
  name: 'mutex',
  operations: ['acquire', 'release'],
  initial(given) {
    if (given === null || given === 'unlocked') return 'unlocked';
    if (given === 'locked') return 'locked';
    throw new ModelError(`a mutex begins "locked" or "unlocked", not ${shown(given)}`);
  },
  action: ({ f }) => f as 'acquire' | 'release',
  step(state, action) {
    if (action === 'acquire') return state === 'unlocked' ? 'locked' : undefined;
    return state === 'locked' ? 'unlocked' : undefined;
  },
  key: (state) => state,
  describe: (action) => action,
  describeState: (state) => state,
};
