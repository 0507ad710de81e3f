/** Every chapter over real data channels and under faults, recorded and replayed. */

import { afterAll, beforeAll } from 'vitest';
import { chapterNames } from '../../../src/cli/chapters.ts';
import { recordedChapters } from '../../e2e/recording.suite.ts';
import { LiveLab } from '../../support/live-page.ts';

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab?.close());

recordedChapters(chapterNames(), () => lab);
