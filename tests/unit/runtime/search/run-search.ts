/** Searches in tests: with a clock that stands still, so that nothing depends on how busy the machine is. */

import type { SearchOptions, SearchResult } from '../../../../src/runtime/search/search-options.ts';
import { search } from '../../../../src/runtime/search/search.ts';

/** Searches. */
export function runSearch(options: Omit<SearchOptions, 'now'>): Promise<SearchResult> {
  return search({ now: () => 0, ...options });
}

/** What happened, in words, the start left out. */
export function storyOf({ violation }: SearchResult): readonly string[] {
  return (violation?.steps ?? []).slice(1).map(({ what }) => what);
}
