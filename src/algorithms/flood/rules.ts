/** The decisions of flooding. */

import type { NodeId } from '../../core/id.ts';
import { commonRules } from '../dissemination/rules.ts';

/** Rules of {@link Flood}. */
export const rules = { ...commonRules, receivers };

/** Who gets a publication: all members that this node knows, but those that are known to have it. */
function receivers(members: readonly NodeId[], from: NodeId, origin: NodeId): NodeId[] {
  return members.filter((id) => id !== from && id !== origin);
}
