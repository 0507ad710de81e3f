import { describe, expect, test } from 'vitest';
import { componentsOf } from '../../../src/check/transactions/components.ts';
import { cyclesOf } from '../../../src/check/transactions/cycles.ts';
import { Graph, type Dependency } from '../../../src/check/transactions/graph.ts';
import { fc } from '../../support/property.ts';

type Arc = readonly [from: number, kind: Dependency, to: number];

const SIZE = 5;
const node = fc.integer({ min: 0, max: SIZE - 1 });
const kind = fc.constantFrom<Dependency>('ww', 'wr', 'rw', 'process', 'realtime');
const arcs = fc.uniqueArray(fc.tuple(node, kind, node), { maxLength: 9, selector: String });

function graphOf(list: readonly Arc[]): Graph {
  const graph = new Graph(SIZE);
  for (const [from, is, to] of list) graph.add(is, from, to, () => '');
  return graph;
}

/** Every way round that passes no node twice, as the kinds of its edges; each from every beginning. */
function everyCycle(list: readonly Arc[]): Dependency[][] {
  const found: Dependency[][] = [];
  const walk = (start: number, at: number, passed: readonly number[], kinds: Dependency[]) => {
    for (const [from, is, to] of list) {
      if (from !== at || from === to) continue;
      if (to === start) found.push([...kinds, is]);
      else if (!passed.includes(to)) walk(start, to, [...passed, to], [...kinds, is]);
    }
  };
  for (let start = 0; start < SIZE; start++) walk(start, start, [start], []);
  return found;
}

/** The name of a cycle by its definition; undefined for cycles of time alone. */
function nameOf(kinds: readonly Dependency[]): string | undefined {
  const count = (one: Dependency) => kinds.filter((is) => is === one).length;
  if (count('process') > 0 && count('realtime') > 0) return undefined;
  const isAdjacent = kinds.some((is, at) => is === 'rw' && kinds[(at + 1) % kinds.length] === 'rw');
  const suffix = count('process') > 0 ? '-process' : count('realtime') > 0 ? '-realtime' : '';
  if (count('rw') > 1) return `${isAdjacent ? 'G2' : 'G-nonadjacent'}${suffix}`;
  if (count('rw') === 1) return `G-single${suffix}`;
  if (count('wr') > 0) return `G1c${suffix}`;
  return count('ww') > 0 ? `G0${suffix}` : undefined;
}

describe('cyclesOf', () => {
  test('finds what is there, and nothing else, by trying every cycle of small graphs', () => {
    fc.assert(
      fc.property(arcs, (list) => {
        const shortest = new Map<string, number>();
        for (const kinds of everyCycle(list)) {
          const name = nameOf(kinds);
          if (name === undefined) continue;
          shortest.set(name, Math.min(kinds.length, shortest.get(name) ?? Infinity));
        }
        const { cycles, isComplete } = cyclesOf(graphOf(list));
        expect(isComplete).toBe(true);
        for (const { kind: name, edges } of cycles) {
          expect(edges.map(({ to }) => to)).toEqual(
            [...edges.slice(1), edges[0]!].map(({ from }) => from),
          );
          expect(new Set(edges.map(({ from }) => from)).size).toBe(edges.length);
          expect(nameOf(edges.map((edge) => edge.kind))).toBe(name);
        }
        // With one anti-dependency or none the shortest of each kind is found, with more at least some cycle.
        for (const name of ['G0', 'G1c', 'G-single']) {
          const lengths = cycles
            .filter((cycle) => cycle.kind === name)
            .map(({ edges }) => edges.length);
          expect(lengths.length > 0 ? Math.min(...lengths) : undefined).toBe(shortest.get(name));
        }
        expect(cycles.length > 0).toBe(shortest.size > 0);
      }),
      { numRuns: 3_000 },
    );
  });

  test('is not held up by a component that is large', () => {
    const size = 2_000;
    const graph = new Graph(size);
    for (let at = 0; at < size; at++) {
      graph.add('ww', at, (at + 1) % size, () => '');
      graph.add('rw', at, (at + 700) % size, () => '');
    }
    const { cycles } = cyclesOf(graph);
    expect(cycles.map((cycle) => cycle.kind)).toContain('G0');
  });
});

test('components are those in which every node reaches every other', () => {
  fc.assert(
    fc.property(arcs, (list) => {
      const reaches = (from: number, to: number, passed: readonly number[] = []): boolean =>
        list.some(
          ([a, , b]) =>
            a === from && (b === to || (!passed.includes(b) && reaches(b, to, [...passed, b]))),
        );
      const kinds = new Set<Dependency>(['ww', 'wr', 'rw', 'process', 'realtime']);
      const { of } = componentsOf(graphOf(list), kinds);
      for (let a = 0; a < SIZE; a++) {
        for (let b = 0; b < SIZE; b++) {
          if (a === b) continue;
          expect(of[a] === of[b] && of[a] !== -1).toBe(reaches(a, b) && reaches(b, a));
        }
      }
    }),
  );
});
