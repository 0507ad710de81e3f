/** What a search found wrong, as the link of a run: tried in the simulator before it is written. */

import type { Chapter } from '../../core/chapter.ts';
import { TraceHash, traceLine } from '../../runtime/trace-file.ts';
import type { SearchResult } from '../../runtime/search/search-options.ts';
import { Simulation } from '../../runtime/simulator.ts';
import { attemptOf, type LinkedRun } from '../link/linked-run.ts';
import { writeRunLink } from '../link/run-link.ts';
import type { SearchJob } from './search-jobs.ts';

/** Where a chapter comes from, for whoever opens the link. */
export type Origin = Pick<LinkedRun, 'algorithm' | 'hash' | 'source'>;

/** Virtual milliseconds until such a run counts as hung: its choices say when everything happens. */
const TIMEOUT_MS = 600_000;

/** The link; undefined where choices cannot say what happened, or the run does not break the same property. */
export async function linkOfViolation(
  chapter: Chapter,
  { config, breaks, options: { plan } }: SearchJob,
  { violation }: SearchResult,
  origin: Origin,
): Promise<string | undefined> {
  if (violation?.choices === undefined) return undefined;
  const { invariant: property, choices } = violation;
  const linked: LinkedRun = {
    ...origin,
    ...(breaks.length === 0 ? {} : { breaks }),
    ...{ runId: plan.runId, config, format: plan.format, seed: plan.seed, choices },
    ...{ timeoutMs: TIMEOUT_MS, serviceMs: TIMEOUT_MS },
  };
  const hash = new TraceHash();
  const attempt = attemptOf(linked, chapter);
  const run = await new Simulation({
    ...attempt,
    trace: (event) => hash.add(traceLine(event)),
  }).run();
  if (run.violation?.invariant !== property) return undefined;
  return writeRunLink({ ...linked, property, trace: hash.digest() });
}
