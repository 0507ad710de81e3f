/** How a node of the broadcast chapter looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import type { SimpleBroadcastState } from './simple-broadcast-upper.ts';

/** A pure function of the node's state. */
export function view({
  start_node,
  sends,
  echoed,
  silent,
  heard,
}: SimpleBroadcastState): NodePicture {
  return {
    role: start_node ? 'speaker' : 'listener',
    badges: Object.entries(heard).map(
      ([id, { indexes, announced }]) => `${id} ${indexes.length}/${announced ?? '?'}`,
    ),
    rows: {
      sends,
      echoed,
      silent,
      heard: Object.fromEntries(
        Object.entries(heard).map(([id, { indexes, announced }]) => [
          id,
          announced === null ? `${indexes.length}` : `${indexes.length} of ${announced}`,
        ]),
      ),
    },
  };
}
