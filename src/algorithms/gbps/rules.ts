/** The decisions of the protocol, by the paper's names. */

import { mergeBuffer } from './merge-buffer.ts';
import { fillBuffer, increaseAges, selectPeer } from './partial-view.ts';

/** Rules of {@link Gbps}. */
export const rules = { selectPeer, fillBuffer, mergeBuffer, increaseAges };
