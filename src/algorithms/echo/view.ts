/** How a node of the echo chapter looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import type { EchoState } from './echo.ts';

/** A pure function of the node's state. */
export function view({ start_node, awaiting, answered, silent, heard }: EchoState): NodePicture {
  const asked = awaiting.length + answered.length + silent.length;
  const callers = Object.keys(heard).length;
  return {
    role: start_node ? 'start node' : 'listener',
    badges: [
      ...(asked > 0 ? [`${answered.length}/${asked}`] : []),
      ...(callers > 0 ? [`heard ${callers}`] : []),
    ],
    rows: { answered, awaiting, silent, heard },
  };
}
