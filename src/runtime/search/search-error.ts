/** What a search says when it cannot be. */

/** The plan's algorithm is no Machine, the adversary contradicts itself, nodes are not alike. */
export class SearchError extends Error {
  override readonly name = 'SearchError';
}
