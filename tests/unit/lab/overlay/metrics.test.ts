/** What is measured of overlays whose figures anybody can count. */

import { describe, expect, test } from 'vitest';
import { Random } from '../../../../src/core/random.ts';
import type { OverlayEngine } from '../../../../src/lab/overlay/engine.ts';
import { EVERY_NODE, measureOverlay, type Effort } from '../../../../src/lab/overlay/metrics.ts';
import { fc } from '../../../support/property.ts';

/** An overlay of these views; −1 is an empty slot. */
function overlay(
  views: readonly (readonly number[])[],
  byzantine = 0,
  dead: readonly number[] = [],
  { effort = EVERY_NODE, graphNodesMax }: { effort?: Effort; graphNodesMax?: number } = {},
) {
  const capacity = Math.max(1, ...views.map((view) => view.length));
  const peers = new Int32Array(views.length * capacity).fill(-1);
  views.forEach((view, node) => peers.set(view, node * capacity));
  const alive = new Uint8Array(views.length).fill(1);
  for (const node of dead) alive[node] = 0;
  const engine: OverlayEngine = {
    ...{ nodes: views.length, alive, byzantine, capacity, exchanges: 0, hashes: 0 },
    peerAt: (slot) => peers[slot]!,
    degree: () => capacity,
    cycle: () => {},
    kill: () => {},
  };
  return measureOverlay(engine, Random.stream(1, 'metrics'), effort, graphNodesMax);
}

describe('an overlay', () => {
  test('a triangle with a tail', () => {
    // 0, 1 and 2 know one another; 3 knows 2 alone.
    const metrics = overlay([[1, 2], [0, 2], [0], [2]]);
    expect(metrics.in_degree).toEqual({ mean: 1.5, sd: expect.closeTo(1.118, 3), min: 0, max: 3 });
    expect(metrics.clustering).toBeCloseTo((1 + 1 + 1 / 3 + 0) / 4);
    expect(metrics.path_length).toBeCloseTo((1 + 1 + 1 + 1 + 2 + 2) / 6);
    expect(metrics).toMatchObject({ components: 1, largest_component: 4, dead_links: 0 });
  });

  test('a link that is in both views, or twice in one, is one link', () => {
    const metrics = overlay([[1, 1], [0]]);
    expect(metrics.in_degree).toMatchObject({ mean: 1, min: 1, max: 1 });
    expect(metrics.path_length).toBe(1);
  });

  test('the dead are in no part, and links to them are counted', () => {
    const metrics = overlay([[1, 2], [0, 2], [1, 0], [2]], 0, [2]);
    expect(metrics).toMatchObject({ dead_links: 3, components: 2, largest_component: 2 });
  });

  test('Byzantine nodes count in views, and in nothing else', () => {
    const metrics = overlay([[1], [0], [3, 0], [2, -1], [0, 1]], 2);
    expect(metrics.byzantine).toEqual({ views: 3 / 5, samples: null });
    expect(metrics).toMatchObject({ components: 2, largest_component: 2 });
  });

  test('nobody, and one alone', () => {
    expect(overlay([[-1]])).toMatchObject({ components: 1, path_length: 0, clustering: 0 });
    expect(overlay([[-1]], 0, [0])).toMatchObject({ components: 0, largest_component: 0 });
  });

  test('is the same however the nodes are numbered', () => {
    const graph = fc.array(fc.uniqueArray(fc.nat(7), { maxLength: 5 }), {
      minLength: 8,
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        graph,
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }),
        (views, names) => {
          const renamed = views.map((): number[] => []);
          views.forEach((view, node) => (renamed[names[node]!] = view.map((peer) => names[peer]!)));
          const [one, other] = [overlay(views), overlay(renamed)];
          expect({ ...other, clustering: 0, path_length: 0 }).toEqual({
            ...one,
            clustering: 0,
            path_length: 0,
          });
          expect(other.clustering).toBeCloseTo(one.clustering!);
          expect(other.path_length).toBeCloseTo(one.path_length!);
        },
      ),
    );
  });

  test('has the same figures where it is too large to be written down as a graph', () => {
    const size = 24;
    const views = fc.array(fc.array(fc.integer({ min: -1, max: size - 1 }), { maxLength: 4 }), {
      minLength: size,
      maxLength: size,
    });
    const dead = fc.array(fc.nat(size - 1), { maxLength: 8 });
    const looked = fc.constantFrom(0, 1, 5, Infinity);
    fc.assert(
      fc.property(views, fc.nat(4), dead, looked, looked, (all, byzantine, gone, around, from) => {
        const effort = { clusteringNodes: around, pathSources: from };
        const [sparing, graph] = [0, Infinity].map((graphNodesMax) =>
          overlay(all, byzantine, gone, { effort, graphNodesMax }),
        );
        const close = (figure: number | null) => (figure === null ? null : Math.fround(figure));
        expect({ ...sparing, clustering: close(sparing!.clustering) }).toEqual({
          ...graph,
          clustering: close(graph!.clustering),
        });
      }),
    );
  });

  test('has the same paths there, however long they are', () => {
    const row = Array.from({ length: 200 }, (_, node) => [node - 1]);
    const effort = { clusteringNodes: 0, pathSources: 3 };
    const [sparing, graph] = [0, Infinity].map((graphNodesMax) =>
      overlay(row, 0, [], { effort, graphNodesMax }),
    );
    expect(sparing).toEqual(graph);
    expect(graph!.path_length).toBeGreaterThan(64 / 2);
  });
});
