/**
 * Anomalies that are cycles in the serialization graph (Adya 1999, section 4; the names with `-nonadjacent`, `-process` and `-realtime` are Elle's).
 *
 * Every cycle lies in a strongly connected component. In each component the shortest cycle of each kind is sought by a breadth-first
 * search that remembers, beside the transaction, what the path has met.
 */

import { componentsOf } from './components.ts';
import type { Dependency, Edge, Graph } from './graph.ts';

/** A kind of cycle. */
interface Shape {
  readonly name: string;
  /** The edge it begins with: some cycle of this kind has one. */
  readonly first: Dependency;
  /** Edges that it may have. */
  readonly kinds: readonly Dependency[];
  /** Whether a closed path that begins with `first` is of this kind; `met` is a sum of the bits below. */
  readonly accepts: (met: number) => boolean;
  /** What a path may meet on the way. */
  readonly allows: (met: number) => boolean;
}

/** What a path has met: the last edge is rw, two rw follow each other, another rw beside the first, an edge of the added kind. */
const LAST_RW = 1;
const ADJACENT = 2;
const ANOTHER_RW = 4;
const ADDED = 8;
const MET_COUNT = 16;

const any = () => true;

/** Each kind of cycle forbids more than those below it allow. */
const SHAPES: readonly Shape[] = [
  { name: 'G0', first: 'ww', kinds: ['ww'], accepts: any, allows: any },
  { name: 'G1c', first: 'wr', kinds: ['ww', 'wr'], accepts: any, allows: any },
  {
    // One anti-dependency.
    name: 'G-single',
    first: 'rw',
    kinds: ['ww', 'wr', 'rw'],
    accepts: any,
    allows: (met) => (met & ANOTHER_RW) === 0,
  },
  {
    // Several, none next to another.
    name: 'G-nonadjacent',
    first: 'rw',
    kinds: ['ww', 'wr', 'rw'],
    accepts: (met) => (met & ANOTHER_RW) !== 0 && (met & LAST_RW) === 0,
    allows: (met) => (met & ADJACENT) === 0,
  },
  {
    // Two next to each other: the only ones that snapshot isolation allows.
    name: 'G2',
    first: 'rw',
    kinds: ['ww', 'wr', 'rw'],
    accepts: (met) => (met & (ANOTHER_RW | ADJACENT)) === (ANOTHER_RW | ADJACENT),
    allows: any,
  },
];

/** A cycle that was found: each edge ends where the next begins, and the last where the first begins. */
export interface Cycle {
  /** `G-single`, `G2-realtime` … */
  readonly kind: string;
  readonly edges: readonly Edge[];
}

/** What a search found. */
export interface Cycles {
  readonly cycles: readonly Cycle[];
  /** False when the work was bounded before everything was searched; a component has at least one cycle even then. */
  readonly isComplete: boolean;
}

/** Edges looked at for one kind in one graph; large components have more cycles than anybody needs. */
const WORK_MAX = 5_000_000;

/** Edges looked at for a shorter cycle, when one was found. */
const SHORTER_WORK_MAX = 200_000;

/**
 * Searches for cycles of data alone; then, for the kinds that have none, for those that need the order of processes, then of time: what
 * forbids these forbids the others too.
 */
export function cyclesOf(graph: Graph): Cycles {
  const cycles: Cycle[] = [];
  let isComplete = true;
  let missing = SHAPES;
  for (const added of [undefined, 'process', 'realtime'] as const) {
    missing = missing.filter((shape) => {
      const kinds = new Set([...shape.kinds, ...(added === undefined ? [] : [added])]);
      const search = new CycleSearch(graph, shape, kinds, added);
      const found = search.run();
      cycles.push(...found);
      isComplete &&= found.length > 0 || search.workLeft > 0;
      return found.length === 0;
    });
  }
  return { cycles, isComplete };
}

/** One kind of cycle in one graph. */
class CycleSearch {
  readonly #graph: Graph;
  readonly #shape: Shape;
  readonly #kinds: ReadonlySet<Dependency>;
  readonly #added: Dependency | undefined;
  readonly #of: Int32Array;
  readonly #components: readonly (readonly number[])[];
  /** By node and what was met: the edge that led there, and the search that it was in. */
  readonly #arrivals: (Edge | undefined)[];
  readonly #origins: Int32Array;
  readonly #stamps: Int32Array;
  #stamp = 0;
  workLeft = WORK_MAX;
  /** Where the search of one component ends for want of work. */
  #stopAt = 0;

