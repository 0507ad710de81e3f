/** How a node looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import { commonPicture } from '../dissemination/view.ts';
import type { VisibleState } from './invariants.ts';

/** A pure function of the node's state. */
export function view(state: VisibleState): NodePicture {
  const { badges, rows, ...picture } = commonPicture(state);
  const { fanout, interval, rounds, kept } = state;
  return {
    ...picture,
    badges: [...badges, `×${fanout}`],
    rows: { fanout, interval, rounds, kept, ...rows },
  };
}
