/** Decisions that every disseminator makes; each chapter has them among its own. */

import { noveltyOf } from './seen.ts';

/** Rules of every disseminator. */
export const commonRules = { noveltyOf, mayDeliver };

/** Whether a message of this topic goes up. */
function mayDeliver(joined: ReadonlySet<string>, topic: string): boolean {
  return joined.has(topic);
}
