/** A setup as the query of an address, and back: `#/lab/bracha?seed=7&file=Four%20nodes`. */

import type { ChapterEntry } from '../../lab/lab-service.ts';
import { SEED_MAX, setupOf, type Setup } from './setup.ts';

/** The setup that an address asks for; undefined when it asks for nothing. */
export function setupFromQuery(
  chapter: ChapterEntry,
  query: URLSearchParams,
  before: Setup,
): Setup | undefined {
  const file = query.get('file');
  const seed = query.get('seed');
  const breaks = query
    .getAll('break')
    .filter((name) => chapter.bugs.some((bug) => bug.name === name));
  if (file === null && seed === null && breaks.length === 0) return undefined;
  const setup = { ...setupOf(chapter, file ?? before.file, before), breaks };
  const number = Number(seed);
  const isSeed = seed !== null && Number.isInteger(number) && number >= 0 && number <= SEED_MAX;
  return isSeed ? { ...setup, seed: number } : setup;
}
