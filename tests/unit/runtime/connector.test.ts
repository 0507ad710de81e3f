/** Which connection is made when. */

import { describe, expect, test } from 'vitest';
import { ATTEMPTS_PER_LINK_MAX } from '../../../src/net/limits.ts';
import { LINK_TIMING } from '../../../src/runtime/live/link-timing.ts';
import { LinkWorld } from '../../support/link-world.ts';

const { connectTimeoutMs, redialMsMax } = LINK_TIMING;

/** A signal as n1's page would send it. */
const link = (attempt: string, data: unknown = 'offer') => ({
  parley: 'link',
  runId: 'run',
  attempt,
  data,
});

describe('making a connection', () => {
  test('one side dials, the other follows, and both workers get the channels of the same attempt', async () => {
    const { dialler, accepter } = await LinkWorld.connected();
    for (const page of [dialler, accepter]) {
      expect(page.told).toEqual(['channels 1.1', 'secured 1.1']);
      expect(page.openings).toEqual(['1.1']);
    }
    expect(dialler.live?.request).toMatchObject({
      isInitiator: true,
      remoteName: 'transport-of-n2',
    });
    expect(accepter.live?.request).toMatchObject({
      isInitiator: false,
      remoteName: 'transport-of-n1',
    });
  });

  test('an open link is left alone', async () => {
    const { clock, dialler, accepter } = await LinkWorld.connected();
    await clock.advance(3_600_000);
    expect([dialler.attempts, accepter.attempts]).toEqual([['1.1'], ['1.1']]);
  });

  test('nodes between which no link is wanted do not connect', async () => {
    const world = new LinkWorld();
    world.dialler.connector.met('n3', { name: 'transport-of-n3', incarnation: 1 });
    await world.clock.advance(100);
    expect(world.dialler.negotiations).toEqual([]);
  });

  test('an attempt that does not open in time is given up, and the next waits longer, up to a bound', async () => {
    const world = new LinkWorld();
    world.carriesSignals = false;
    world.meet();
    const begun: number[] = [];
    for (let second = 0; second < 300; second++) {
      const before = world.dialler.negotiations.length;
      await world.clock.advance(1000);
      if (world.dialler.negotiations.length > before) begun.push(second);
      expect(world.dialler.negotiations.filter(({ isClosed }) => !isClosed).length).toBeLessThan(2);
    }
    const waits = begun.slice(1).map((at, i) => at - begun[i]! - connectTimeoutMs / 1000);
    for (const wait of waits) expect(wait).toBeLessThanOrEqual(redialMsMax / 1000 + 1);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(redialMsMax / 1000 - 1);
    expect(waits.slice(0, 5)).toEqual(waits.slice(0, 5).toSorted((a, b) => a - b));
  });

  test('the waits are drawn by lot, so that a room does not come back in one instant', async () => {
    const waitsOf = async (random: () => number) => {
      const world = new LinkWorld({ random });
      world.carriesSignals = false;
      world.meet();
      await world.clock.advance(connectTimeoutMs);
      const before = world.clock.now();
      while (world.dialler.negotiations.length < 2) await world.clock.advance(1);
      return world.clock.now() - before;
    };
    expect(await waitsOf(() => 0)).toBe(250);
    expect(await waitsOf(() => 1)).toBe(500);
  });

  test('a link that lasts makes the waits short again, one that does not leaves them', async () => {
    const waitAfter = async (lastsMs: number) => {
      const world = new LinkWorld();
      world.carriesSignals = false;
      world.meet();
      await world.clock.advance(100_000);
      world.carriesSignals = true;
      while (world.dialler.openings.length === 0) await world.clock.advance(1000);
      await world.clock.advance(lastsMs);
      world.dialler.live!.close();
      const from = world.clock.now();
      const { length } = world.dialler.negotiations;
      while (world.dialler.negotiations.length === length) await world.clock.advance(100);
      return world.clock.now() - from;
    };
    expect(await waitAfter(LINK_TIMING.stableAfterMs)).toBeLessThanOrEqual(600);
    expect(await waitAfter(LINK_TIMING.stableAfterMs / 2)).toBeGreaterThan(5000);
  });

  test('what fails at the browser’s bound is tried again', async () => {
    const world = new LinkWorld();
    world.dialler.refusal = { kind: 'busy', reason: 'too many' };
    world.meet();
    await world.clock.advance(20_000);
    expect(world.dialler.negotiations.length).toBeGreaterThan(3);
    world.dialler.refusal = undefined;
    while (world.dialler.openings.length === 0) await world.clock.advance(1000);
  });
});

describe('the connections that a page may make', () => {
  test('are waited for', async () => {
    const world = new LinkWorld({ tokens: 1 });
    world.meet();
    await world.clock.advance(100);
    world.dialler.live!.close();
    await world.clock.advance(29_000);
    expect(world.dialler.attempts).toEqual(['1.1']);
    await world.clock.advance(2000);
    expect(world.dialler.openings).toEqual(['1.1', '1.2']);
  });

  test('signals that come while the side that accepts waits for its turn are kept, in order, within a bound', async () => {
    const world = new LinkWorld({ tokens: 1 });
    world.accepter.meet();
    world.accepter.hear(link('1.1'));
    expect(world.accepter.attempts).toEqual(['1.1']);
    world.accepter.live!.close();
    await world.clock.advance(1000);
    for (let i = 0; i < 5000; i++) world.accepter.hear(link('1.2', i));
    expect(world.accepter.attempts).toEqual(['1.1']);
    await world.clock.advance(30_000);
    expect(world.accepter.attempts).toEqual(['1.1', '1.2']);
    const { heard } = world.accepter.negotiations[1]!;
    expect(heard).toEqual(Array.from({ length: heard.length }, (_, i) => i));
    expect(heard.length).toBeGreaterThan(50);
    expect(heard.length).toBeLessThan(1000);
  });

  test('an attempt that is replaced gives up its turn', async () => {
    const world = new LinkWorld({ tokens: 1 });
    world.accepter.meet();
    for (let number = 1; number <= 5; number++) world.accepter.hear(link(`1.${number}`));
    await world.clock.advance(31_000);
    expect(world.accepter.attempts).toEqual(['1.1', '1.5']);
  });
});

