/** The decisions of gossipsub. */

import type { NodeId } from '../../core/id.ts';
import { commonRules } from '../dissemination/rules.ts';
import type { Parameters } from './settings.ts';

/** Rules of {@link Gossipsub}. */
export const rules = { ...commonRules, graftAnswer, staying, lazyCount, mayAsk };

/** Who wants to be in the mesh, and how things stand. */
export interface Applicant {
  readonly score: number;
  readonly isMember: boolean;
  readonly isInBackoff: boolean;
  readonly isOutbound: boolean;
  readonly meshSize: number;
}

/** What becomes of a graft: `refuse` answers with a prune. */
function graftAnswer(
  { score, isMember, isInBackoff, isOutbound, meshSize }: Applicant,
  { D_high }: Pick<Parameters, 'D_high'>,
): 'accept' | 'refuse' | 'penalize' {
  if (isInBackoff) return 'penalize';
  if (!isMember || score < 0) return 'refuse';
  return meshSize >= D_high && !isOutbound ? 'refuse' : 'accept';
}

/**
 * Who stays in a mesh that is too large: the best `D_score`, and others as they are drawn, of which so many are outbound that there are
 * `D_out` of these in all.
 *
 * @param ranked the mesh, the best first
 * @param drawn the same in random order
 */
function staying(
  ranked: readonly NodeId[],
  drawn: readonly NodeId[],
  isOutbound: (id: NodeId) => boolean,
  { D, D_score, D_out }: Pick<Parameters, 'D' | 'D_score' | 'D_out'>,
): ReadonlySet<NodeId> {
  const best = new Set(ranked.slice(0, D_score));
  const rest = drawn.filter((id) => !best.has(id));
  const chosen = [...best, ...rest].slice(0, D);
  let missing = D_out - chosen.filter(isOutbound).length;
  const spare = rest.filter((id) => !chosen.includes(id) && isOutbound(id));
  for (let at = chosen.length - 1; at >= best.size && missing > 0 && spare.length > 0; at--) {
    if (isOutbound(chosen[at]!)) continue;
    chosen[at] = spare.shift()!;
    missing--;
  }
  return new Set(chosen);
}

/** To how many of the others it is named what there was. */
function lazyCount(
  candidates: number,
  { D_lazy, gossip_factor }: Pick<Parameters, 'D_lazy' | 'gossip_factor'>,
): number {
  return Math.min(candidates, Math.max(D_lazy, Math.floor(gossip_factor * candidates)));
}

/** Whether an IHAVE is heeded: so many came from that peer in this heartbeat, and for so many publications it was asked. */
function mayAsk(
  heard: number,
  asked: number,
  limits: Pick<Parameters, 'max_ihave_messages' | 'max_ihave_length'>,
): boolean {
  return heard <= limits.max_ihave_messages && asked < limits.max_ihave_length;
}
