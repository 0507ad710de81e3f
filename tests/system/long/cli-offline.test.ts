/** Every chapter in the simulator from the command line: in both formats, twice the same, with real signatures. */

import { chapterNames } from '../../../src/cli/chapters.ts';
import { offlineChapter } from '../../e2e/cli-offline.suite.ts';

for (const chapter of chapterNames()) offlineChapter(chapter);
