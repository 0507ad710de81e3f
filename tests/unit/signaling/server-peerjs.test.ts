/** PeerJS clients on our server: what is bounded, refused, counted and answered beyond the protocol itself. */
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { SERVER_LIMITS, type ServerLimits } from '../../../signaling-server/limits.ts';
import { Mailboxes } from '../../../signaling-server/peerjs/mailboxes.ts';
import type { SignalingServer } from '../../../signaling-server/server.ts';
import { connectPeer, type PeerAddress, type PeerClient } from './peer-client.ts';
import { Fixture, joinTab, metric, settle } from './support.ts';

/** For tests that move megabytes: a machine that is busy elsewhere takes its time. */
const HEAVY = { timeout: 60_000 };

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});
afterEach(() => fixture.close());

function connect(server: SignalingServer, id: string, more: PeerAddress = {}): Promise<PeerClient> {
  return connectPeer(fixture, server.urls[0]!, { id, token: `token-${id}`, ...more });
}

/** A client that is registered; what it was told of that is read already. */
async function open(server: SignalingServer, id: string): Promise<PeerClient> {
  const client = await connect(server, id);
  await client.until(1);
  client.heard.length = 0;
  return client;
}

function limited(limits: Partial<ServerLimits>): Promise<SignalingServer> {
  return fixture.server({ limits });
}

