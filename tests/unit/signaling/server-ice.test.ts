import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { iceServersFor } from '../../../signaling-server/ice-servers.ts';
import type { LogEntry } from '../../../signaling-server/log.ts';
import {
  isIceUrl,
  parseServerMessage,
  type IceServer,
} from '../../../src/net/signaling/protocol.ts';
import { Fixture, joinTab, metric, tab } from './support.ts';

const SECRET = '0123456789abcdef';

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});
afterEach(() => fixture.close());

describe('credentials', () => {
  test('are what coturn computes from the same secret', () => {
    const turn = { urls: ['turn:a'], secret: SECRET, ttlSeconds: 600 };
    // printf 1795225245:member-one | openssl dgst -sha1 -hmac 0123456789abcdef -binary | base64
    expect(iceServersFor({ turn }, 'member-one', (1_795_225_245 - 600) * 1000 + 999)).toEqual([
      {
        urls: ['turn:a'],
        username: '1795225245:member-one',
        credential: 'xFZm0w2CKlmF2NUYcSM5olSI8E0=',
      },
    ]);
  });

  test('reach the member with its welcome, and are its own', async () => {
    const ice = {
      stunUrls: ['stun:b', 'stun:c:1'],
      turn: { urls: ['turn:a?transport=udp', 'turns:a'], secret: SECRET, ttlSeconds: 600 },
    };
    const server = await fixture.server({ ice });
    const before = Math.trunc(Date.now() / 1000);
    const ada = await joinTab(fixture.client(server), { member: 'member-ada' });
    const bob = await joinTab(fixture.client(server), { member: 'member-bob' });
    for (const { signaling, request } of [ada, bob]) {
      const [stun, turn] = signaling.iceServers;
      expect(stun).toEqual({ urls: ice.stunUrls });
      expect(turn!.urls).toEqual(ice.turn.urls);
      const [expiry, member] = turn!.username!.split(':');
      expect(member).toBe(request.member);
      expect(Number(expiry)).toBeGreaterThanOrEqual(before + 600);
      expect(turn!.credential).toMatch(/^[A-Za-z0-9+/]{27}=$/);
    }
    expect(ada.signaling.iceServers[1]!.credential).not.toBe(
      bob.signaling.iceServers[1]!.credential,
    );
    expect(await metric(server, 'turn_credentials_total')).toBe(2);
  });

  test('come anew when a member joins again', async () => {
    const first = await fixture.server({ ice: { stunUrls: ['stun:old'] } });
    const timing = { reconnectDelayMsMin: 1, reconnectDelayMsMax: 5 };
    const ada = await joinTab(fixture.client(first, { timing }));
    expect(ada.signaling.iceServers).toEqual([{ urls: ['stun:old'] }]);
    await first.close();
    await ada.heard.until('state', ({ state }) => state === 'reconnecting');
    const turn = { urls: ['turn:new'], secret: SECRET, ttlSeconds: 600 };
    await fixture.server({ port: first.port, ice: { turn } });
    await vi.waitUntil(() => ada.signaling.state === 'joined', { timeout: 30_000 });
    expect(ada.signaling.iceServers).toMatchObject([{ urls: ['turn:new'] }]);
  });

  test('are none where none are configured', async () => {
    const server = await fixture.server();
    const client = fixture.client(server);
    expect(client.iceServers).toEqual([]);
    expect(await client.join(tab())).not.toHaveProperty('iceServers');
    expect(client.iceServers).toEqual([]);
    expect(await metric(server, 'turn_credentials_total')).toBe(0);
  });

  test('leave the secret where it is', async () => {
    const said: LogEntry[] = [];
    const turn = { urls: ['turn:a'], secret: SECRET, ttlSeconds: 600 };
    const server = await fixture.server({ ice: { turn }, log: (entry) => said.push(entry) });
    const raw = await fixture.raw(server);
    const welcome = await raw.join(tab());
    const texts = [JSON.stringify(welcome), ''];
    for (const path of ['health', 'metrics', 'peerjs/id']) {
      texts.push(await (await fetch(`${server.urls[0]}${path}`)).text());
    }
    raw.send('junk');
    await raw.next('error');
    await server.close();
    expect([...texts, JSON.stringify(said)].join()).not.toContain(SECRET);
    expect(said.map(({ event }) => event)).toContain('listening');
  });
});

describe('a client accepts', () => {
  const good: IceServer = { urls: ['turn:a'], username: 'x', credential: 'y' };
  const you = { member: 'member-one', incarnation: 1, order: 0 };
  const parse = (iceServers: unknown) =>
    parseServerMessage(JSON.stringify({ type: 'welcome', you, members: [], iceServers }));

  test('what an RTCPeerConnection takes', () => {
    for (const iceServers of [
      [],
      [good],
      [{ urls: ['stun:a', 'stuns:b:1'] }],
      Array(8).fill(good),
    ]) {
      expect(parse(iceServers)).toMatchObject({ ok: true, message: { iceServers } });
    }
  });

  test.each<[string, unknown]>([
    ['a TURN server without an account', [{ urls: ['turn:a'] }]],
    ['one with half an account', [{ urls: ['turn:a'], username: 'x' }]],
    ['another scheme', [{ urls: ['https://a'] }]],
    ['no address', [{ urls: [] }]],
    ['an address that is none', [{ urls: [1] }]],
    ['too many addresses', [{ urls: Array(9).fill('stun:a') }]],
    ['too many servers', Array(9).fill(good)],
    ['an endless name', [{ ...good, username: 'x'.repeat(513) }]],
    ['an account with control characters', [{ ...good, credential: 'x\u0000' }]],
    ['no list', { urls: ['stun:a'] }],
  ])('not %s', (_what, iceServers) => {
    expect(parse(iceServers)).toMatchObject({ ok: false, code: 'bad-message' });
  });

  test.each([
    ['stun:a', true],
    ['stun:a.example:3478', true],
    ['stuns:[2001:db8::1]:5349', true],
    ['turn:192.0.2.1', true],
    ['turn:192.0.2.1:3478?transport=udp', true],
    ['turns:a?transport=tcp', true],
    ['stun:a?transport=udp', false],
    ['turn:a?transport=sctp', false],
    ['turn:a?transport=udp?transport=udp', false],
    ['turn:', false],
    ['stun:a:65536', false],
    ['stun:a:x', false],
    ['turn:[:::::]', false],
    ['turn:a/b', false],
    ['turn:u@a', false],
    ['turn://a', false],
    ['turn:a b', false],
    ['turn:a\n', false],
    [`turn:${'a'.repeat(600)}`, false],
  ])('%j: %j', (url, isOne) => {
    expect(isIceUrl(url)).toBe(isOne);
  });
});
