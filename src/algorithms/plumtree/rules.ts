/** The decisions of Plumtree. */

import type { NodeId } from '../../core/id.ts';
import { commonRules } from '../dissemination/rules.ts';

/** Rules of {@link Plumtree}. */
export const rules = { ...commonRules, isRedundant, firstAnnouncer, isShorter };

/** Whether the link over which a publication came is not needed in the tree: it brought what was here. */
function isRedundant(came: 'new' | 'seen' | 'refused' | 'unwanted'): boolean {
  return came === 'seen';
}

/** Whom to ask for a publication that did not come: whoever named it first. */
function firstAnnouncer(announcers: readonly { readonly peer: NodeId }[]): NodeId | undefined {
  return announcers[0]?.peer;
}

/** Whether a way that was announced is so much shorter than the one taken that the tree is changed for it. */
function isShorter(taken: number, announced: number, threshold: number): boolean {
  return announced < taken && taken - announced >= threshold;
}