describe('signals that are old, or from nobody', () => {
  test('the side that accepts begins nothing for an attempt that is not newer', async () => {
    const world = await LinkWorld.connected();
    world.dialler.live!.close();
    await world.clock.advance(1000);
    expect(world.accepter.openings).toEqual(['1.1', '1.2']);
    for (const old of ['1.1', '1.2', '0.9', '2.3', '1.02', '1.0', 'x', '1.3.4', '']) {
      world.accepter.hear(link(old));
    }
    await world.clock.advance(1000);
    expect(world.accepter.attempts).toEqual(['1.1', '1.2']);
  });

  test('the side that dials follows nobody', async () => {
    const world = await LinkWorld.connected();
    world.dialler.hear(link('1.7'));
    world.dialler.hear({ parley: 'relay', runId: 'run', attempt: '1.8' });
    world.dialler.hear({ parley: 'redial', runId: 'run', attempt: '1.9', needsRelay: false });
    await world.clock.advance(20_000);
    expect(world.dialler.attempts).toEqual(['1.1']);
    expect(world.dialler.live?.request.attempt).toBe('1.1');
  });

  test('an announcement alone ends no link that is fine', async () => {
    const world = await LinkWorld.connected();
    world.accepter.hear(link('1.50'));
    await world.clock.advance(60_000);
    expect(world.accepter.attempts).toEqual(['1.1', '1.50']);
    expect(world.accepter.live?.request.attempt).toBe('1.1');
  });

  test('a page follows only so many attempts within a while, whatever it hears', async () => {
    const world = new LinkWorld();
    world.accepter.meet();
    for (let number = 1; number <= 1000; number++) world.accepter.hear(link(`1.${number}`));
    expect(world.accepter.attempts).toHaveLength(ATTEMPTS_PER_LINK_MAX);
    await world.clock.advance(60_000);
    world.accepter.hear(link('1.2000'));
    expect(world.accepter.attempts.at(-1)).toBe('1.2000');
  });
});

describe('a connection that is lost', () => {
  test('is dialled anew', async () => {
    const world = await LinkWorld.connected();
    world.dialler.live!.fail({ kind: 'closed', reason: 'for the test' });
    await world.clock.advance(1000);
    expect(world.dialler.openings).toEqual(['1.1', '1.2']);
    expect(world.accepter.openings).toEqual(['1.1', '1.2']);
    expect(world.dialler.logs).toContain('debug: the connection to n2 (1.1) ended: for the test');
  });

  test('is dialled anew when only the worker knows', async () => {
    const world = await LinkWorld.connected();
    world.dialler.linkClosed('1.1', 'nothing was acknowledged');
    expect(world.dialler.negotiations[0]!.isClosed).toBe(true);
    await world.clock.advance(1000);
    expect(world.accepter.openings).toEqual(['1.1', '1.2']);
  });

  test('is asked for by the side that accepts, as long as it is not there', async () => {
    const world = await LinkWorld.connected();
    world.hasWay = false;
    world.accepter.linkClosed('1.1', 'nothing was acknowledged');
    world.carriesSignals = false;
    await world.clock.advance(10_000);
    expect(world.dialler.attempts).toEqual(['1.1']);
    world.hasWay = true;
    world.carriesSignals = true;
    await world.clock.advance(10_000);
    expect(world.dialler.attempts).toEqual(['1.1', '1.2']);
    expect(world.accepter.openings).toEqual(['1.1', '1.2']);
    const asked = world.signals.filter(
      ({ from, payload }) => from === 'n2' && JSON.stringify(payload).includes('redial'),
    );
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.length).toBeLessThan(10);
  });

  test('a report about a link that is no more changes nothing', async () => {
    const world = await LinkWorld.connected();
    world.dialler.live!.close();
    await world.clock.advance(1000);
    world.dialler.linkClosed('1.1', 'late news');
    world.dialler.opened('1.1');
    await world.clock.advance(1000);
    expect(world.dialler.attempts).toEqual(['1.1', '1.2']);
    expect(world.dialler.live?.request.attempt).toBe('1.2');
  });

  test('is not made again at once when the other side was refused, and people hear why', async () => {
    const world = await LinkWorld.connected({ random: () => 0 });
    world.dialler.linkClosed('1.1', 'n2 cannot prove that it is n2', true);
    expect(world.dialler.logs).toContain(
      'warn: the link to n2 was refused: n2 cannot prove that it is n2',
    );
    await world.clock.advance(14_000);
    expect(world.dialler.attempts).toEqual(['1.1']);
    await world.clock.advance(2000);
    expect(world.dialler.attempts).toEqual(['1.1', '1.2']);
  });

  test('is not asked for by a side that refused it', async () => {
    const world = await LinkWorld.connected();
    world.hasWay = false;
    world.accepter.linkClosed('1.1', 'n1 cannot prove that it is n1', true);
    await world.clock.advance(60_000);
    expect(JSON.stringify(world.signals)).not.toContain('redial');
  });
});
