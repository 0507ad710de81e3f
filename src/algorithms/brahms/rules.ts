/** The decisions of Brahms. */

import { renewedView, showSamplers } from './rounds.ts';

/** Rules of {@link Brahms}. */
export const rules = { renewedView, showSamplers };
