/** All of fast-check, but of the examples that a property asks for a quarter is tried every day, and the others, from another seed, where there is time. */

import { assert as assertAll, configureGlobal } from 'fast-check';
import { often } from './often.ts';

export * from 'fast-check';

/** What fast-check itself takes where nothing is said. */
const USUAL_RUNS = 100;

/** Fewer than this are not made fewer. */
const EVERYDAY_RUNS_MIN = 25;

/** Of so many examples, those of today. */
function runs(wanted: number): number {
  const everyday = Math.min(wanted, Math.max(EVERYDAY_RUNS_MIN, Math.ceil(wanted / 4)));
  // One at least: fast-check takes none for a mistake.
  return often(everyday, Math.max(1, wanted - everyday));
}

/** As fast-check's, with the number of examples that the day wants. */
export const assert = ((
  property: Parameters<typeof assertAll>[0],
  parameters?: Parameters<typeof assertAll>[1],
) =>
  assertAll(property, {
    ...parameters,
    ...(parameters?.numRuns === undefined ? {} : { numRuns: runs(parameters.numRuns) }),
  })) as typeof assertAll;

const asked = typeof process === 'object' ? Number(process.env['PARLEY_SEED'] ?? NaN) : NaN;

configureGlobal({
  seed: Number.isInteger(asked) ? asked : often(1987, 1988),
  numRuns: runs(USUAL_RUNS),
});
