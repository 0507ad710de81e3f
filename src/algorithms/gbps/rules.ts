/** The decisions of the protocol, by the paper's names. */

import { fillBuffer, increaseAges, mergeBuffer, selectPeer } from './partial-view.ts';

/** Rules of {@link Gbps}. */
export const rules = { selectPeer, fillBuffer, mergeBuffer, increaseAges };
