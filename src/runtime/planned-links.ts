/** Who may send to whom, as the configuration has it: what a node checks of whatever reaches it, for others may run other code. */

import type { NodeId } from '../core/id.ts';
import type { RunPlan } from './plan.ts';

/** The links of one plan. */
export class PlannedLinks {
  /** Neighbours of the nodes that do not have all others. */
  readonly #some = new Map<NodeId, ReadonlySet<NodeId>>();
  readonly #nodes: ReadonlySet<NodeId>;
  readonly #takesGuests: boolean;

  constructor({ nodes, takesGuests = false }: RunPlan) {
    this.#takesGuests = takesGuests;
    this.#nodes = new Set(nodes.map(({ id }) => id));
    for (const { id, neighbours } of nodes) {
      // A list as long as that names all others: in a full mesh nothing needs to be kept.
      if (neighbours.length < nodes.length - 1) this.#some.set(id, new Set(neighbours));
    }
  }

  /** True when `from` has `to` among its neighbours, or is a guest where guests are taken. */
  connect(from: NodeId, to: NodeId): boolean {
    return this.#some.get(from)?.has(to) ?? (this.#takesGuests || this.#nodes.has(from));
  }
}

const known = new WeakMap<RunPlan, PlannedLinks>();

/** The links of a plan, made once for all of its nodes. */
export function linksOf(plan: RunPlan): PlannedLinks {
  let links = known.get(plan);
  if (links === undefined) {
    links = new PlannedLinks(plan);
    known.set(plan, links);
  }
  return links;
}
