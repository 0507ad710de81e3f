/** The small worlds of every chapter are searched whole: nothing is wrong in any of them, and with a bug something is in one. */

import { describe, expect, test } from 'vitest';
import type { Chapter } from '../../src/core/chapter.ts';
import { searchJobs } from '../../src/lab/search-jobs.ts';
import { search } from '../../src/runtime/search/search.ts';
import type { SearchResult } from '../../src/runtime/search/search-options.ts';

/** A world with more situations is not small: whoever reads a chapter waits for it. */
const STATES_MAX = 60_000;

/** Situations within which a bug is found. */
const BUG_STATES_MAX = 5000;

/** For a busy machine; a world takes a second at most. */
const PATIENCE_MS = 120_000;

const modules = import.meta.glob<{ readonly chapter: Chapter }>('../../src/algorithms/*/index.ts', {
  eager: true,
});

/** The worlds of a chapter and what became of each, one after the other. */
async function* searchAll(
  chapter: Chapter,
  breaks: readonly string[],
  states: number,
): AsyncGenerator<readonly [world: string, result: SearchResult]> {
  const request = { adversary: {}, breaks, seed: 1, more: { bounds: { states } } };
  for (const { world, options } of searchJobs(chapter, request)) {
    yield [world, await search({ ...options, now: () => 0 })];
  }
}

/** What a bug breaks first, in whichever world. */
async function brokenBy(chapter: Chapter, bug: string): Promise<string | undefined> {
  for await (const [, { violation }] of searchAll(chapter, [bug], BUG_STATES_MAX)) {
    if (violation !== undefined) return violation.invariant;
  }
  return undefined;
}

for (const { chapter } of Object.values(modules)) {
  const { name, smallWorlds = [], bugs = [] } = chapter;
  if (smallWorlds.length === 0) continue;
  describe(name, () => {
    test('each small world has a name and a story', () => {
      const names = smallWorlds.map((world) => world.name);
      expect(new Set(names).size).toBe(names.length);
      for (const { story } of smallWorlds) expect(story).toMatch(/^\S.*\.$/);
    });

    test(
      'nothing is wrong in any small world',
      async () => {
        for await (const [world, result] of searchAll(chapter, [], STATES_MAX)) {
          expect(result.violation, world).toBeUndefined();
          expect(result.outcome, world).toBe('complete');
        }
      },
      PATIENCE_MS,
    );

    for (const bug of bugs) {
      test(
        `${bug.name} shows in a small world`,
        async () => expect(await brokenBy(chapter, bug.name)).toBeDefined(),
        PATIENCE_MS,
      );
    }
  });
}
