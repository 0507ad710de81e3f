/** How a node looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import type { VisibleState } from './invariants.ts';

/** A pure function of the node's state: the active view is what the node's arrows are. */
export function view({
  active,
  passive,
  active_size,
  passive_size,
  ...state
}: VisibleState): NodePicture {
  return {
    role: active.length === 0 ? 'alone' : 'member',
    badges: [`${active.length}/${active_size}`],
    rows: { ...state, active: [...active], passive: [...passive], passive_size },
    edges: active,
  };
}
