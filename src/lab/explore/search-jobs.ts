/** What a search of a chapter is made of: its small worlds, or a configuration of one's own with what may happen in it. */

import type { Chapter } from '../../core/chapter.ts';
import type { Adversary, SmallWorld } from '../../core/small-world.ts';
import type { SearchOptions } from '../../runtime/search/search-options.ts';
import { planOf } from '../run-spec.ts';

/** A search that can begin. */
export interface SearchJob {
  /** The world's name, or that of the configuration. */
  readonly world: string;
  readonly story: string | undefined;
  /** YAML. */
  readonly config: string;
  readonly breaks: readonly string[];
  readonly adversary: Adversary;
  readonly options: Omit<SearchOptions, 'now'>;
}

/** What is asked of a search. */
export interface SearchRequest {
  /** A configuration of one's own, with its name in messages about it; the chapter's small worlds unless given. */
  readonly config?: { readonly text: string; readonly file: string };
  /** What may happen, where it is not as the world has it. */
  readonly adversary: Adversary;
  /** Names of the chapter's bugs that are put into the algorithm. */
  readonly breaks: readonly string[];
  readonly seed: number;
  readonly more: Pick<SearchOptions, 'strategy' | 'bounds'>;
}

/**
 * Everything may come in any order, any number of times, or never; a few timers fire. It is the harshest network, and the smallest
 * search: what was sent is all that has to be remembered of it.
 */
export const DEFAULT_ADVERSARY: Adversary = { duplicates: true, timeouts: 3 };

/**
 * The searches that a request means.
 *
 * @throws {ConfigError} with every problem of the configuration
 * @throws {BugError} when the chapter has no such bug
 */
export function searchJobs(chapter: Chapter, request: SearchRequest): readonly SearchJob[] {
  const { config } = request;
  if (config === undefined) {
    return (chapter.smallWorlds ?? []).map((world) => jobOf(chapter, request, world, world.name));
  }
  const world = { config: config.text, adversary: DEFAULT_ADVERSARY };
  return [jobOf(chapter, request, world, config.file)];
}

function jobOf(
  chapter: Chapter,
  { adversary: wanted, breaks, seed, more }: SearchRequest,
  world: Pick<SmallWorld, 'config' | 'adversary' | 'prune'> & Partial<SmallWorld>,
  name: string,
): SearchJob {
  const { config, prune, story } = world;
  const spec = {
    ...{ runId: `search/${chapter.name}`, algorithm: chapter.name, config, configFile: name },
    ...{ strict: false, format: 'json' as const, seed, breaks },
  };
  const { plan } = planOf(spec, chapter);
  const adversary = { ...world.adversary, ...wanted };
  const { invariants } = chapter;
  const border = prune === undefined ? {} : { prune };
  return {
    ...{ world: name, story, config, breaks, adversary },
    options: { plan, adversary, invariants, ...border, ...more },
  };
}
