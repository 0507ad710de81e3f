import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { LocalRooms } from '../../../src/net/signaling/local-rooms.ts';
import { verifyProof } from '../../../src/net/signaling/ed25519-proof.ts';
import { Switchboard } from '../../../src/net/signaling/switchboard.ts';
import { ClientConnection } from '../../../signaling-server/client-connection.ts';
import { FrameEncoder } from '../../../signaling-server/frame-encoder.ts';
import { JoinLimiter } from '../../../signaling-server/join-limiter.ts';
import { SERVER_LIMITS } from '../../../signaling-server/limits.ts';
import type { LogEntry } from '../../../signaling-server/log.ts';
import { Metrics } from '../../../signaling-server/metrics.ts';
import { joinFrame, tab } from './support.ts';

class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly calls: unknown[] = [];
  ping(): void {
    this.calls.push('ping');
  }
  terminate(): void {
    this.calls.push('terminate');
    this.emit('close', 1006);
  }
  close(code: number): void {
    this.calls.push(code);
    this.readyState = 2;
  }
  send(frame: string): void {
    this.calls.push(frame);
  }
}

function setUp(): { socket: FakeSocket; connection: ClientConnection; log: LogEntry[] } {
  const log: LogEntry[] = [];
  const socket = new FakeSocket();
  const rooms = new LocalRooms(SERVER_LIMITS, () => 0);
  const connection = new ClientConnection(
    socket as unknown as WebSocket,
    '127.0.0.1',
    {
      rooms,
      switchboard: new Switchboard({ rooms, verify: verifyProof }),
      limits: SERVER_LIMITS,
      metrics: new Metrics(),
      joins: new JoinLimiter(SERVER_LIMITS, () => 0),
      proxies: 0,
      encoder: new FrameEncoder(),
      iceServers: () => [],
      log: (entry) => log.push(entry),
    },
    () => socket.calls.push('closed'),
  );
  return { socket, connection, log };
}

test('a client that answers its pings, or speaks, is kept; another one is not', () => {
  const { socket, connection } = setUp();
  connection.checkAlive();
  socket.emit('pong');
  connection.checkAlive();
  socket.emit('message', Buffer.from('{'), false);
  connection.checkAlive();
  expect(socket.calls.filter((call) => call === 'ping')).toHaveLength(3);
  expect(socket.calls).not.toContain('terminate');
  connection.checkAlive();
  expect(socket.calls.slice(-2)).toEqual(['terminate', 'closed']);
});

test('a socket that joined may stay silent, one that did not may not stay', () => {
  vi.useFakeTimers();
  try {
    const [joined, idle] = [setUp(), setUp()];
    joined.socket.emit('message', Buffer.from(JSON.stringify(joinFrame(tab()))), false);
    vi.advanceTimersByTime(SERVER_LIMITS.joinDeadlineMs);
    expect(joined.socket.calls).toEqual([expect.stringContaining('welcome')]);
    expect(idle.socket.calls).toEqual([1013]);
    vi.advanceTimersByTime(SERVER_LIMITS.closeGraceMs);
    expect(idle.socket.calls).toEqual([1013, 'terminate', 'closed']);
    joined.socket.emit('close', 1000);
    setUp().socket.emit('close', 1000);
    const ended = setUp();
    ended.connection.end(1001);
    ended.connection.deliver({ type: 'error', code: 'room-full', message: 'Too late.' });
    expect(ended.socket.calls).toEqual([1001]);
    ended.socket.emit('close', 1001);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('a defect of the server costs one client its connection', () => {
  const { socket, log } = setUp();
  socket.emit('message', null, false);
  expect(socket.calls).toEqual([1011]);
  expect(log).toMatchObject([{ level: 'error', event: 'frame-failed' }]);
  socket.emit('message', Buffer.from('{'), false);
  expect(socket.calls).toEqual([1011]);
  socket.emit('close', 1011);
});

test('an announcement is written once', () => {
  const encoder = new FrameEncoder();
  let reads = 0;
  const payload = {
    toJSON: () => {
      reads++;
      return reads;
    },
  };
  const message = { type: 'broadcast', from: 'member-one', payload } as const;
  expect(encoder.encode(message)).toBe(encoder.encode(message));
  expect(reads).toBe(1);
  expect(encoder.encode({ ...message })).toContain('"payload":2');
});
