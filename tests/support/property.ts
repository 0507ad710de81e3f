/**
 * fast-check with a fixed seed, so that a run that passed passes again. PARLEY_SEED=N draws other examples; a failure prints the
 * seed that it came from. A property says with how many examples it is tried where there is time; see examples.ts.
 */

export * as fc from './examples.ts';
