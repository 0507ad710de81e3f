/** Links that nodes choose: there as long as one of the two wants them. */

import { describe, expect, test } from 'vitest';
import { SPARE_LINKS_MAX } from '../../../src/net/limits.ts';
import { ConnectionBudget } from '../../../src/net/rtc/connection-budget.ts';
import { Connector } from '../../../src/runtime/live/connector.ts';
import { LINK_TIMING } from '../../../src/runtime/live/link-timing.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { LinkWorld } from '../../support/link-world.ts';

function chosen(): LinkWorld {
  const world = new LinkWorld({ isChosen: true });
  world.meet();
  return world;
}

const isLinked = ({ dialler, accepter }: LinkWorld) =>
  dialler.live !== undefined && accepter.live !== undefined && dialler.openings.length > 0;

test('nobody wants a link: there is none, and nothing is said', async () => {
  const world = chosen();
  await world.clock.advance(60_000);
  expect([world.dialler.attempts, world.accepter.attempts]).toEqual([[], []]);
  expect(world.signals).toEqual([]);
});

test('the side that dials wants it, and wants it no more', async () => {
  const world = chosen();
  const { dialler, accepter, clock } = world;
  dialler.connector.want(['n2']);
  await clock.advance(200);
  expect(isLinked(world)).toBe(true);
  dialler.connector.want([]);
  await clock.advance(60_000);
  expect([dialler.live, accepter.live]).toEqual([undefined, undefined]);
  expect(dialler.attempts).toHaveLength(1);
});

test('the side that accepts wants it: the other is told, and dials', async () => {
  const world = chosen();
  const { dialler, accepter, clock } = world;
  accepter.connector.want(['n1']);
  await clock.advance(200);
  expect(isLinked(world)).toBe(true);
  accepter.connector.want([]);
  await clock.advance(60_000);
  expect([dialler.live, accepter.live]).toEqual([undefined, undefined]);
});

test('both want it: it stays until the second of them lets go', async () => {
  const world = chosen();
  const { dialler, accepter, clock } = world;
  dialler.connector.want(['n2']);
  accepter.connector.want(['n1']);
  await clock.advance(200);
  dialler.connector.want([]);
  await clock.advance(60_000);
  expect(isLinked(world)).toBe(true);
  expect(dialler.attempts).toHaveLength(1);
  accepter.connector.want([]);
  await clock.advance(1000);
  expect([dialler.live, accepter.live]).toEqual([undefined, undefined]);
});

test('wanted again at once, before the old one is gone for the worker', async () => {
  const world = chosen();
  const { dialler, clock } = world;
  dialler.connector.want(['n2']);
  await clock.advance(200);
  const [first] = dialler.attempts;
  dialler.connector.want([]);
  dialler.connector.want(['n2']);
  dialler.linkClosed(first!, 'it was let go');
  await clock.advance(60_000);
  expect(isLinked(world)).toBe(true);
  expect(dialler.openings).toHaveLength(2);
});

test('what is said of a wish is lost: it is said again until there is a link', async () => {
  const world = chosen();
  const { accepter, clock } = world;
  world.carriesSignals = false;
  accepter.connector.want(['n1']);
  await clock.advance(1000);
  world.carriesSignals = true;
  await clock.advance(2 * LINK_TIMING.redialMsMax);
  expect(isLinked(world)).toBe(true);
});

test('who comes as a new incarnation is told what is wanted', async () => {
  const world = chosen();
  const { accepter, dialler, clock } = world;
  accepter.connector.want(['n1']);
  await clock.advance(200);
  accepter.connector.lost('n1');
  dialler.connector.lost('n2');
  const before = dialler.openings.length;
  world.meet();
  await clock.advance(500);
  expect(dialler.openings.length).toBeGreaterThan(before);
});

describe('a link that signaling could not make again', () => {
  /** A link between nodes that signaling does not reach, and that nobody wants any more. */
  async function spare(): Promise<LinkWorld> {
    const world = chosen();
    world.isInReach = false;
    world.dialler.connector.want(['n2']);
    await world.clock.advance(200);
    world.dialler.connector.want([]);
    await world.clock.advance(60_000);
    return world;
  }

  test('is kept when nobody wants it', async () => {
    const world = await spare();
    expect(isLinked(world)).toBe(true);
    world.accepter.connector.want(['n1']);
    await world.clock.advance(60_000);
    expect(world.dialler.attempts).toHaveLength(1);
  });

  test('ends as soon as signaling could', async () => {
    const world = await spare();
    world.isInReach = true;
    world.dialler.connector.reach();
    expect(world.dialler.live).toBeUndefined();
    world.accepter.connector.reach();
    await world.clock.advance(60_000);
    expect([world.dialler.live, world.accepter.live]).toEqual([undefined, undefined]);
    expect(world.dialler.attempts).toHaveLength(1);
  });

  test('stays, once somebody wants it, whatever signaling can', async () => {
    const world = await spare();
    world.accepter.connector.want(['n1']);
    await world.clock.advance(200);
    world.isInReach = true;
    for (const page of [world.dialler, world.accepter]) page.connector.reach();
    await world.clock.advance(60_000);
    expect(isLinked(world)).toBe(true);
    expect(world.dialler.attempts).toHaveLength(1);
  });

  test('is not dialled again when it breaks', async () => {
    const world = await spare();
    for (const page of [world.dialler, world.accepter]) {
      page.linkClosed(page.attempts[0]!, 'the data channel was closed');
    }
    await world.clock.advance(120_000);
    expect(world.dialler.attempts).toHaveLength(1);
    expect(world.dialler.live).toBeUndefined();
  });
});

test('of links that nobody wants a node keeps a few, and those that it had first', async () => {
  const count = SPARE_LINKS_MAX + 4;
  const nodes = Array.from({ length: count }, (_, i) => `m${i}`);
  const clock = new HandClock();
  const closed: string[] = [];
  const connector = new Connector(
    {
      ...{ incarnation: 1, isChosen: true, relay: undefined, clock, timing: LINK_TIMING },
      links: new Map(nodes.map((node) => [node, 'dial'])),
      transport: {
        negotiate: ({ remoteName }) => ({
          isAnswered: true,
          signal: () => {},
          restart: () => false,
          close: () => void closed.push(remoteName),
        }),
        close: () => {},
      },
      budget: new ConnectionBudget(clock, 200),
      random: () => 1,
    },
    {
      channels: () => {},
      ports: () => {},
      secured: () => {},
      signal: () => {},
      isInReach: () => false,
      log: () => {},
    },
  );
  for (const node of nodes) connector.met(node, { name: node, incarnation: 1 });
  connector.want(nodes);
  await clock.advance(1000);
  for (const [at, node] of nodes.entries()) connector.opened(node, `1.${at + 1}`);
  connector.want([]);
  expect(closed).toEqual(nodes.slice(SPARE_LINKS_MAX));
});
