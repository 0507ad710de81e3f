import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RELAY_DATA_LENGTH_MAX, RELAY_WINDOW_BYTES } from '../../../src/net/signaling/protocol.ts';
import { Fixture, joinTab, metric, settle, tab } from './support.ts';

/** For tests that move megabytes: a machine that is busy elsewhere takes its time. */
const HEAVY = { timeout: 60_000 };
const LARGE = 'A'.repeat(RELAY_DATA_LENGTH_MAX);
const WINDOW = RELAY_WINDOW_BYTES / RELAY_DATA_LENGTH_MAX;

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});
afterEach(() => fixture.close());

describe('relayed frames', () => {
  test('cost nothing of what signals may use, and are counted', async () => {
    const server = await fixture.server({ limits: { rateTokens: 10, rateTokensPerSecond: 0 } });
    const ada = await joinTab(fixture.client(server));
    const bob = await joinTab(fixture.client(server));
    for (let index = 0; index < WINDOW; index++) {
      expect(bob.signaling.relay(ada.request.member, LARGE)).toBe('sent');
    }
    await ada.heard.until('relay', () => ada.heard.all('relay').length === WINDOW);
    await settle(bob.signaling, ada);
    expect(bob.heard.all('problem')).toEqual([]);
    expect(await metric(server, 'relay_frames_total')).toBe(WINDOW);
    expect(await metric(server, 'relay_bytes_total')).toBe(RELAY_WINDOW_BYTES);
  });

  test('beyond the window are dropped, named once a second, and end the connection', async () => {
    const limits = { relayBytesPerSecond: 1, relayBurstBytes: 1, strikes: 5 };
    const server = await fixture.server({ limits });
    const ada = await joinTab(fixture.client(server));
    const raw = await fixture.raw(server);
    await raw.join(tab());
    for (let index = 0; index < 20; index++) {
      raw.send({ type: 'relay', to: ada.request.member, data: LARGE });
    }
    expect(await raw.closed).toBe(1008);
    expect(raw.messages).toEqual([
      {
        type: 'error',
        code: 'rate-limited',
        message: expect.stringContaining('Wait for "relayed"'),
      },
    ]);
    await ada.heard.until('left');
    expect(ada.heard.all('relay')).toHaveLength(WINDOW);
    expect(await metric(server, 'frames_rate_limited_total')).toBe(5);
  });

  test('are given back when they are paid for, all of them', async () => {
    const limits = { relayBytesPerSecond: 8 * RELAY_WINDOW_BYTES, relayBurstBytes: 1 };
    const server = await fixture.server({ limits });
    const ada = await joinTab(fixture.client(server));
    const raw = await fixture.raw(server);
    await raw.join(tab());
    let given = 0;
    for (let window = 0; window < 3; window++) {
      for (let index = 0; index < WINDOW; index++) {
        raw.send({ type: 'relay', to: ada.request.member, data: LARGE });
      }
      while (given < (window + 1) * RELAY_WINDOW_BYTES) given += (await raw.next('relayed')).bytes;
    }
    expect(given).toBe(3 * RELAY_WINDOW_BYTES);
  });

  test('that nobody joined for are refused', async () => {
    const server = await fixture.server();
    const raw = await fixture.raw(server);
    raw.send({ type: 'relay', to: 'somebody-else', data: 'AAAA' });
    expect(await raw.next('error')).toMatchObject({ message: 'Join a room first.' });
  });

  test('are lost to a receiver who does not read, who is not cut off for it', HEAVY, async () => {
    const limits = { relayBytesPerSecond: 1e9, relayBurstBytes: 1e9, relayQueueBytes: 64 * 1024 };
    const server = await fixture.server({ limits });
    const bob = await joinTab(fixture.client(server));
    const slow = await fixture.raw(server);
    const request = tab();
    await slow.join(request);
    slow.socket.pause();
    let waits = 0;
    let sent = 0;
    // What the operating system buffers differs; it is less than this.
    while (sent < 2_048 && (await metric(server, 'relay_dropped_total')) === 0) {
      if (bob.signaling.relay(request.member, LARGE) === 'sent') {
        sent++;
        continue;
      }
      waits++;
      await bob.heard.until('relayDrained', () => bob.heard.all('relayDrained').length >= waits);
    }
    expect(await metric(server, 'relay_dropped_total')).toBeGreaterThan(0);
    bob.signaling.signal(request.member, 'a signal gets through');
    slow.socket.resume();
    let received = 0;
    for (let type = ''; type !== 'signal';) {
      ({ type } = await slow.nextOfAny());
      if (type === 'relay') received++;
    }
    expect(received + (await metric(server, 'relay_dropped_total'))).toBe(sent);
    expect(await metric(server, 'clients_slow_total')).toBe(0);
    expect(bob.heard.all('left')).toEqual([]);
  });
});
