/** What tests/compliance and tests/simulation try with some seeds every day, with many: all that the chapters promise, and Raft in storms. */

import { describe, expect, test } from 'vitest';
import { invariantsHold } from '../../compliance/algorithm.suite.ts';
import { failureIn } from '../../../src/lab/zoo.ts';
import { CHAPTERS, withstands } from '../../support/chapter-faults.ts';
import { stormTests } from '../../support/raft-storm-tests.ts';

const SEEDS = 60;

/** Of each exhibit in the zoo, for the algorithm without the bug. */
const RIGHT_SEEDS = 5;

const STORMS = 2000;

describe.each(CHAPTERS.map((chapter) => [chapter.name, chapter] as const))('%s', (_, chapter) => {
  test(`its invariants hold after every step, ${SEEDS} seeds, random latencies`, () =>
    invariantsHold(chapter, 1, SEEDS));

  test(`it withstands what it says, ${SEEDS} seeds, and each of its faults fires`, () =>
    withstands(chapter, SEEDS));

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
