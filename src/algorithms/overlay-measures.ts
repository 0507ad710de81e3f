/** An overlay in numbers: how evenly nodes are known, how much their acquaintances know one another, how old the news is. */

import type { Measure } from '../core/chapter.ts';
import type { NodeId } from '../core/id.ts';

/** A view as samplers show it: names, descriptors, or slots of which some are empty. */
type Slot = NodeId | { readonly peer: NodeId; readonly age: number } | null;

/** What every sampler shows, and every application that stands on one; HyParView calls its view active until it reports. */
interface WithView {
  readonly view?: readonly Slot[];
  readonly active?: readonly NodeId[];
}

function peersIn({ view, active }: WithView): Set<NodeId> {
  const slots: readonly Slot[] = view ?? active ?? [];
  const peers = slots.flatMap((slot) =>
    slot === null ? [] : typeof slot === 'string' ? slot : slot.peer,
  );
  return new Set(peers);
}

/** How evenly nodes are known: 0 where all are in equally many views. In a random graph it is about the root of a view's size. */
export const inDegreeMeasure: Measure<WithView> = {
  name: 'In-degree, standard deviation',
  unit: '',
  of: (states, ids) => {
    const degrees = new Map(ids.map((id) => [id, 0]));
    for (const state of states) {
      for (const peer of peersIn(state)) {
        // Whoever is gone is known by some, and is no node of the overlay.
        const degree = degrees.get(peer);
        if (degree !== undefined) degrees.set(peer, degree + 1);
      }
    }
    const values = [...degrees.values()];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
    return Math.sqrt(square / values.length);
  },
};

/** Of two nodes that a third knows, or that know it: how often they know one another. Links count both ways. */
export const clusteringMeasure: Measure<WithView> = {
  name: 'Clustering',
  unit: '',
  of: (states, ids) => {
    const neighbours = new Map(ids.map((id) => [id, new Set<NodeId>()]));
    for (const [at, state] of states.entries()) {
      for (const peer of peersIn(state)) {
        if (!neighbours.has(peer)) continue;
        neighbours.get(ids[at]!)!.add(peer);
        neighbours.get(peer)!.add(ids[at]!);
      }
    }
    const shares = [...neighbours.values()].flatMap((around) => {
      if (around.size < 2) return [];
      let links = 0;
      for (const one of around)
        for (const other of neighbours.get(one)!) if (around.has(other)) links++;
      return [links / (around.size * (around.size - 1))];
    });
    return shares.length === 0
      ? undefined
      : shares.reduce((sum, one) => sum + one, 0) / shares.length;
  },
};

/** How fresh views are: cycles since the peers in them were last heard of, on average. */
export const ageMeasure: Measure<WithView> = {
  name: 'Age of descriptors',
  unit: 'cycles',
  of: (states) => {
    const ages = states.flatMap(({ view = [] }) =>
      view.flatMap((slot) => (slot === null || typeof slot === 'string' ? [] : slot.age)),
    );
    return ages.length === 0 ? undefined : ages.reduce((sum, age) => sum + age, 0) / ages.length;
  },
};

/** Links that lead to nobody: to nodes that have gone, or, while a network comes together, to such as are not there yet. */
export const deadLinksMeasure: Measure<WithView> = {
  name: 'Dead links',
  unit: 'links',
  of: (states, ids) => {
    const here = new Set(ids);
    const dead = states.map((state) => [...peersIn(state)].filter((peer) => !here.has(peer)));
    return dead.reduce((sum, { length }) => sum + length, 0);
  },
};

/** What every overlay is measured by. */
export const overlayMeasures: readonly Measure<WithView>[] = [
  inDegreeMeasure,
  clusteringMeasure,
  deadLinksMeasure,
];
