/** What tests/simulation tries with some seeds every day, with many: the exhibits of the zoo without their bugs, and Raft in storms. */

import { describe, expect, test } from 'vitest';
import { failureIn } from '../../../src/lab/explore/zoo.ts';
import { CHAPTERS } from '../../support/chapter-faults.ts';
import { stormTests } from '../../support/raft-storm-tests.ts';

/** Of each exhibit in the zoo, for the algorithm without the bug. */
const RIGHT_SEEDS = 5;

const STORMS = 2000;

describe.each(CHAPTERS.map((chapter) => [chapter.name, chapter] as const))('%s', (_, chapter) => {
  test(`it does not fail where its bugs show, ${RIGHT_SEEDS} seeds each`, async () => {
    for (const bug of chapter.bugs ?? []) {
      for (let seed = 1; seed <= RIGHT_SEEDS; seed++) {
        const failure = await failureIn(chapter, bug, { seed, breaks: [] });
        expect(failure, `where '${bug.name}' shows, seed ${seed}`).toBeUndefined();
      }
    }
  });
});

stormTests(0, STORMS);
