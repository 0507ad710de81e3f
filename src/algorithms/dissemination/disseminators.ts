/** The ways of spreading that a layer above may choose from, by name. */

import { Flood } from '../flood/flood.ts';
import { Gossip } from '../gossip/gossip.ts';
import { Gossipsub } from '../gossipsub/gossipsub.ts';
import { Plumtree } from '../plumtree/plumtree.ts';

/** By the chapter's name: `children: { dissemination: DISSEMINATORS[name] }`. */
export const DISSEMINATORS = {
  flood: Flood,
  gossip: Gossip,
  gossipsub: Gossipsub,
  plumtree: Plumtree,
} as const;

/** The name of one. */
export type DisseminatorName = keyof typeof DISSEMINATORS;

/** One way of spreading, as whoever stands on it sees it. */
export type DisseminatorClass = (typeof DISSEMINATORS)[DisseminatorName];