  constructor(
    graph: Graph,
    shape: Shape,
    kinds: ReadonlySet<Dependency>,
    added: Dependency | undefined,
  ) {
    this.#graph = graph;
    this.#shape = shape;
    this.#kinds = kinds;
    this.#added = added;
    ({ of: this.#of, components: this.#components } = componentsOf(graph, kinds));
    const places = graph.edges.length * MET_COUNT;
    this.#arrivals = Array.from({ length: this.#components.length === 0 ? 0 : places });
    this.#origins = new Int32Array(this.#arrivals.length);
    this.#stamps = new Int32Array(this.#arrivals.length);
  }

  /** The shortest cycle of each component that has one. */
  run(): Cycle[] {
    const kind =
      this.#added === undefined ? this.#shape.name : `${this.#shape.name}-${this.#added}`;
    return this.#components.flatMap((component) => {
      const edges = this.#shortestIn(component);
      return edges === undefined ? [] : [{ kind, edges }];
    });
  }

  #shortestIn(component: readonly number[]): readonly Edge[] | undefined {
    let shortest: readonly Edge[] | undefined;
    this.#stopAt = 0;
    for (const node of component) {
      for (const first of this.#graph.edges[node]!) {
        if (first.kind !== this.#shape.first || this.#of[first.to] !== this.#of[node]) continue;
        const found = this.#back(first, (shortest?.length ?? Infinity) - 1);
        if (found !== undefined) {
          if (shortest === undefined) this.#stopAt = Math.max(0, this.workLeft - SHORTER_WORK_MAX);
          shortest = found;
        }
        // No cycle has less than two edges.
        if (shortest?.length === 2 || this.workLeft <= this.#stopAt) return shortest;
      }
    }
    return shortest;
  }

  /** The shortest way on from an edge back to its beginning, with at most so many edges in all. */
  #back(first: Edge, lengthMax: number): readonly Edge[] | undefined {
    this.#stamp++;
    let ring = [this.#arrive(first, first.kind === 'rw' ? LAST_RW : 0, -1)];
    for (let length = 2; length <= lengthMax && ring.length > 0; length++) {
      const next: number[] = [];
      for (const place of ring) {
        const met = place % MET_COUNT;
        for (const edge of this.#graph.edges[(place - met) / MET_COUNT]!) {
          this.workLeft--;
          if (!this.#kinds.has(edge.kind) || this.#of[edge.to] !== this.#of[first.from]) continue;
          const after = this.#after(met, edge.kind);
          if (!this.#shape.allows(after)) continue;
          if (edge.to === first.from) {
            const cycle = this.#isCycle(after, first) ? [...this.#pathTo(place), edge] : [];
            if (cycle.length > 0 && isSimple(cycle)) return cycle;
            continue;
          }
          if (this.#stamps[edge.to * MET_COUNT + after] === this.#stamp) continue;
          next.push(this.#arrive(edge, after, place));
        }
      }
      if (this.workLeft <= this.#stopAt) return undefined;
      ring = next;
    }
    return undefined;
  }

  #arrive(edge: Edge, met: number, origin: number): number {
    const place = edge.to * MET_COUNT + met;
    this.#stamps[place] = this.#stamp;
    this.#arrivals[place] = edge;
    this.#origins[place] = origin;
    return place;
  }

  #after(met: number, kind: Dependency): number {
    let after = met & ~LAST_RW;
    if (kind === 'rw') {
      after |= LAST_RW | ANOTHER_RW;
      if ((met & LAST_RW) !== 0) after |= ADJACENT;
    }
    return kind === this.#added ? after | ADDED : after;
  }

  #isCycle(met: number, first: Edge): boolean {
    // The last edge and the first are neighbours too.
    const closed = first.kind === 'rw' && (met & LAST_RW) !== 0 ? met | ADJACENT : met;
    const hasAdded = this.#added === undefined || (met & ADDED) !== 0;
    return hasAdded && this.#shape.accepts(closed);
  }

  #pathTo(place: number): Edge[] {
    const path: Edge[] = [];
    for (let at = place; at !== -1; at = this.#origins[at]!) path.push(this.#arrivals[at]!);
    return path.reverse();
  }
}

/** True when no transaction is passed twice: otherwise it is two smaller cycles, which are found for themselves. */
function isSimple(cycle: readonly Edge[]): boolean {
  return new Set(cycle.map(({ from }) => from)).size === cycle.length;
}
