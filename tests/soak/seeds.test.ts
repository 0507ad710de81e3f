/** Many more seeds than a commit can wait for: every chapter, random latencies, new seeds each time unless they are given. */

import { test } from 'vitest';
import type { Chapter } from '../../src/core/chapter.ts';
import { invariantsHold } from '../compliance/algorithm.suite.ts';
import { seedsFrom } from '../support/often.ts';

const modules = import.meta.glob<{ readonly chapter: Chapter }>('../../src/algorithms/*/index.ts', {
  eager: true,
});

/** PARLEY_SOAK_SEEDS of each chapter, from PARLEY_SOAK_FIRST on: a failure names its seed, and this repeats it. */
const seeds = Number(process.env['PARLEY_SOAK_SEEDS'] ?? 20_000);
const first = Number(
  process.env['PARLEY_SOAK_FIRST'] ?? crypto.getRandomValues(new Uint32Array(1))[0],
);

for (const { chapter } of Object.values(modules)) {
  test(`${chapter.name}: ${seeds} seeds from ${first}`, () =>
    invariantsHold(chapter, seedsFrom(first, seeds)));
}
