/** Every chapter has bugs, its checks find each of them where it shows, and the algorithm without them does not fail there. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { GOOD_END, withBugs, type Bug } from '../../src/core/bug.ts';
import type { Chapter } from '../../src/core/chapter.ts';
import { failureIn, hunt } from '../../src/lab/explore/zoo.ts';

/** Seeds of each exhibit that the right algorithm runs; tests/system runs more. */
const RIGHT_SEEDS = 1;

/** For a busy machine; a hunt takes milliseconds. */
const PATIENCE_MS = 120_000;

const modules = import.meta.glob<{ readonly chapter: Chapter }>('../../src/algorithms/*/index.ts', {
  eager: true,
});

/** What fails where bugs show, though they are not there; once for each place, for many bugs share one. */
const places = new Map<string, Promise<unknown[]>>();

function failuresWithout(chapter: Chapter, bug: Bug): Promise<unknown[]> {
  const { ends, ...place } = bug.shows;
  const key = JSON.stringify([chapter.name, place, ends?.toString()]);
  const known = places.get(key) ?? runsWithout(chapter, bug);
  places.set(key, known);
  return known;
}

async function runsWithout(chapter: Chapter, bug: Bug): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (let seed = 1; seed <= RIGHT_SEEDS; seed++) {
    const failure = await failureIn(chapter, bug, { seed, breaks: [] });
    if (failure !== undefined) failures.push({ seed, ...failure });
  }
  return failures;
}

const broken = Object.entries(modules).filter(([, { chapter }]) => chapter.bugs !== undefined);

test('there are bugs', () => expect(broken.length).toBeGreaterThanOrEqual(6));

describe.each(broken)('%s', (file, { chapter }) => {
  const { bugs = [], invariants, algorithm } = chapter;
  const readme = readFileSync(
    path.join(import.meta.dirname, path.dirname(file), 'README.md'),
    'utf8',
  );

  test('has bugs, each with a name of its own', () => {
    const names = bugs.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
  });

  test('tells of each, and of no other', () => {
    const [, section = ''] = readme.split('\n## Break it\n');
    const [table = ''] = section.split('\n## ');
    const told = [...table.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, name]) => name);
    expect(told).toEqual(bugs.map(({ name }) => name));
  });

  describe.each(bugs)('$name', (bug) => {
    test('breaks something that the chapter promises', () => {
      const promises = [...invariants.map(({ name }) => name), GOOD_END];
      expect(promises).toContain(bug.violates);
      expect(withBugs(algorithm, [bug])).not.toBe(algorithm);
    });

    test(
      `is found within ${bug.seeds} seeds`,
      async () => {
        const caught = await hunt(chapter, bug);
        expect(caught).toMatchObject({ found: true, bug: bug.name, property: bug.violates });
        expect(caught.seeds_tried).toBeLessThanOrEqual(bug.seeds);
        // The seed shows it again.
        const again = await failureIn(chapter, bug, { seed: caught.seed!, breaks: [bug.name] });
        expect(again?.virtualMs).toBe(caught.virtual_ms);
      },
      PATIENCE_MS,
    );

    test(
      'does not show where it was not put in',
      async () => expect(await failuresWithout(chapter, bug)).toEqual([]),
      PATIENCE_MS,
    );
  });
});
