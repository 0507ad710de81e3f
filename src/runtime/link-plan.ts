/** Which links a live run may have: between all neighbours at once, or as few as its algorithm wants at a time. */

import { choosesLinks } from '../core/algorithm.ts';
import type { NodeId } from '../core/id.ts';
import { lifecycleOverlay } from './lifecycle.ts';
import type { RunPlan } from './plan.ts';

/** The links of a run, as each of its nodes and pages works them out alone. */
export interface LinkPlan {
  /** Whether links come and go with what the algorithm wants. */
  readonly isChosen: boolean;
  /** With whom each node exchanges the tables of the barriers. */
  readonly barriers: ReadonlyMap<NodeId, ReadonlySet<NodeId>>;
  /** To whom each node may ever have a link. */
  readonly possible: ReadonlyMap<NodeId, ReadonlySet<NodeId>>;
}

const known = new WeakMap<RunPlan, LinkPlan>();

/** Works it out once for each plan. */
export function linkPlanOf(plan: RunPlan): LinkPlan {
  let links = known.get(plan);
  if (links === undefined) {
    links = made(plan);
    known.set(plan, links);
  }
  return links;
}

function made({ nodes, algorithm }: RunPlan): LinkPlan {
  const neighbours = new Map(nodes.map(({ id, neighbours: list }) => [id, list]));
  const possible = lifecycleOverlay(neighbours);
  if (!choosesLinks(algorithm)) return { isChosen: false, barriers: possible, possible };
  // A ring is enough to begin and to end on, and two links are little.
  const barriers = lifecycleOverlay(new Map(nodes.map(({ id }) => [id, []])));
  return { isChosen: true, barriers, possible };
}
