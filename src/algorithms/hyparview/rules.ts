/** The decisions of HyParView. */

import {
  onDisconnect,
  onForwardJoin,
  onJoin,
  onNeighbor,
  onShuffle,
  promote,
} from './membership.ts';

/** Rules of {@link Hyparview}: the same for any kind of peer, here for node ids. */
export const rules = {
  onJoin: onJoin<string>,
  onForwardJoin: onForwardJoin<string>,
  onNeighbor: onNeighbor<string>,
  onDisconnect: onDisconnect<string>,
  onShuffle: onShuffle<string>,
  promote: promote<string>,
};
