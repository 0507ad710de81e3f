/** The decisions of Basalt. */

import { choosePeer, offer, takeSamples } from './slots.ts';

/** Rules of {@link Basalt}. */
export const rules = { choosePeer, offer, takeSamples };
