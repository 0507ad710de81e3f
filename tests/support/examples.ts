/** All of fast-check, but a property is tried every day with a quarter of the examples that it asks for. */

import { assert as assertAll, configureGlobal } from 'fast-check';
import { often } from './often.ts';

export * from 'fast-check';

/** What fast-check itself takes where nothing is said. */
const USUAL_RUNS = 100;

/** Fewer than this are not made fewer. */
const EVERYDAY_RUNS_MIN = 25;

/** Of so many examples, those of today. */
function runs(thorough: number): number {
  return often(Math.min(thorough, Math.max(EVERYDAY_RUNS_MIN, Math.ceil(thorough / 4))), thorough);
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

const wanted = typeof process === 'object' ? Number(process.env['PARLEY_SEED'] ?? NaN) : NaN;

configureGlobal({ seed: Number.isInteger(wanted) ? wanted : 1987, numRuns: runs(USUAL_RUNS) });
