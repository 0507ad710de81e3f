/** The decisions of the exchange. */

/** Two models count alike: each weight becomes the mean of both. */
function merged(own: readonly number[], received: readonly number[]): number[] {
  return own.map((weight, at) => weight / 2 + received[at]! / 2);
}

/** A message counts once: its number is above all that came from its sender. */
function isNews(last: number | undefined, number: number): boolean {
  return last === undefined || number > last;
}

/** Who waits for a model cancels: its own would be merged twice, once by each. */
function mustCancel(isWaiting: boolean): boolean {
  return isWaiting;
}

/** Rules of {@link GossipLearning}. */
export const rules = { merged, isNews, mustCancel };
