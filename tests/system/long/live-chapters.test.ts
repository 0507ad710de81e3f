/** Every chapter over real data channels, in both formats. */

import { liveChapters } from '../../e2e/live-chapters.suite.ts';

liveChapters({ isWhole: true });
