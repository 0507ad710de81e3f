/** Connections whose way is in doubt, and pages that sleep, wake, and change their network. */

import { describe, expect, test } from 'vitest';
import { LINK_TIMING } from '../../../src/runtime/live/link-timing.ts';
import { LinkWorld } from '../../support/link-world.ts';

const { doubtMs, restartMs, stableAfterMs, connectTimeoutMs } = LINK_TIMING;

describe('a way in doubt', () => {
  test('is left alone when it is good again soon', async () => {
    const world = await LinkWorld.connected();
    for (let i = 0; i < 5; i++) {
      world.cut();
      await world.clock.advance(doubtMs - 1);
      world.heal();
      await world.clock.advance(10_000);
    }
    expect(world.dialler.attempts).toEqual(['1.1']);
    expect(JSON.stringify(world.signals)).not.toContain('redial');
  });

  test('leads to another connection when it lasts, where there is no other remedy', async () => {
    const world = await LinkWorld.connected();
    world.cut();
    await world.clock.advance(doubtMs - 1);
    expect(world.dialler.attempts).toEqual(['1.1']);
    await world.clock.advance(1000);
    expect(world.dialler.attempts).toEqual(['1.1', '1.2']);
    world.hasWay = true;
    await world.clock.advance(30_000);
    expect(world.dialler.openings.at(-1)).toBe(world.accepter.openings.at(-1));
    expect(world.dialler.live?.request.attempt).toBe(world.dialler.openings.at(-1));
  });

  test('leads to a search for a new way on the same connection, where that is possible', async () => {
    const world = await LinkWorld.connected({ canRestart: true });
    world.cut();
    world.hasWay = true;
    await world.clock.advance(doubtMs + 100);
    expect(world.dialler.negotiations[0]!.restarts).toBe(1);
    await world.clock.advance(60_000);
    expect(world.dialler.attempts).toEqual(['1.1']);
    expect(world.dialler.negotiations[0]!.restarts).toBe(1);
  });

  test('leads to another connection when the search was in vain', async () => {
    const world = await LinkWorld.connected({ canRestart: true });
    world.cut();
    // The other side has no say in it.
    world.carriesSignals = false;
    await world.clock.advance(doubtMs + restartMs - 1);
    expect(world.dialler.attempts).toEqual(['1.1']);
    expect(world.dialler.negotiations[0]!.restarts).toBe(1);
    await world.clock.advance(1000);
    expect(world.dialler.attempts).toEqual(['1.1', '1.2']);
  });

  test('leads to another connection when the search helped only for a moment', async () => {
    for (const helpedMs of [100, restartMs, stableAfterMs]) {
      const world = await LinkWorld.connected({ canRestart: true });
      world.cut();
      world.hasWay = true;
      await world.clock.advance(doubtMs + helpedMs);
      world.cut();
      await world.clock.advance(doubtMs + restartMs + 1000);
      expect(world.dialler.attempts).toEqual(['1.1', '1.2']);
      expect(world.dialler.negotiations[0]!.restarts).toBe(1);
    }
  });

  test('is searched again, when it was good for long enough', async () => {
    const world = await LinkWorld.connected({ canRestart: true });
    for (let i = 0; i < 3; i++) {
      world.cut();
      world.hasWay = true;
      await world.clock.advance(restartMs + stableAfterMs + 100);
    }
    expect(world.dialler.attempts).toEqual(['1.1']);
    expect(world.dialler.negotiations[0]!.restarts).toBe(3);
  });

  test('that was there before the link opened counts from then', async () => {
    const world = new LinkWorld();
    world.meet();
    await world.clock.advance(3);
    world.dialler.live!.doubt(true);
    await world.clock.advance(7);
    expect(world.dialler.openings).toEqual([]);
    await world.clock.advance(10);
    expect(world.dialler.openings).toEqual(['1.1']);
    await world.clock.advance(doubtMs - 20);
    expect(world.dialler.attempts).toEqual(['1.1']);
    await world.clock.advance(1000);
    expect(world.dialler.attempts).toEqual(['1.1', '1.2']);
  });

  test('that only the side that accepts sees, is told to the other, which restarts', async () => {
    const world = await LinkWorld.connected({ canRestart: true });
    world.accepter.live!.doubt(true);
    await world.clock.advance(doubtMs - 1);
    expect(world.dialler.negotiations[0]!.restarts).toBe(0);
    await world.clock.advance(100);
    expect(world.dialler.negotiations[0]!.restarts).toBe(1);
    await world.clock.advance(60_000);
    expect(world.dialler.attempts).toEqual(['1.1']);
    expect(
      world.signals.filter(({ payload }) => JSON.stringify(payload).includes('redial')),
    ).toHaveLength(1);
  });

  test('that only the side that accepts sees, is told to the other, which dials again', async () => {
    const world = await LinkWorld.connected();
    world.accepter.live!.doubt(true);
    await world.clock.advance(doubtMs + 1000);
    expect(world.dialler.openings).toEqual(['1.1', '1.2']);
    expect(world.accepter.openings).toEqual(['1.1', '1.2']);
  });

  test('is borne by the side that accepts only for so long, when nobody helps', async () => {
    const world = await LinkWorld.connected();
    world.carriesSignals = false;
    world.accepter.live!.doubt(true);
    await world.clock.advance(doubtMs + connectTimeoutMs - 1);
    expect(world.accepter.live).toBeDefined();
    await world.clock.advance(2);
    expect(world.accepter.live).toBeUndefined();
  });
});

