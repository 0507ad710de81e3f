/** Where there is no direct way: the relay, and the way back. */

import { describe, expect, test } from 'vitest';
import { NO_WAY, UNSUPPORTED } from '../../../src/net/rtc/endings.ts';
import { LINK_TIMING } from '../../../src/runtime/live/link-timing.ts';
import { LinkWorld } from '../../support/link-world.ts';

const { connectTimeoutMs, directRetryMs, redialMsMin } = LINK_TIMING;

/** Two pages between which nothing gets through, and a server that relays. */
async function relayed(): Promise<LinkWorld> {
  const world = new LinkWorld({ canRelay: true });
  world.hasWay = false;
  world.meet();
  await world.clock.advance(2 * (connectTimeoutMs + redialMsMin) + 1000);
  return world;
}

describe('a link without a direct way', () => {
  test('goes through the server after two attempts, and people see it', async () => {
    const world = await relayed();
    for (const page of [world.dialler, world.accepter]) {
      expect(page.attempts).toEqual(['1.1', '1.2']);
      expect(page.told.slice(-2)).toEqual(['ports 1.3', 'secured 1.3']);
      expect(page.openings).toEqual(['1.3']);
      expect(page.logs.at(-1)).toMatch(/^info: connected to n. via relay/);
    }
    expect(world.dialler.logs).toContain(`warn: no connection to n2 yet: ${NO_WAY.reason}`);
  });

  test('goes through the server sooner, when the browser gives up sooner', async () => {
    const world = new LinkWorld({ canRelay: true });
    world.dialler.refusal = NO_WAY;
    world.meet();
    await world.clock.advance(5000);
    expect(world.dialler.openings).toEqual(['1.3']);
  });

  test('is dialled directly again and again where no server relays, and people hear once what to do', async () => {
    const world = new LinkWorld();
    world.hasWay = false;
    world.meet();
    await world.clock.advance(120_000);
    expect(world.dialler.attempts.length).toBeGreaterThan(3);
    const warnings = world.dialler.logs.filter((line) => line.startsWith('warn'));
    expect(warnings).toEqual([`warn: no connection to n2 yet: ${NO_WAY.reason}`]);
    expect(NO_WAY.reason).toMatch(/same network.*TURN/);
    world.hasWay = true;
    while (world.dialler.openings.length === 0) await world.clock.advance(1000);
  });

  test('is no reason for a relay when the other page does not answer at all', async () => {
    const world = new LinkWorld({ canRelay: true });
    world.carriesSignals = false;
    world.meet();
    await world.clock.advance(120_000);
    expect(world.dialler.attempts.length).toBeGreaterThan(3);
    expect(world.dialler.relays).toEqual([]);
  });

  test('is forgotten once there was a direct one', async () => {
    const world = new LinkWorld({ canRelay: true });
    world.hasWay = false;
    world.meet();
    await world.clock.advance(connectTimeoutMs + 100);
    world.hasWay = true;
    while (world.dialler.openings.length === 0) await world.clock.advance(100);
    world.hasWay = false;
    world.dialler.live!.close();
    await world.clock.advance(connectTimeoutMs + 4000);
    expect(world.dialler.attempts).toEqual(['1.1', '1.2', '1.3', '1.4']);
    expect(world.dialler.relays).toEqual([]);
  });
});

