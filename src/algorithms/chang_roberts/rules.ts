/** What is decided when a number comes by. */

import type { Role } from './chang-roberts.ts';

/** What becomes of a number. */
export type Fate = 'goes on' | 'ends here' | 'is home';

/** Rules of {@link ChangRoberts}. */
export const rules = { fate, standsUp };

/** The comparison that is the algorithm. */
function fate(
  elector: number,
  { node_id }: { readonly node_id: number; readonly role: Role },
): Fate {
  if (elector === node_id) return 'is home';
  return elector > node_id ? 'goes on' : 'ends here';
}

/**
 * Whether a node stands for election when its time has come, or when it swallows a number. Whoever is beaten does not stand up any
 * more: its number could not win.
 */
function standsUp(role: Role): boolean {
  return role === 'asleep';
}
