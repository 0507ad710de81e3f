/** How a node looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import { commonPicture } from '../dissemination/view.ts';
import type { VisibleState } from './invariants.ts';

/** A pure function of the node's state: arrows are its part of the tree. */
export function view(state: VisibleState): NodePicture {
  const { rows, ...picture } = commonPicture(state);
  const { peers: _, ...common } = rows;
  const { eager, lazy, missing, kept, control, hops } = state;
  return {
    ...picture,
    rows: { eager, lazy, missing, kept, ...control, hops_max: hops.max, ...common },
    edges: eager,
  };
}
