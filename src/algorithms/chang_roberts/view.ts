/** How a node of an election looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import type { VisibleState } from './invariants.ts';

/** A pure function of the node's state. */
export function view({ node_id, role, leader, forwarded, swallowed }: VisibleState): NodePicture {
  return {
    role,
    badges: [`id ${node_id}`, ...(leader === null ? [] : [`leader ${leader}`])],
    rows: { node_id, role, leader, forwarded, swallowed },
  };
}
