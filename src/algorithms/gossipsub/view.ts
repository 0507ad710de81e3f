/** How a node looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import { commonPicture } from '../dissemination/view.ts';
import type { VisibleState } from './invariants.ts';

/** A pure function of the node's state: arrows lead into its meshes. */
export function view(state: VisibleState): NodePicture {
  const { rows, ...picture } = commonPicture(state);
  const { mesh, fanout, scores, control, kept } = state;
  return {
    ...picture,
    rows: { mesh, fanout, scores, ...control, kept, ...rows },
    edges: [...new Set(Object.values(mesh).flat())],
  };
}
