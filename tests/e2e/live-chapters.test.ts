/** Every chapter that ends, over real data channels; tests/system has each in both formats, and all services. */

import { liveChapters } from './live-chapters.suite.ts';

liveChapters({ isWhole: false });
