/** What is tried a little every day, and thoroughly in `npm run test:system`, whose projects `thorough` and `thorough-e2e` run the same files again. */

import { test } from 'vitest';

/** True in those projects; see vitest.config.ts. A page has no `process`, and belongs to every day. */
const isThorough = typeof process === 'object' && process.env['PARLEY_THOROUGH'] === '1';

/** The first every day, the second where there is time: how often something is tried, or with which cases. */
export function often<T>(everyday: T, thorough: T): T {
  return isThorough ? thorough : everyday;
}

/** A test that is dear, and whose neighbours in its file say every day whether its subject works at all. Not declared every day. */
export const testThoroughly: (name: string, body: () => unknown, timeoutMs?: number) => void =
  isThorough
    ? (name, body, timeoutMs) => test(name, async () => void (await body()), timeoutMs)
    : () => {};

/** The first so many of these cases every day, all where there is time. */
export function someOf<T>(cases: readonly T[], everyday: number): T[] {
  return often(cases.slice(0, everyday), [...cases]);
}
