/** The small worlds of every chapter are searched whole: nothing is wrong in any of them, and with a bug something is in one. */

import { describe, expect, test } from 'vitest';
import type { Chapter } from '../../src/core/chapter.ts';
import { searchJobs, type SearchJob } from '../../src/lab/explore/search-jobs.ts';
import { search } from '../../src/runtime/search/search.ts';
import type { SearchResult } from '../../src/runtime/search/search-options.ts';
import { Simulation } from '../../src/runtime/simulator.ts';

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
): AsyncGenerator<readonly [job: SearchJob, result: SearchResult]> {
  const request = { adversary: {}, breaks, seed: 1, more: { bounds: { states } } };
  for (const job of searchJobs(chapter, request)) {
    yield [job, await search({ ...job.options, now: () => 0 })];
  }
}

/** A bug shows in one of the worlds; and where choices can say how, it shows in the simulator in the same way. */
async function expectFound(chapter: Chapter, bug: string): Promise<void> {
  for await (const [job, { violation }] of searchAll(chapter, [bug], BUG_STATES_MAX)) {
    if (violation === undefined) continue;
    const { steps: _steps, choices, ...what } = violation;
    // Of writes that take their time choices can say nothing.
    expect(choices === undefined, job.world).toBe(job.adversary.slowDisks === true);
    if (choices === undefined) return;
    const { plan } = job.options;
    const run = await new Simulation({ plan, choices, invariants: chapter.invariants }).run();
    expect(run.violation, job.world).toEqual(what);
    return;
  }
  throw new Error(`${bug} shows in no small world within ${BUG_STATES_MAX} states`);
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
        for await (const [{ world }, result] of searchAll(chapter, [], STATES_MAX)) {
          expect(result.violation, world).toBeUndefined();
          expect(result.outcome, world).toBe('complete');
        }
      },
      PATIENCE_MS,
    );

    for (const bug of bugs) {
      test(`${bug.name} shows in a small world`, () => expectFound(chapter, bug.name), PATIENCE_MS);
    }
  });
}
