import { describe, expect, test } from 'vitest';
import { Random } from '../../../../src/core/random.ts';
import type { OverlayEngine } from '../../../../src/lab/overlay/engine.ts';
import { HyparviewEngine } from '../../../../src/lab/overlay/hyparview-engine.ts';
import { overlaySpec } from '../../../../src/lab/overlay/overlay-spec.ts';
import { reliabilityOf } from '../../../../src/lab/overlay/reliability.ts';
import { removeAtRandom } from '../../../../src/lab/overlay/removal.ts';
import {
  runOverlayOrder,
  type FromOverlay,
} from '../../../../src/lab/overlay/run-overlay-order.ts';
import { createOverlay, hyparviewRules } from '../../../../src/lab/overlay/run-overlay.ts';
import { fc } from '../../../support/property.ts';

/** A network with these views, and no more to it. */
function standing(views: readonly (readonly number[])[]): OverlayEngine {
  const capacity = Math.max(1, ...views.map(({ length }) => length));
  return {
    ...{ nodes: views.length, byzantine: 0, capacity, exchanges: 0, hashes: 0 },
    alive: new Uint8Array(views.length).fill(1),
    peerAt: (slot) => views[Math.floor(slot / capacity)]![slot % capacity] ?? -1,
    degree: () => capacity,
    cycle: () => {},
    kill: () => {},
  };
}

/** The same by looking at each stage, as one would by hand. */
function firstPartitionByHand(
  views: readonly (readonly number[])[],
  order: readonly number[],
): number {
  for (let removed = 0; removed < order.length; removed++) {
    const left = new Set(order.slice(removed));
    const reached = new Set([order[removed]!]);
    for (const node of reached) {
      for (const other of left) {
        if (views[node]!.includes(other) || views[other]!.includes(node)) reached.add(other);
      }
    }
    if (reached.size < left.size) return removed;
  }
  return order.length;
}

describe('removal', () => {
  test('finds the first partition that there is', () => {
    const views = fc.integer({ min: 2, max: 9 }).chain((nodes) =>
      fc.array(fc.uniqueArray(fc.nat(nodes - 1), { maxLength: 4 }), {
        minLength: nodes,
        maxLength: nodes,
      }),
    );
    fc.assert(
      fc.property(views, fc.nat(), (drawn, seed) => {
        const clean = drawn.map((view, node) => view.filter((peer) => peer !== node));
        const { firstPartitions } = removeAtRandom(standing(clean), 1, Random.stream(seed, 'r'));
        const order = Random.stream(seed, 'r').shuffled(clean.map((_, node) => node));
        expect(firstPartitions[0]! * clean.length).toBeCloseTo(
          firstPartitionByHand(clean, order),
          9,
        );
      }),
    );
  });

  test('of a star: a part falls off with its middle; of a mesh: never', () => {
    const star = standing([[], ...Array.from({ length: 19 }, () => [0])]);
    const all = removeAtRandom(star, 30, Random.stream(1, 'r')).firstPartitions;
    expect(new Set(all).size).toBeGreaterThan(5);
    const mesh = standing(
      Array.from({ length: 6 }, (_, at) => [0, 1, 2, 3, 4, 5].filter((i) => i !== at)),
    );
    expect(removeAtRandom(mesh, 5, Random.stream(1, 'r'))).toEqual({
      firstPartitions: [1, 1, 1, 1, 1],
      outside: { '50%': 0, '80%': 0, '90%': 0, '95%': 0 },
    });
  });

  test('swapping holds together longer than neither swapping nor healing', () => {
    const median = (swap: number) => {
      const engine = createOverlay(overlaySpec({ nodes: 600, viewSize: 12, swap }));
      for (let i = 0; i < 40; i++) engine.cycle();
      return removeAtRandom(engine, 21, Random.stream(1, 'r')).firstPartitions[10]!;
    };
    expect(median(6)).toBeGreaterThan(median(0));
    expect(median(6)).toBeGreaterThan(0.4);
  });
});

test('hyparview: broadcasts reach all after half have crashed, if that is noticed at once, and not all otherwise', () => {
  const reach = (noticing: 'at-once' | 'sends', crash: number) => {
    const random = Random.stream(1, 'h');
    const engine = new HyparviewEngine({ nodes: 600, random, ...hyparviewRules(5) });
    for (let i = 0; i < 8; i++) engine.cycle();
    return reliabilityOf(engine, { crash, noticing, messages: 30 }, random);
  };
  expect(reach('at-once', 0)).toBe(1);
  expect(reach('at-once', 0.5)).toBeGreaterThan(0.999);
  expect(reach('sends', 0.7)).toBeLessThan(0.9);
});

describe('in a worker', () => {
  const run = async (
    order: Parameters<typeof runOverlayOrder>[0],
    signal = new AbortController().signal,
  ) => {
    const heard: FromOverlay[] = [];
    await runOverlayOrder(
      order,
      (message) => heard.push(message),
      signal,
      () => Promise.resolve(),
    );
    return heard;
  };

  test('cycles, rows and the end are told', async () => {
    const heard = await run({ options: { nodes: 200, viewSize: 10, cycles: 4 }, every: 2 });
    expect(heard.map(({ kind }) => kind)).toEqual([
      'cycle',
      'cycle',
      'row',
      'cycle',
      'cycle',
      'row',
      'ended',
    ]);
    expect(heard.at(-1)).toMatchObject({ kind: 'ended', exchanges: 800 });
  });

  test('what cannot be is told, and so is a stop', async () => {
    expect(await run({ options: { nodes: 5, viewSize: 10 } })).toEqual([
      {
        kind: 'problem',
        text: expect.stringContaining('--view-size 10 is no partial view of 5 nodes'),
      },
    ]);
    const stopped = AbortSignal.abort(new Error('enough'));
    const heard = await run({ options: { nodes: 200, viewSize: 10, cycles: 9 } }, stopped);
    expect(heard).toEqual([
      { kind: 'cycle', cycle: 1 },
      { kind: 'problem', text: 'enough' },
    ]);
  });
});
