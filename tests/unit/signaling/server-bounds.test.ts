import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { PROTOCOL_VERSION } from '../../../src/net/signaling/protocol.ts';
import type { SignalingServer } from '../../../signaling-server/server.ts';
import { often, test, testOften } from '../../support/often.ts';
import { Fixture, joinTab, metric, settle, tab } from './support.ts';

/** For tests that move megabytes: a machine that is busy elsewhere takes its time. */
const HEAVY = { timeout: 60_000 };

/** Noise, a hundred frames a connection. */
const FRAMES = often(2000, 10_000);

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});
afterEach(() => fixture.close());

describe('bounds', () => {
  test('connections: the one too many is told why', async () => {
    const server = await fixture.server({ limits: { connections: 1 } });
    const first = await fixture.raw(server);
    const second = await fixture.raw(server);
    expect(await second.next('error')).toMatchObject({ code: 'server-full' });
    expect(await second.closed).toBe(1013);
    await expect(fixture.client(server).join(tab())).rejects.toMatchObject({ code: 'server-full' });
    first.socket.close();
    await first.closed;
    const third = fixture.client(server);
    await third.join(tab());
    expect(await metric(server, 'connections_refused_total')).toBe(2);
  });

  test('frames: an oversized one ends its connection', async () => {
    const server = await fixture.server();
    const ada = await joinTab(fixture.client(server));
    const raw = await fixture.raw(server);
    await raw.join(tab());
    raw.send('x'.repeat(128 * 1024 + 1));
    expect(await raw.closed).toBe(1009);
    expect(await ada.heard.until('left')).toMatchObject({ reason: 'closed' });
    expect(await metric(server, 'frames_malformed_total')).toBe(1);
  });

  test('rate: frames above it are dropped, named, and end the connection', async () => {
    const limits = { rateTokens: 6, rateTokensPerSecond: 0, strikes: 3 };
    const server = await fixture.server({ limits });
    const ada = await joinTab(fixture.client(server));
    const raw = await fixture.raw(server);
    await raw.join(tab());
    for (let index = 0; index < 20; index++) {
      raw.send({ type: 'signal', to: ada.request.member, payload: index });
    }
    expect(await raw.next('error')).toMatchObject({ code: 'rate-limited' });
    expect(await raw.closed).toBe(1008);
    await ada.heard.until('left');
    expect(ada.heard.all('signal').map(({ payload }) => payload)).toEqual([0, 1, 2, 3, 4]);
    expect(await metric(server, 'frames_rate_limited_total')).toBe(3);
    expect(await metric(server, 'clients_struck_out_total')).toBe(1);
  });

  test('rate: large frames cost by size, broadcasts by audience', async () => {
    const limits = { rateTokens: 12, rateTokensPerSecond: 0 };
    const server = await fixture.server({ limits });
    const [ada] = [await joinTab(fixture.client(server)), await joinTab(fixture.client(server))];
    const large = await fixture.raw(server);
    await large.join(tab());
    large.send({ type: 'signal', to: ada.request.member, payload: 'x'.repeat(10_500) });
    large.send({ type: 'signal', to: ada.request.member, payload: 'too much' });
    expect(await large.next('error')).toMatchObject({ code: 'rate-limited' });
    const many = await fixture.raw(server);
    await many.join(tab());
    for (let index = 0; index < 3; index++) many.send({ type: 'broadcast', payload: index });
    expect(await many.next('error')).toMatchObject({ code: 'rate-limited' });
    await ada.heard.until('broadcast', ({ payload }) => payload === 1);
    expect(ada.heard.all('broadcast').map(({ payload }) => payload)).toEqual([0, 1]);
  });

  test('rate: pings are frames too', async () => {
    const limits = { rateTokens: 5, rateTokensPerSecond: 0, strikes: 3 };
    const server = await fixture.server({ limits });
    const raw = await fixture.raw(server);
    for (let index = 0; index < 20; index++) raw.socket.ping();
    expect(await raw.closed).toBe(1008);
  });

  test('send queue: a client that does not read is cut off', HEAVY, async () => {
    const limits = { sendQueueBytes: 256 * 1024, rateTokens: 1e9 };
    const server = await fixture.server({ limits });
    const ada = await joinTab(fixture.client(server));
    const slow = await fixture.raw(server);
    const request = tab();
    await slow.join(request);
    slow.socket.pause();
    const payload = 'x'.repeat(120 * 1024);
    let gone = false;
    void ada.heard.until('left').then(() => (gone = true));
    // What the operating system buffers differs; it is less than this.
    for (let sent = 0; sent < 512 && !gone; sent++) {
      ada.signaling.signal(request.member, payload);
      await new Promise(setImmediate);
    }
    expect(await ada.heard.until('left')).toMatchObject({ reason: 'lost' });
    expect(await metric(server, 'clients_slow_total')).toBe(1);
  });

  test('a socket that joins nothing does not stay', async () => {
    const server = await fixture.server({ limits: { joinDeadlineMs: 20 } });
    const idle = await fixture.raw(server);
    expect(await idle.closed).toBe(1013);
  });
});

