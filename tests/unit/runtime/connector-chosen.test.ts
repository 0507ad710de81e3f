/** Links that nodes choose: there as long as one of the two wants them. */

import { expect, test } from 'vitest';
import { LINK_TIMING } from '../../../src/runtime/live/link-timing.ts';
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
