/** How a node looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import { commonPicture } from '../dissemination/view.ts';
import type { CommonVisible } from '../dissemination/visible.ts';

/** A pure function of the node's state: arrows lead to the neighbours with which it shares a topic. */
export function view(state: CommonVisible): NodePicture {
  return commonPicture(state);
}
