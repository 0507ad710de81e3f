/** Strongly connected components: Tarjan, “Depth-first search and linear graph algorithms”, SIAM J. Comput. 1(2), 1972; without recursion. */

import type { Dependency, Graph } from './graph.ts';

/**
 * The components with more than one node over edges of these kinds: every cycle lies within one.
 *
 * @returns for each node the number of its component, or -1 for those in none; and the components
 */
export function componentsOf(
  graph: Graph,
  kinds: ReadonlySet<Dependency>,
): { readonly of: Int32Array; readonly components: readonly (readonly number[])[] } {
  const size = graph.edges.length;
  const indexes = new Int32Array(size).fill(-1);
  const lows = new Int32Array(size);
  const of = new Int32Array(size).fill(-1);
  const isOpen = new Uint8Array(size);
  const open: number[] = [];
  const components: number[][] = [];
  let visited = 0;

  const enter = (node: number) => {
    indexes[node] = lows[node] = visited++;
    isOpen[node] = 1;
    open.push(node);
    return { node, at: 0 };
  };
  const close = (node: number) => {
    const members: number[] = [];
    for (let member = -1; member !== node;) {
      member = open.pop()!;
      isOpen[member] = 0;
      members.push(member);
    }
    if (members.length === 1) return;
    for (const member of members) of[member] = components.length;
    components.push(members.toSorted((a, b) => a - b));
  };

  for (let root = 0; root < size; root++) {
    if (indexes[root] !== -1) continue;
    const path = [enter(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { node } = top;
      const edge = graph.edges[node]![top.at++];
      if (edge === undefined) {
        path.pop();
        const above = path.at(-1);
        if (above !== undefined) lows[above.node] = Math.min(lows[above.node]!, lows[node]!);
        if (lows[node] === indexes[node]) close(node);
      } else if (kinds.has(edge.kind)) {
        if (indexes[edge.to] === -1) path.push(enter(edge.to));
        else if (isOpen[edge.to] === 1) lows[node] = Math.min(lows[node]!, indexes[edge.to]!);
      }
    }
  }
  return { of, components };
}
