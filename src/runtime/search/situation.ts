/** Whole situations: where every node stands, and what is on its way. */

import type { Bits } from './fingerprints.ts';
import type { PastSituation } from './history.ts';
import type { InFlight } from './in-flight.ts';
import type { NodeSituation } from './node-situation.ts';

/** A whole situation. Immutable. */
export interface Situation {
  readonly nodes: readonly NodeSituation[];
  /** By number; on an ordered network by channel, and there in their order. */
  readonly messages: readonly InFlight[];
  readonly past: PastSituation;
  readonly crashesLeft: number;
  readonly timeoutsLeft: number;
  /** The sum of the bits of its nodes and messages. */
  readonly parts: Bits;
}
