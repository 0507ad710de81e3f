/** Maelstrom's nemesis: partitions that come and go in turn, at random times and of four kinds. */

import type { Partition } from '../core/faults/faults.ts';
import type { NodeId } from '../core/id.ts';
import type { Random } from '../core/random.ts';

/** Partitions until `limitMs`; what lasts longer ends then. From one change to the next it is `intervalMs` on average. */
export function partitionsOf(
  nodes: readonly NodeId[],
  { intervalMs, limitMs, random }: { intervalMs: number; limitMs: number; random: Random },
): readonly Partition[] {
  const partitions: Partition[] = [];
  if (nodes.length < 2) return partitions;
  const wait = () => random.between(0, 2 * intervalMs);
  for (let at = wait(); at < limitMs;) {
    const lasts = Math.max(1, Math.min(wait(), limitMs - at));
    partitions.push({ ...drawn(nodes, random), at, for: lasts });
    at += lasts + wait();
  }
  return partitions;
}

function drawn(nodes: readonly NodeId[], random: Random): Partition {
  const shuffled = random.shuffled(nodes);
  const kinds = [one, majority, minorityThird, ...(nodes.length > 3 ? [majoritiesRing] : [])];
  return random.pick(kinds)(shuffled);
}

/** One node is alone. */
function one(nodes: readonly NodeId[]): Partition {
  return { groups: [nodes.slice(0, 1), nodes.slice(1)] };
}

/** A bare majority, and the rest. */
function majority(nodes: readonly NodeId[]): Partition {
  const minority = Math.floor((nodes.length - 1) / 2);
  return minority === 0
    ? one(nodes)
    : { groups: [nodes.slice(0, minority), nodes.slice(minority)] };
}

/** Fewer than a third, and the rest. */
function minorityThird(nodes: readonly NodeId[]): Partition {
  const size = Math.max(1, Math.floor((nodes.length - 1) / 3));
  return { groups: [nodes.slice(0, size), nodes.slice(size)] };
}

/** Every node sees a majority, and each of them another: on a ring, whoever is too far away cannot be reached. */
function majoritiesRing(nodes: readonly NodeId[]): Partition {
  const n = nodes.length;
  const reach = Math.ceil(Math.floor(n / 2) / 2);
  const cut: string[] = [];
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) {
      if (Math.min(b - a, n - (b - a)) > reach) cut.push(`${nodes[a]}<->${nodes[b]}`);
    }
  }
  return { cut };
}
