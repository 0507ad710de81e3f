/** How a player looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import type { PingPongState } from './ping-pong.ts';

/** A pure function of the node's state. */
export function view({ initiator, max_rounds, games, returned_to }: PingPongState): NodePicture {
  return {
    role: initiator ? 'server' : 'returner',
    badges: [
      ...Object.entries(games).map(([id, { returned, abandoned }]) =>
        abandoned === null ? `${id} ${returned}/${max_rounds}` : `${id} off`,
      ),
      ...Object.entries(returned_to).map(([id, rounds]) => `${id}: ${rounds}`),
    ],
    rows: { games: { ...games }, returned_to },
  };
}
