/**
 * What is tried a little every day, and the rest of it in `npm run test:system`, whose projects `thorough` and `thorough-e2e` read the same
 * files again. Nothing is tried twice: a file that imports these words takes `test` from here as well, and says of each test when it runs.
 */

import { test as declare, type TestAPI } from 'vitest';

/** True in those projects; see vitest.config.ts. A page has no `process`, and belongs to every day. */
const isThorough = typeof process === 'object' && process.env['PARLEY_THOROUGH'] === '1';

/** Declares nothing, whatever is asked of it: `.each(…)(…)` as well. */
const nothing: TestAPI = new Proxy(declare, { get: () => nothing, apply: () => nothing });

/** A test of every day that has nothing more to try where there is time. */
export const test: TestAPI = isThorough ? nothing : declare;

/** A test of which a part is tried every day and the rest where there is time: by {@link someOf} or {@link often}. */
export const testOften: TestAPI = declare;

/** A test that is dear, and whose neighbours in its file say every day whether its subject works at all. Not declared every day. */
export const testThoroughly: TestAPI = isThorough ? declare : nothing;

/** The first every day, the second where there is time: how much of something is tried at once. */
export function often<T>(everyday: T, thorough: T): T {
  return isThorough ? thorough : everyday;
}

/** The first so many of these cases every day, the others where there is time. */
export function someOf<T>(cases: readonly T[], everyday: number): T[] {
  return isThorough ? cases.slice(everyday) : cases.slice(0, everyday);
}

/** So many seeds, one after the other. */
export function seedsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => first + at);
}
