/** Divides things by the names they bear: two belong together when they share a name, or are joined by others that do. */

/** Things that belong together. */
export interface Group<T> {
  /** All names that they bear, in the order of their first appearance. */
  readonly names: readonly string[];
  readonly items: readonly T[];
}

/** The groups, in the order of their first items (union and find; Tarjan 1975). */
export function joined<T>(
  items: readonly T[],
  namesOf: (item: T) => readonly string[],
): Group<T>[] {
  const parents = new Map<string, string>();
  const rootOf = (name: string): string => {
    let root = name;
    for (let up = parents.get(root)!; up !== root; up = parents.get(root)!) root = up;
    for (let at = name; at !== root;) {
      const up = parents.get(at)!;
      parents.set(at, root);
      at = up;
    }
    return root;
  };
  for (const item of items) {
    const [first, ...rest] = namesOf(item);
    if (first === undefined) continue;
    for (const name of [first, ...rest]) if (!parents.has(name)) parents.set(name, name);
    for (const name of rest) parents.set(rootOf(name), rootOf(first));
  }
  const groups = new Map<string, { names: Set<string>; items: T[] }>();
  for (const item of items) {
    const names = namesOf(item);
    const root = names.length === 0 ? '' : `=${rootOf(names[0]!)}`;
    let group = groups.get(root);
    if (group === undefined) groups.set(root, (group = { names: new Set(), items: [] }));
    for (const name of names) group.names.add(name);
    group.items.push(item);
  }
  return [...groups.values()].map(({ names, items: own }) => ({ names: [...names], items: own }));
}
