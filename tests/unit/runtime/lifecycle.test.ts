import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { dispensable, LifecycleWorld, shaped, SHAPE_NAMES } from '../../support/lifecycle-world.ts';
import { fc } from '../../support/property.ts';

/** Virtual time in which even three messages in four lost leave no barrier standing. */
const LONG_MS = 10 * 60_000;

/** A machine that is busy with other tests takes longer; nothing here depends on it. */
const PATIENCE_MS = 60_000;

const networks = fc.record({
  seed: fc.nat({ max: 1_000_000 }),
  shape: fc.constantFrom(...SHAPE_NAMES),
  count: fc.integer({ min: 1, max: 7 }),
  loss: fc.constantFrom(0, 0.2, 0.5, 0.75),
  duplication: fc.constantFrom(0, 0.3),
  latencyMsMax: fc.constantFrom(1, 40, 400),
});

type Network = typeof networks extends fc.Arbitrary<infer N> ? N : never;

/** A world in which everybody comes within half a second, and works for a while. */
function worldOf({ seed, shape, count, ...network }: Network, workMsMin = 0) {
  const neighbours = shaped(shape, count);
  const world = new LifecycleWorld({ seed, neighbours, ...network });
  const random = Random.stream(seed, 'plan');
  const workMs = () => random.between(workMsMin, workMsMin + 500);
  for (const id of world.ids) world.join(id, random.between(0, 500), workMs());
  return { world, neighbours, workMs };
}

function expectEnd(world: LifecycleWorld): void {
  expect(world.complaints).toEqual([]);
  const stuck = Object.entries(world.statuses()).filter(([, status]) => status !== 'terminated');
  expect(stuck).toEqual([]);
}

describe('the barriers', () => {
  test(
    'hold until all are there, and fall in the end, whatever is lost, doubled or overtaken',
    () => {
      fc.assert(
        fc.property(networks, (network) => {
          const { world } = worldOf(network);
          world.run(LONG_MS);
          expectEnd(world);
        }),
        { numRuns: 60 },
      );
    },
    PATIENCE_MS,
  );

  test(
    'do not wait for those who left, whenever they did',
    () => {
      fc.assert(
        fc.property(networks, fc.nat({ max: 2000 }), fc.nat(), (network, delayMs, which) => {
          const { world, neighbours } = worldOf(network);
          const leavers = dispensable(neighbours);
          world.leave(leavers[which % leavers.length]!, 501 + delayMs);
          world.run(LONG_MS);
          expectEnd(world);
        }),
        { numRuns: 60 },
      );
    },
    PATIENCE_MS,
  );

  test(
    'wait for a node that comes again, whenever it does, where everybody hears everybody',
    () => {
      const delays = fc.array(fc.nat({ max: 3000 }), { minLength: 1, maxLength: 3 });
      fc.assert(
        fc.property(networks, fc.nat(), delays, (network, which, list) => {
          const { world, workMs } = worldOf({ ...network, shape: 'mesh' });
          const id = world.ids[which % world.ids.length]!;
          for (const delayMs of list) world.join(id, 501 + delayMs, workMs());
          world.run(LONG_MS);
          expectEnd(world);
          expect(world.members.get(id)!.incarnation).toBe(list.length);
        }),
        { numRuns: 60 },
      );
    },
    PATIENCE_MS,
  );

  test(
    'wait for all who come again before anybody has finished',
    () => {
      const reloads = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3000 })), {
        minLength: 2,
        maxLength: 6,
      });
      fc.assert(
        fc.property(networks, reloads, (network, list) => {
          const { world, workMs } = worldOf(network, 4000);
          for (const [which, delayMs] of list) {
            world.join(world.ids[which % world.ids.length]!, 501 + delayMs, workMs());
          }
          world.run(LONG_MS);
          expectEnd(world);
        }),
        { numRuns: 60 },
      );
    },
    PATIENCE_MS,
  );

  test(
    'grow quiet: when all is said, nothing is sent any more',
    () => {
      fc.assert(
        fc.property(networks, (network) => {
          const { world } = worldOf(network);
          world.run(LONG_MS);
          const { messages } = world;
          world.run(2 * LONG_MS);
          expect(world.messages).toBe(messages);
          for (const { lifecycle } of world.members.values()) expect(lifecycle.isQuiet).toBe(true);
        }),
        { numRuns: 20 },
      );
    },
    PATIENCE_MS,
  );

  test('wait for a node that never comes, and name it', () => {
    const world = new LifecycleWorld({ seed: 1, neighbours: shaped('mesh', 3), loss: 0.3 });
    world.join('n1', 0, 0);
    world.join('n3', 5, 0);
    world.run(60_000);
    expect(world.statuses()).toEqual({ n1: 'ready', n3: 'ready' });
    for (const id of ['n1', 'n3']) {
      expect(world.members.get(id)!.lifecycle.missing('ready')).toEqual(['n2']);
    }
    world.join('n2', 0, 0);
    world.run(LONG_MS);
    expectEnd(world);
  });

  test('are no barriers of one: a node alone waits for nobody', () => {
    const world = new LifecycleWorld({ seed: 1, neighbours: shaped('mesh', 1) });
    world.join('n1', 0, 10);
    world.run(1000);
    expect(world.statuses()).toEqual({ n1: 'terminated' });
    expect(world.messages).toBe(0);
  });

  test('cost messages in proportion to the square of the nodes, not to the cube', () => {
    const sent = (count: number) => {
      const neighbours = shaped('mesh', count);
      const world = new LifecycleWorld({ seed: 1, neighbours, latencyMsMax: 1, spreadMs: 0 });
      for (const id of world.ids) world.join(id, 0, 100);
      world.run(LONG_MS);
      expectEnd(world);
      return world.messages;
    };
    // Twice the nodes: four times the messages, where a cube would be eight times.
    for (const count of [4, 8]) {
      expect(sent(2 * count) / sent(count), `${2 * count} nodes`).toBeLessThan(5.5);
    }
  });
});
