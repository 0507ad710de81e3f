/** Every chapter in the simulator from the command line: twice the same, in the formats by turns, and with real signatures. */

import { chapterNames } from '../../../src/cli/chapters.ts';
import { FORMAT_NAMES } from '../../../src/net/format.ts';
import { offlineChapter } from '../../e2e/cli-offline.suite.ts';

chapterNames().forEach((chapter, at) => {
  offlineChapter(chapter, [FORMAT_NAMES[at % FORMAT_NAMES.length]!]);
});
