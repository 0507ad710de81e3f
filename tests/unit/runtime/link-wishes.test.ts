/** To whom a node wants links: whom its algorithm names, and for a while whoever it sends something. */

import { expect, test } from 'vitest';
import { DEMANDED_LINK_MS, LINKS_PER_NODE_MAX } from '../../../src/net/limits.ts';
import { LinkWishes } from '../../../src/runtime/live/link-wishes.ts';

/** Wishes under a clock that the test moves. */
function wished() {
  const world = { named: [] as string[], nowMs: 0, told: [] as string[][] };
  const waiting: { atMs: number; callback: () => void }[] = [];
  const wishes = new LinkWishes({
    named: () => world.named,
    nowMs: () => world.nowMs,
    after: (delayMs, callback) => void waiting.push({ atMs: world.nowMs + delayMs, callback }),
    changed: (nodes) => void world.told.push([...nodes]),
  });
  const pass = (ms: number) => {
    const untilMs = world.nowMs + ms;
    for (;;) {
      const next = waiting.toSorted((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined || next.atMs > untilMs) break;
      waiting.splice(waiting.indexOf(next), 1);
      world.nowMs = next.atMs;
      next.callback();
    }
    world.nowMs = untilMs;
  };
  return { wishes, world, pass };
}

test('what the algorithm names is wanted, and said when it changes', () => {
  const { wishes, world } = wished();
  wishes.look();
  expect(world.told).toEqual([]);
  world.named = ['n2', 'n3'];
  wishes.look();
  wishes.look();
  world.named = ['n3', 'n2'];
  wishes.look();
  world.named = ['n3'];
  wishes.look();
  expect(world.told).toEqual([['n2', 'n3'], ['n3']]);
});

test('whoever is sent something is wanted for a while, and longer when more is sent', () => {
  const { wishes, world, pass } = wished();
  world.named = ['n2'];
  wishes.demand('n9');
  wishes.look();
  expect(world.told.at(-1)).toEqual(['n2', 'n9']);
  pass(DEMANDED_LINK_MS - 1);
  wishes.demand('n9');
  wishes.look();
  pass(DEMANDED_LINK_MS - 1);
  expect(world.told).toHaveLength(1);
  // The look that follows the end of the demand.
  pass(DEMANDED_LINK_MS);
  expect(world.told.at(-1)).toEqual(['n2']);
});

test('who is gone is wanted no more', () => {
  const { wishes, world } = wished();
  wishes.demand('n9');
  wishes.look();
  wishes.drop('n9');
  wishes.look();
  expect(world.told).toEqual([['n9'], []]);
});

test('never more than a node may have: the named first, then the newest demands', () => {
  const { wishes, world } = wished();
  world.named = ['n1'];
  for (let i = 0; i < LINKS_PER_NODE_MAX + 10; i++) wishes.demand(`d${i}`);
  wishes.look();
  const wanted = world.told.at(-1)!;
  expect(wanted).toHaveLength(LINKS_PER_NODE_MAX);
  expect(wanted.slice(0, 2)).toEqual(['n1', `d${LINKS_PER_NODE_MAX + 9}`]);
});