describe('a page', () => {
  test('that is seen again does at once what it waits to do', async () => {
    const world = new LinkWorld();
    world.carriesSignals = false;
    world.meet();
    await world.clock.advance(60_000);
    while (world.dialler.live !== undefined) await world.clock.advance(100);
    world.carriesSignals = true;
    const { length } = world.dialler.negotiations;
    world.dialler.connector.probe(false);
    expect(world.dialler.negotiations).toHaveLength(length + 1);
    await world.clock.advance(100);
    expect(world.dialler.openings).toHaveLength(1);
  });

  test('that is seen again asks at once, when it accepts', async () => {
    const world = await LinkWorld.connected();
    world.hasWay = false;
    world.accepter.live!.close();
    world.carriesSignals = false;
    await world.clock.advance(30_000);
    world.carriesSignals = true;
    world.hasWay = true;
    world.accepter.connector.probe(false);
    await world.clock.advance(1000);
    expect(world.accepter.openings).toEqual(['1.1', '1.2']);
  });

  test('that is seen again does not wait until a doubt has lasted', async () => {
    const world = await LinkWorld.connected({ canRestart: true });
    world.cut();
    world.hasWay = true;
    world.dialler.connector.probe(false);
    expect(world.dialler.negotiations[0]!.restarts).toBe(1);
  });

  test('that has a new network waits no longer than in the beginning', async () => {
    const world = new LinkWorld();
    world.carriesSignals = false;
    world.meet();
    await world.clock.advance(100_000);
    while (world.dialler.live !== undefined) await world.clock.advance(100);
    world.dialler.connector.probe(true);
    await world.clock.advance(connectTimeoutMs);
    const { length } = world.dialler.negotiations;
    await world.clock.advance(LINK_TIMING.redialMsMin);
    expect(world.dialler.negotiations).toHaveLength(length + 1);
  });

  test('that is seen again leaves alone what is fine', async () => {
    const world = await LinkWorld.connected({ canRestart: true });
    world.dialler.connector.resume();
    world.accepter.connector.resume();
    world.dialler.connector.probe(false);
    world.accepter.connector.probe(true);
    await world.clock.advance(1000);
    expect(world.dialler.negotiations[0]!.restarts).toBe(0);
    expect(world.dialler.attempts).toEqual(['1.1']);
  });

  test('that has a new network looks for new ways, before any doubt', async () => {
    const world = await LinkWorld.connected({ canRestart: true });
    world.hasWay = false;
    world.dialler.connector.probe(true);
    expect(world.dialler.negotiations[0]!.restarts).toBe(1);
    world.cut();
    await world.clock.advance(restartMs - 1);
    expect(world.dialler.attempts).toEqual(['1.1']);
    // The search was in vain, and is not repeated.
    await world.clock.advance(1000);
    expect(world.dialler.negotiations[0]!.restarts).toBe(1);
    expect(world.dialler.attempts).toEqual(['1.1', '1.2']);
  });

  test('that is left closes its connections at once, and begins none', async () => {
    for (const leaver of ['dialler', 'accepter'] as const) {
      const world = await LinkWorld.connected();
      const page = world[leaver];
      page.connector.suspend();
      expect(page.live).toBeUndefined();
      const { length } = page.negotiations;
      await world.clock.advance(100);
      expect(world.other(page).negotiations[0]!.isClosed).toBe(true);
      page.hear({ parley: 'link', runId: 'run', attempt: '1.9', data: 'offer' });
      page.connector.probe(true);
      await world.clock.advance(100_000);
      expect(page.negotiations).toHaveLength(length);
    }
  });

  test('that is come back to connects again', async () => {
    for (const leaver of ['dialler', 'accepter'] as const) {
      const world = await LinkWorld.connected();
      world[leaver].connector.suspend();
      await world.clock.advance(60_000);
      world[leaver].connector.resume();
      world[leaver].connector.probe(false);
      await world.clock.advance(40_000);
      expect(world.dialler.live?.request.attempt).toBe(world.dialler.openings.at(-1));
      expect(world.accepter.openings.at(-1)).toBe(world.dialler.openings.at(-1));
      expect(world.dialler.openings).toHaveLength(2);
    }
  });

  test('whose node has ended keeps what there is, begins nothing, and still accepts', async () => {
    const world = await LinkWorld.connected();
    world.dialler.connector.retire();
    expect(world.dialler.live).toBeDefined();
    world.dialler.live!.close();
    await world.clock.advance(60_000);
    world.dialler.connector.probe(true);
    expect(world.dialler.attempts).toEqual(['1.1']);

    const other = await LinkWorld.connected();
    other.accepter.connector.retire();
    other.dialler.live!.close();
    await other.clock.advance(1000);
    expect(other.accepter.openings).toEqual(['1.1', '1.2']);
    other.accepter.live!.close();
    await other.clock.advance(10);
    expect(JSON.stringify(other.signals)).not.toContain('redial');
  });
});