describe('malformed input', () => {
  test('is answered, counted, and closed after several', async () => {
    const server = await fixture.server({ limits: { strikes: 3 } });
    const raw = await fixture.raw(server);
    raw.send('{"type":');
    expect(await raw.next('error')).toMatchObject({
      code: 'bad-message',
      message: 'The frame is not JSON.',
    });
    raw.socket.send(Buffer.from('{"type":"leave"}'), { binary: true });
    expect(await raw.next('error')).toMatchObject({ message: 'Frames must be text.' });
    await raw.join(tab());
    raw.send({ type: 'join', protocol: PROTOCOL_VERSION + 1 });
    expect(await raw.next('error')).toMatchObject({ code: 'unsupported-protocol' });
    expect(await raw.closed).toBe(1008);
    expect(await metric(server, 'frames_malformed_total')).toBe(3);
    expect(await metric(server, 'members')).toBe(0);
  });

  testOften(
    `${FRAMES} random frames leave the server alive and its members untouched`,
    HEAVY,
    async () => {
      const server = await fixture.server();
      const ada = await joinTab(fixture.client(server));
      const bob = await joinTab(fixture.client(server));
      const random = xorshift(20_260_117);
      let sent = 0;
      while (sent < FRAMES) {
        const raw = await fixture.raw(server);
        for (let index = 0; index < 100 && sent < FRAMES; index++, sent++) {
          const frame = randomFrame(random);
          raw.socket.send(frame, { binary: typeof frame !== 'string' });
        }
        await raw.closed;
      }
      await settle(ada.signaling, bob);
      await settle(bob.signaling, ada);
      expect(await metric(server, 'open_connections')).toBe(2);
      expect(await metric(server, 'clients_struck_out_total')).toBe(FRAMES / 100);
      expect([...ada.signaling.members.keys()]).toEqual([bob.request.member]);
    },
  );

  test('bytes that are no WebSocket frames, and no HTTP, hurt nobody else', async () => {
    const server = await fixture.server();
    const upgrade =
      'GET /signal HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
    const attempts = [
      '\u0000\u0001\u0002\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      `GET /${'x'.repeat(100_000)} HTTP/1.1\r\n\r\n`,
      'GET // HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      upgrade.replace('Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Key: short'),
      `${upgrade}\u00ff\u00ff\u00ff`,
      `${upgrade}\u0081\u0005hello`,
    ];
    for (const attempt of attempts) expect(await exchange(server, attempt)).toMatch(/^HTTP\/1.1 /);
    expect((await fetch(`${server.urls[0]}health`)).status).toBe(200);
    await fixture.client(server).join(tab());
  });
});

/** Sends bytes over TCP and resolves with everything that came until the other side was through. */
function exchange(server: SignalingServer, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    let answer = '';
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
    socket.on('end', () => socket.end());
  });
}

/** Uniform in [0, 1), the same in every run. */
function xorshift(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Nothing a server should accept: noise, binary, and messages with something wrong in them. */
function randomFrame(random: () => number): string | Buffer {
  const noise = Array.from({ length: random() * 60 }, () =>
    String.fromCharCode(random() * 0xd7ff),
  ).join('');
  const kinds: (() => string | Buffer)[] = [
    () => noise,
    () => Buffer.from(noise),
    () => JSON.stringify(noise),
    () => '['.repeat(1 + random() * 50_000),
    () => JSON.stringify({ type: 'join', protocol: 1, room: noise, member: noise }),
    () => JSON.stringify({ type: 'signal', to: 'member-one', payload: noise, more: {} }).slice(1),
    () => `{"type":"broadcast","payload":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`,
    () => JSON.stringify({ type: ['join', 'leave', '__proto__'][Math.trunc(random() * 3)] + ' ' }),
    () => '{"__proto__":{"type":"leave"},"constructor":null}',
  ];
  return kinds[Math.trunc(random() * kinds.length)]!();
}
