/** The decisions of the protocol, by the paper's names. */

import { increaseAges } from './ageing.ts';
import { mergeBuffer } from './merge-buffer.ts';
import { fillBuffer, selectPeer } from './partial-view.ts';

/** Rules of {@link Gbps}. */
export const rules = { selectPeer, fillBuffer, mergeBuffer, increaseAges };