describe('who may connect', () => {
  test('ids and tokens that cannot be used are refused and counted', async () => {
    const server = await fixture.server();
    const bad = [
      { id: 'x'.repeat(129) },
      { id: ' ada' },
      { id: 'ada ' },
      { id: 'ada\u0000' },
      { id: 'größe' },
      { token: 'x'.repeat(257) },
      { token: '\u{1f600}' },
      { key: 'another' },
      { id: undefined },
    ];
    for (const more of bad) {
      const client = await connect(server, 'ada', more);
      const type = more.key === undefined ? 'ERROR' : 'INVALID-KEY';
      expect(await client.until(1)).toEqual([{ type, payload: { msg: '…' } }]);
      expect(await client.closed).toBe(1008);
    }
    expect(await metric(server, 'peers_refused_total')).toBe(bad.length);
    expect(await metric(server, 'peers')).toBe(0);
    for (const id of ['x'.repeat(128), 'a', 'Ada Lovelace-1_2', '0'.repeat(64)]) {
      expect(await (await connect(server, id)).until(1)).toEqual([{ type: 'OPEN' }]);
    }
  });

  test('a taken id is refused, and its holder undisturbed', async () => {
    const server = await fixture.server();
    const ada = await open(server, 'ada');
    for (const token of ['other', 'token-adA', 'token-ada2']) {
      const impostor = await connect(server, 'ada', { token });
      expect(await impostor.until(1)).toEqual([{ type: 'ID-TAKEN', payload: { msg: '…' } }]);
      expect(await impostor.closed).toBe(1008);
    }
    await ada.settle();
    expect(ada.heard).toEqual([]);
    expect(await metric(server, 'peers')).toBe(1);
  });

  test('a client that connects again and again stays one client', async () => {
    const server = await fixture.server();
    const bob = await open(server, 'bob');
    const ghosts: PeerClient[] = [];
    for (let round = 0; round < 20; round++) ghosts.push(await open(server, 'ada'));
    const newest = ghosts.pop()!;
    expect(new Set(await Promise.all(ghosts.map(({ closed }) => closed)))).toEqual(new Set([4001]));
    bob.send({ type: 'OFFER', dst: 'ada', payload: { n: 1 } });
    expect(await newest.until(1)).toMatchObject([{ type: 'OFFER', src: 'bob' }]);
    expect(await metric(server, 'peers')).toBe(2);
    expect(await metric(server, 'open_connections')).toBe(2);
  });

  test('rooms and PeerJS share the bound on connections, and each hears it in its own words', async () => {
    const server = await limited({ connections: 1, turnedAway: 2 });
    const ada = await open(server, 'ada');
    const bob = await connect(server, 'bob');
    expect(await bob.until(1)).toEqual([{ type: 'ERROR', payload: { msg: '…' } }]);
    const raw = await fixture.raw(server);
    expect(await raw.next('error')).toMatchObject({ code: 'server-full' });
    expect(await Promise.all([bob.closed, raw.closed])).toEqual([1013, 1013]);
    // Those who were told make room for others to be told.
    for (let n = 0; n < 6; n++) expect(await (await connect(server, 'bob')).closed).toBe(1013);
    ada.socket.close();
    await ada.closed;
    await open(server, 'bob');
  });

  test('beyond those who are told, a flood hears 503 and costs no WebSocket', async () => {
    const server = await limited({ connections: 1, turnedAway: 1, closeGraceMs: 60_000 });
    await open(server, 'ada');
    await neverAnsweringSocket(server);
    for (const path of ['signal', 'peerjs?id=eve&token=t&key=peerjs']) {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/${path}`);
      const [error] = (await once(socket, 'error')) as [Error];
      expect(error.message).toContain('503');
    }
    expect(await metric(server, 'connections_refused_total')).toBe(3);
  });
});

describe('plain requests', () => {
  test('list clients only where that is allowed', async () => {
    const server = await fixture.server({ allowDiscovery: true });
    await open(server, 'ada');
    await open(server, 'bob');
    const response = await fetch(`${server.urls[0]}peerjs/peers`);
    expect(await response.json()).toEqual(['ada', 'bob']);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('are only read, and there are no others', async () => {
    const server = await fixture.server();
    const statuses = async (path: string, method: string) =>
      (await fetch(`${server.urls[0]}${path}`, { method })).status;
    expect(await statuses('peerjs/id', 'POST')).toBe(405);
    expect(await statuses('peerjs/peers', 'DELETE')).toBe(405);
    expect(await statuses('peerjs/id', 'HEAD')).toBe(200);
    expect(await statuses('peerjs', 'GET')).toBe(426);
    expect(await statuses('peerjs/', 'GET')).toBe(404);
    expect(await statuses('another/id', 'GET')).toBe(404);
  });
});

describe('bounds', () => {
  test('what waits for absent clients is bounded, and who is too late hears it at once', async () => {
    const server = await limited({
      peerMessagesPerClient: 2,
      peerMessages: 3,
      peerExpiryMs: 60_000,
    });
    const ada = await open(server, 'ada');
    const say = (dst: string) => ada.send({ type: 'CANDIDATE', dst, payload: {} });
    for (const dst of ['bob', 'bob', 'bob', 'eve', 'eve']) say(dst);
    const full = (src: string) => ({ type: 'EXPIRE', src, dst: 'ada' });
    expect(await ada.until(2)).toEqual([full('bob'), full('eve')]);
    expect(await metric(server, 'peer_messages_waiting')).toBe(3);
    expect(await metric(server, 'peer_messages_dropped_total')).toBe(2);
    expect(await (await connect(server, 'bob')).until(3)).toHaveLength(3);
    expect(await metric(server, 'peer_messages_waiting')).toBe(1);
  });

  test('in bytes as well', () => {
    const expired: unknown[] = [];
    const limits = { peerMessagesPerClient: 9, peerMessages: 9, peerExpiryMs: 60_000 };
    const boxes = new Mailboxes({ ...limits, peerBytesPerClient: 10, peerBytes: 15 }, (...all) =>
      expired.push(all),
    );
    expect(boxes.keep('ada', 'bob', 'x'.repeat(10))).toBe(true);
    expect(boxes.keep('ada', 'bob', 'x')).toBe(false);
    expect(boxes.keep('eve', 'bob', 'ö'.repeat(3))).toBe(false);
    expect(boxes.keep('eve', 'bob', 'ö'.repeat(2))).toBe(true);
    expect(boxes.take('ada')).toEqual(['x'.repeat(10)]);
    expect(boxes.take('ada')).toEqual([]);
    expect(boxes.keep('eve', 'bob', 'x'.repeat(6))).toBe(true);
    expect(boxes.count).toBe(2);
    boxes.clear();
    expect([boxes.count, expired]).toEqual([0, []]);
  });

  test('what waits expires by its own time, not by that of what was fetched before', () => {
    vi.useFakeTimers();
    try {
      const expired: unknown[] = [];
      const boxes = new Mailboxes({ ...SERVER_LIMITS, peerExpiryMs: 100 }, (...all) =>
        expired.push(all),
      );
      boxes.keep('ada', 'bob', 'fetched');
      vi.advanceTimersByTime(60);
      expect(boxes.take('ada')).toEqual(['fetched']);
      boxes.keep('ada', 'bob', 'not fetched');
      boxes.keep('ada', 'eve', 'nor this');
      vi.advanceTimersByTime(99);
      expect(expired).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(expired).toEqual([['ada', new Set(['bob', 'eve']), 2]]);
      expect([boxes.count, vi.getTimerCount()]).toEqual([0, 0]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('an oversized frame, a flood and junk end a connection', async () => {
    const server = await limited({ strikes: 3, rateTokens: 200, rateTokensPerSecond: 0 });
    const [oversized, flood, junk] = [
      await open(server, 'oversized'),
      await open(server, 'flood'),
      await open(server, 'junk'),
    ];
    oversized.send('x'.repeat(128 * 1024 + 1));
    expect(await oversized.closed).toBe(1009);
    for (let n = 0; n < 250; n++) flood.send({ type: 'HEARTBEAT' });
    expect(await flood.closed).toBe(1008);
    for (let n = 0; n < 3; n++) junk.send('junk');
    expect(await junk.closed).toBe(1008);
    // Nobody is told anything: the protocol has no words for it.
    expect([oversized, flood, junk].flatMap(({ heard }) => heard)).toEqual([]);
    expect(await metric(server, 'clients_struck_out_total')).toBe(2);
    expect(await metric(server, 'peers')).toBe(0);
  });

  test('a payload too deep for JSON of any engine is dropped', async () => {
    const server = await fixture.server();
    const [ada, bob] = [await open(server, 'ada'), await open(server, 'bob')];
    const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    ada.send(`{"type":"OFFER","dst":"bob","payload":${deep}}`);
    ada.send({ type: 'OFFER', dst: 'bob', payload: { n: 1 } });
    expect(await bob.until(1)).toMatchObject([{ payload: { n: 1 } }]);
    expect(await metric(server, 'frames_malformed_total')).toBe(1);
  });

  test(
    'a client that does not read is cut off, and its senders hear that it left',
    HEAVY,
    async () => {
      const server = await limited({ sendQueueBytes: 256 * 1024, rateTokens: 1e9 });
      const [ada, slow] = [await open(server, 'ada'), await open(server, 'slow')];
      slow.socket.pause();
      const payload = { text: 'x'.repeat(120 * 1024) };
      for (let sent = 0; sent < 512 && ada.heard.length === 0; sent++) {
        ada.send({ type: 'OFFER', dst: 'slow', payload });
        await new Promise(setImmediate);
      }
      expect((await ada.until(1))[0]).toEqual({ type: 'LEAVE', src: 'slow', dst: 'ada' });
      expect(await metric(server, 'clients_slow_total')).toBe(1);
      expect(await metric(server, 'peers')).toBe(1);
    },
  );
});

test('a client that leaves is gone at once, and its socket with it', async () => {
  const server = await fixture.server();
  const ada = await open(server, 'ada');
  ada.send({ type: 'LEAVE' });
  expect(await ada.closed).toBe(1000);
  expect(await metric(server, 'peers')).toBe(0);
});

test('nothing waits for a server that ends', async () => {
  const server = await fixture.server();
  const ada = await open(server, 'ada');
  ada.send({ type: 'OFFER', dst: 'nobody', payload: {} });
  await ada.settle();
  await server.close();
  expect(await ada.closed).toBe(1001);
});

test('rooms and PeerJS clients do not hear of each other', async () => {
  const server = await fixture.server();
  const [tab, other] = [
    await joinTab(fixture.client(server), { member: 'member-ada' }),
    await joinTab(fixture.client(server)),
  ];
  const peer = await open(server, 'member-ada');
  other.signaling.signal('member-ada', { to: 'the tab' });
  await tab.heard.until('signal');
  await settle(tab.signaling, other);
  await peer.settle();
  expect(peer.heard).toEqual([]);
  expect(await (await fetch(`${server.urls[0]}health`)).json()).toMatchObject({
    members: 2,
    peers: 1,
    connections: 3,
  });
});

/** A socket that was upgraded, and does not answer when it is closed. */
async function neverAnsweringSocket(server: SignalingServer): Promise<void> {
  const socket = connectTcp(server.port, '127.0.0.1');
  fixture.later(() => socket.destroy());
  socket.write(
    'GET /peerjs?id=bob&token=t&key=peerjs HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n' +
      'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1.1 101 /);
}
