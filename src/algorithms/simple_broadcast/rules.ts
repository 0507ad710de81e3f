/** What is decided in the two layers. */

import type { NodeId } from '../../core/id.ts';

/** Rules of the lower layer, {@link SimpleBroadcast}. */
export const lowerRules = { recipients, gather };

/** CGR 2011, 3.2: a broadcast goes to all processes, and the sender is one of them. */
function recipients(me: NodeId, neighbours: readonly NodeId[]): readonly NodeId[] {
  return [me, ...neighbours];
}

/** Waits for the acknowledgements: for all of them. */
function gather<T>(acknowledgements: readonly Promise<T>[]): Promise<T[]> {
  return Promise.all(acknowledgements);
}

/** Rules of the upper layer, {@link SimpleBroadcastUpper}. */
export const upperRules = { placeOf };

/** Where a text is kept among so many that were heard of its speaker: under its own number, so that a second copy changes nothing. */
function placeOf({ index }: { readonly index: number }, _heard: number): number {
  return index;
}
