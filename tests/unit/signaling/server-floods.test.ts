/** Sockets that want nothing, in great numbers: they are cut off, refused, counted, and forgotten. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { boundedLog } from '../../../signaling-server/bounded-log.ts';
import type { LogEntry } from '../../../signaling-server/log.ts';
import type { SignalingServer } from '../../../signaling-server/server.ts';
import { WebSocket } from 'ws';
import { Fixture, metric, tab } from './support.ts';

/** For tests that open many sockets, or wait for bounds to run out, on a machine that is busy elsewhere. */
const PATIENT = { timeout: 60_000 };

const UPGRADE =
  'Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});
afterEach(() => fixture.close());

/** A TCP connection that says this much and no more. */
function tcp(server: SignalingServer, text = ''): Socket {
  const socket = connect(server.port, '127.0.0.1');
  socket.write(text);
  socket.on('error', () => {});
  fixture.later(() => socket.destroy());
  return socket;
}

describe('half-open connections', () => {
  test('that never finish asking are cut off', PATIENT, async () => {
    const server = await fixture.server({ limits: { headersDeadlineMs: 40 } });
    const beginnings = [
      '',
      'GET',
      'GET / HTTP/1.1\r\nHost: x\r\n',
      `GET /signal HTTP/1.1\r\nHost: x`,
    ];
    await Promise.all(beginnings.map((text) => once(tcp(server, text).resume(), 'close')));
    expect((await fetch(`${server.urls[0]}health`)).status).toBe(200);
  });

  test('that were upgraded and then say nothing do not stay', PATIENT, async () => {
    const limits = { joinDeadlineMs: 20, pingIntervalMs: 20, closeGraceMs: 20 };
    const server = await fixture.server({ limits });
    const paths = ['/signal', '/peerjs?id=a&token=b&key=peerjs'];
    await Promise.all(
      paths.map((path) =>
        once(tcp(server, `GET ${path} HTTP/1.1\r\n${UPGRADE}`).resume(), 'close'),
      ),
    );
    expect(await metric(server, 'open_connections')).toBe(0);
    expect(await metric(server, 'peers')).toBe(0);
  });

  test(
    'beyond the bound on sockets are refused and counted, and places come free again',
    PATIENT,
    async () => {
      const limits = { connections: 2, turnedAway: 1, httpConnections: 2 };
      const server = await fixture.server({ limits });
      const idle = Array.from({ length: 5 }, () => tcp(server));
      await Promise.all(idle.map((socket) => once(socket, 'connect')));
      const refused = Array.from({ length: 20 }, () => tcp(server).resume());
      await Promise.all(refused.map((socket) => once(socket, 'close')));
      for (const socket of idle) socket.destroy();
      // The server may not have noticed yet, and refuses as long.
      const refusedSoFar = await vi.waitFor(() => metric(server, 'sockets_refused_total'), PATIENT);
      expect(refusedSoFar).toBeGreaterThanOrEqual(20);
      await fixture.client(server).join(tab());
    },
  );
});

describe('slow and odd clients', () => {
  test('a page that nobody reads is not held for ever', PATIENT, async () => {
    const server = await fixture.server({
      limits: { httpIdleMs: 40, connections: 1, turnedAway: 0, httpConnections: 0 },
      dynamicRoute: (request, response) => {
        if (request.url !== '/large') return false;
        response.end(Buffer.alloc(64 * 1024 * 1024));
        return true;
      },
    });
    const socket = tcp(server, 'GET /large HTTP/1.1\r\nHost: x\r\n\r\n');
    // A machine with much else to do may cut it off before it has read a byte.
    await new Promise((taken) => ['data', 'close'].map((event) => socket.once(event, taken)));
    socket.pause();
    // It held the only place.
    await vi.waitUntil(() => fetch(`${server.urls[0]}health`).catch(() => undefined), PATIENT);
  });

  test.each(['/signal', '/peerjs?id=a&token=b&key=peerjs'])(
    'a frame in countless pieces ends its connection: %s',
    async (path) => {
      const server = await fixture.server({ limits: { frameFragments: 8, frameChunks: 8 } });
      for (const piece of ['', 'x']) {
        const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`);
        await once(socket, 'open');
        for (let n = 0; n < 8; n++) socket.send(piece, { fin: false });
        socket.send(piece, { fin: false });
        expect((await once(socket, 'close'))[0]).toBe(1008);
      }
      expect(await metric(server, 'frames_malformed_total')).toBe(2);
    },
  );

  test(
    'random bytes after an upgrade end their connections, and nothing else',
    PATIENT,
    async () => {
      const server = await fixture.server({ limits: { joinDeadlineMs: 200, closeGraceMs: 50 } });
      const bystander = await fixture.raw(server);
      await bystander.join(tab());
      const ends = Array.from({ length: 100 }, (_, n) => {
        const path = n % 2 === 0 ? '/signal' : `/peerjs?id=${n}&token=b&key=peerjs`;
        const socket = tcp(server, `GET ${path} HTTP/1.1\r\n${UPGRADE}`).resume();
        socket.write(
          Buffer.from(Array.from({ length: 64 }, (__, at) => (n * 167 + at * at * 31) & 255)),
        );
        socket.end();
        return once(socket, 'close');
      });
      await Promise.all(ends);
      await vi.waitUntil(async () => (await metric(server, 'open_connections')) === 1, PATIENT);
      expect(await metric(server, 'members')).toBe(1);
    },
  );
});

test('a log passes on a bounded rate of each event, and says what it left out', () => {
  const passed: LogEntry[] = [];
  let nowMs = 0;
  const log = boundedLog(
    (entry) => passed.push(entry),
    () => nowMs,
  );
  for (let n = 0; n < 1_000; n++) log({ level: 'warn', event: 'flood', n });
  log({ level: 'info', event: 'other' });
  expect(passed.map(({ event }) => event)).toEqual([...Array<string>(20).fill('flood'), 'other']);
  nowMs = 1_000;
  log({ level: 'warn', event: 'flood', n: 'later' });
  log({ level: 'warn', event: 'flood', n: 'too soon' });
  expect(passed.at(-1)).toEqual({ level: 'warn', event: 'flood', n: 'later', suppressed: 980 });
  nowMs = 2_000;
  log({ level: 'warn', event: 'flood' });
  expect(passed.at(-1)).toEqual({ level: 'warn', event: 'flood', suppressed: 1 });
});