describe('another node', () => {
  test('that is gone is forgotten', async () => {
    const world = await LinkWorld.connected();
    for (const page of [world.dialler, world.accepter])
      page.connector.lost(page.id === 'n1' ? 'n2' : 'n1');
    expect([world.dialler.live, world.accepter.live]).toEqual([undefined, undefined]);
    const { length } = world.signals;
    world.dialler.connector.probe(true);
    world.accepter.hear({ parley: 'link', runId: 'run', attempt: '1.9', data: 'offer' });
    await world.clock.advance(100_000);
    expect(world.signals).toHaveLength(length);
    expect(world.dialler.attempts).toEqual(['1.1']);
    expect(world.accepter.attempts).toEqual(['1.1']);
  });

  test('that came anew is dialled anew, and its ghost is no more', async () => {
    const world = await LinkWorld.connected();
    world.dialler.meet(2);
    expect(world.dialler.negotiations[0]!.isClosed).toBe(true);
    await world.clock.advance(100);
    expect(world.dialler.attempts).toEqual(['1.1', '1.2']);
    expect(world.dialler.openings.at(-1)).toBe('1.2');
  });

  test('that came anew is followed from its first attempt', async () => {
    const world = await LinkWorld.connected();
    world.accepter.meet(2);
    await world.clock.advance(100);
    world.accepter.hear({ parley: 'link', runId: 'run', attempt: '1.99', data: 'offer' });
    expect(world.accepter.attempts).toEqual(['1.1']);
    world.accepter.hear({ parley: 'link', runId: 'run', attempt: '2.1', data: 'offer' });
    expect(world.accepter.attempts).toEqual(['1.1', '2.1']);
  });

  test('nothing is left when the connector is closed', async () => {
    const world = await LinkWorld.connected();
    world.dialler.connector.close();
    world.accepter.connector.close();
    await world.clock.advance(100_000);
    expect([world.dialler.live, world.accepter.live]).toEqual([undefined, undefined]);
    expect(world.dialler.attempts).toEqual(['1.1']);
  });
});
