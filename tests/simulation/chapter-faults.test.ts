/** Every chapter says which faults it withstands, and does. */

import { describe, expect } from 'vitest';
import { CHAPTERS, withstands } from '../support/chapter-faults.ts';
import { seedsFrom, someOf, test, testOften } from '../support/often.ts';

/** Enough for most scenarios in both formats, and some of them several times; as many more as it takes until every fault has fired. */
const SEEDS = someOf(seedsFrom(0, 24), 6);

/** For a busy machine; a run takes milliseconds. */
const PATIENCE_MS = 120_000;

for (const chapter of CHAPTERS) {
  describe(chapter.name, () => {
    test('says what it withstands', () => expect(chapter.faults).toBeDefined());

    testOften(
      `withstands it, ${SEEDS.length} seeds, and each of its faults fires`,
      () => withstands(chapter, SEEDS),
      PATIENCE_MS,
    );
  });
}
