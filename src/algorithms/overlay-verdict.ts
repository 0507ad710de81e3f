/** Verdicts on an overlay, read off the views that the nodes report when the run ends. */

import type { NodeId } from '../core/id.ts';
import type { RunResult } from '../core/result.ts';
import { firstOf, type Verdict } from './verdict.ts';

/** Nodes of which the overlay is made: those that neither crashed nor lied. */
function views({ nodes }: RunResult): Map<NodeId, readonly NodeId[]> {
  const correct = Object.entries(nodes).filter(([, { fault }]) => fault === undefined);
  return new Map(
    correct.map(([id, { report }]) => [id, (report['view'] ?? []) as readonly NodeId[]]),
  );
}

/** Everybody can be reached from everybody, links going both ways. */
export function connected(result: RunResult): Verdict {
  const all = views(result);
  const first = [...all.keys()][0];
  if (first === undefined) return undefined;
  const neighbours = new Map([...all.keys()].map((id) => [id, new Set<NodeId>()]));
  for (const [id, view] of all) {
    for (const peer of view) {
      if (!neighbours.has(peer)) continue;
      neighbours.get(id)!.add(peer);
      neighbours.get(peer)!.add(id);
    }
  }
  const met = new Set([first]);
  // A set that grows while it is walked is walked to its end.
  for (const id of met) for (const peer of neighbours.get(id)!) met.add(peer);
  const lost = [...all.keys()].filter((id) => !met.has(id));
  return lost.length === 0 ? undefined : `${lost.join(', ')} cannot be reached from ${first}`;
}

/** Every view has so many peers at least, all different. */
export function viewsHold(result: RunResult, size: number): Verdict {
  return firstOf(views(result), ([id, view]) => {
    const different = new Set(view).size;
    return different >= size ? undefined : `${id} knows ${different} peers, not ${size}`;
  });
}

/** Nobody is in the views of nobody. */
export function everybodyKnown(result: RunResult): Verdict {
  const all = views(result);
  const known = new Set([...all.values()].flat());
  return firstOf(all.keys(), (id) => (known.has(id) ? undefined : `nobody knows ${id}`));
}

/** What nodes report under these keys is more than nothing, summed over all. */
export function happened({ nodes }: RunResult, ...keys: readonly string[]): Verdict {
  return firstOf(keys, (key) => {
    const sum = Object.values(nodes).reduce((all, { report }) => all + Number(report[key] ?? 0), 0);
    return sum > 0 ? undefined : `nobody reports ${key}`;
  });
}