describe('a relayed link', () => {
  test('gives way to a direct one as soon as that is open, and not before', async () => {
    const world = await relayed();
    world.hasWay = true;
    await world.clock.advance(directRetryMs);
    for (const page of [world.dialler, world.accepter]) {
      expect(page.openings).toEqual(['1.3', '1.4']);
      expect(page.relays.map(({ isClosed }) => isClosed)).toEqual([true]);
      expect(page.live?.request.attempt).toBe('1.4');
    }
    await world.clock.advance(10 * directRetryMs);
    expect(world.dialler.attempts).toEqual(['1.1', '1.2', '1.4']);
  });

  test('lives on when the direct attempts beside it come to nothing, one a minute', async () => {
    const world = await relayed();
    await world.clock.advance(5 * (directRetryMs + connectTimeoutMs));
    expect(world.dialler.attempts).toEqual(['1.1', '1.2', '1.4', '1.5', '1.6', '1.7', '1.8']);
    for (const page of [world.dialler, world.accepter]) {
      expect(page.openings).toEqual(['1.3']);
      expect(page.relays.map(({ isClosed }) => isClosed)).toEqual([false]);
    }
  });

  test('tries the direct way at once on a new network', async () => {
    const world = await relayed();
    world.hasWay = true;
    world.dialler.connector.probe(true);
    await world.clock.advance(100);
    expect(world.dialler.openings).toEqual(['1.3', '1.4']);
  });

  test('gives way to a direct attempt that is under way when it breaks', async () => {
    const world = await relayed();
    while (world.accepter.live?.request.attempt !== '1.4') await world.clock.advance(1);
    world.dialler.relays[0]!.fail('the server is gone');
    world.accepter.relays[0]!.fail('the server is gone');
    await world.clock.advance(1);
    world.hasWay = true;
    world.open('1.4', 'direct');
    await world.clock.advance(1000);
    for (const page of [world.dialler, world.accepter]) {
      expect(page.attempts).toEqual(['1.1', '1.2', '1.4']);
      expect(page.openings).toEqual(['1.3', '1.4']);
      expect(page.live?.request.attempt).toBe('1.4');
    }
  });

  test('is tried directly, then relayed again, when it breaks', async () => {
    const world = await relayed();
    world.dialler.relays[0]!.fail('the server is gone');
    world.accepter.relays[0]!.fail('the server is gone');
    while (world.dialler.openings.length === 1) await world.clock.advance(1000);
    expect(world.dialler.attempts).toEqual(['1.1', '1.2', '1.4']);
    expect(world.dialler.openings).toEqual(['1.3', '1.5']);
    expect(world.accepter.openings).toEqual(['1.3', '1.5']);
  });

  test('that never opens leads to a direct attempt, and to a relay again', async () => {
    const world = new LinkWorld({ canRelay: true });
    world.hasWay = false;
    world.relays = false;
    world.meet();
    await world.clock.advance(70_000);
    const relays = world.dialler.relays.map(({ name }) => name);
    expect(relays.slice(0, 2)).toEqual(['1.3', '1.5']);
    expect(world.dialler.attempts.slice(0, 3)).toEqual(['1.1', '1.2', '1.4']);
    for (const { isClosed } of world.dialler.relays.slice(0, -1)) expect(isClosed).toBe(true);
  });

  test('is closed with its page', async () => {
    const world = await relayed();
    world.dialler.connector.suspend();
    world.accepter.connector.close();
    for (const page of [world.dialler, world.accepter]) {
      expect(page.relays.map(({ isClosed }) => isClosed)).toEqual([true]);
    }
  });

  test('needs no token of the page’s', async () => {
    const world = new LinkWorld({ canRelay: true, tokens: 2 });
    world.hasWay = false;
    world.meet();
    await world.clock.advance(2 * (connectTimeoutMs + redialMsMin) + 1000);
    expect(world.dialler.openings).toEqual(['1.3']);
  });
});

describe('a browser without WebRTC', () => {
  test('says what to do, once, and tries nothing more, where no server relays', async () => {
    const world = new LinkWorld();
    world.dialler.refusal = UNSUPPORTED;
    world.meet();
    await world.clock.advance(600_000);
    expect(world.dialler.attempts).toEqual(['1.1']);
    expect(world.dialler.logs.filter((line) => line.startsWith('error'))).toEqual([
      `error: no connection to n2: ${UNSUPPORTED.reason}`,
    ]);
    expect(UNSUPPORTED.reason).toMatch(/use a current/);
  });

  test('goes through the server at once where it can, whichever side it is', async () => {
    for (const lacking of ['dialler', 'accepter'] as const) {
      const world = new LinkWorld({ canRelay: true });
      world[lacking].refusal = UNSUPPORTED;
      world.meet();
      await world.clock.advance(3000);
      expect(world.dialler.openings).toEqual(['1.2']);
      expect(world.accepter.openings).toEqual(['1.2']);
    }
  });

  test('on the other side is named, where no server relays', async () => {
    const world = new LinkWorld();
    world.accepter.refusal = UNSUPPORTED;
    world.meet();
    await world.clock.advance(60_000);
    expect(world.dialler.attempts).toEqual(['1.1']);
    expect(world.dialler.logs.at(-1)).toMatch(
      /^error: no connection to n2: there, this browser has no WebRTC/,
    );
  });

  test('is not believed of a side whose direct link is open', async () => {
    const world = await LinkWorld.connected({ canRelay: true });
    world.dialler.hear({ parley: 'redial', runId: 'run', attempt: '1.1', needsRelay: true });
    await world.clock.advance(5000);
    expect(world.dialler.relays).toEqual([]);
    expect(world.dialler.live?.request.attempt).toBe('1.1');
  });
});
