/** What a signaling server has to bear: it runs as operators start it, in a process of its own, and tells itself how much memory it takes. */

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { PROTOCOL_VERSION, signalingUrl } from '../../src/net/signaling/protocol.ts';
import { SignalingClient } from '../../src/net/signaling/client.ts';
import { connectPeer } from '../unit/signaling/peer-client.ts';
import { Fixture, tab } from '../unit/signaling/support.ts';
import { testUnless } from '../support/skip.ts';
import { Shell } from './cli-process.ts';
import { Dice, hostileFrame } from './hostile-frames.ts';

const MEBIBYTE = 1024 * 1024;

/** More than a process of Node takes that has had much to do, and far less than a leak of this many frames. */
const MEMORY_BYTES_MAX = 400 * MEBIBYTE;

/** Both take seconds on an idle machine. */
const PATIENT = { timeout: 300_000 };

let fixture: Fixture;

/** How much of each. */
export interface SignalingLoad {
  /** Malformed messages. */
  readonly frames: number;
  /** Rooms of fifty members; three at least, for somebody stops reading in three. */
  readonly rooms: number;
}

const MEMBERS_PER_ROOM = 50;

/** Declares the tests, with so much to bear. */
export function signalingLoad({ frames, rooms }: SignalingLoad): void {
  beforeEach(() => {
    fixture = new Fixture();
  });
  afterEach(() => fixture.close());

  test(`${frames} malformed messages hurt nobody, and leave nothing behind`, PATIENT, () =>
    malformed(frames),
  );

  testUnless(whyTooFewFiles())(
    `${rooms * MEMBERS_PER_ROOM} members in rooms of fifty, and then a flood`,
    () => crowd(rooms),
    PATIENT.timeout,
  );
}

/** A server as `parley signal` starts it. */
class Server {
  readonly url: string;

  private constructor(url: string) {
    this.url = url;
  }

  static async start(...words: string[]): Promise<Server> {
    const shell = new Shell(['signal', '--port', '0', '--host', '127.0.0.1', ...words]);
    fixture.later(async () => {
      shell.kill('SIGTERM');
      expect((await shell.finished).status).toBe(0);
    });
    const [, url] = await shell.until(/on this machine +(http:\/\/\S+)/);
    return new Server(url!);
  }

  /** Samples of its metrics. */
  async metrics(): Promise<(name: string) => number> {
    // A connection of its own: one that is kept might have been closed by the server while this process was busy.
    const asked = fetch(`${this.url}metrics`, { headers: { connection: 'close' } });
    const text = await (await asked).text();
    return (name) => Number(new RegExp(`^parley_signaling_${name} (.*)$`, 'm').exec(text)?.[1]);
  }

  /** Opens a socket; `from` is where a proxy would say that it comes from. */
  socket(path: string, from: string): WebSocket {
    const socket = new WebSocket(new URL(path, this.url.replace('http', 'ws')), {
      headers: { 'X-Forwarded-For': from },
    });
    socket.on('error', () => {});
    return socket;
  }

  client(): SignalingClient {
    const client = new SignalingClient({ url: signalingUrl(this.url), webSocket: WebSocket });
    fixture.later(() => client.close());
    return client;
  }
}

async function malformed(frames: number): Promise<void> {
  const server = await Server.start('--log', 'none', '--proxies', '1');
  const [ada, bob] = [server.client(), server.client()];
  const known = tab();
  await bob.join(known);
  await ada.join(tab());
  const before = await server.metrics();
  const dice = new Dice(20_261_121);
  let [sent, attackers] = [0, 0];
  const closeCodes = new Set<number>();
  const memory: number[] = [];
  const attack = async () => {
    while (sent < frames) {
      const number = ++attackers;
      const speaks = number % 2 === 0 ? signalFrames(dice, number) : peerFrames(dice, number);
      const socket = server.socket(
        speaks.path,
        `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`,
      );
      await Promise.race([once(socket, 'open'), once(socket, 'close')]);
      for (const { data, binary } of speaks.frames) socket.send(data, { binary });
      sent += speaks.frames.length;
      // Whoever was not cut off yet says so much more that it is.
      for (let n = 0; n < 10; n++) socket.send('junk');
      const [code] = (await once(socket, 'close')) as [number];
      closeCodes.add(code);
      if (number % 500 === 0) memory.push((await server.metrics())('resident_memory_bytes'));
    }
  };
  await Promise.all(Array.from({ length: 16 }, attack));
  const after = await server.metrics();
  // 1007: no UTF-8. 1008: struck out. Never 1011, which would be a defect, nor 1006, a crash.
  expect(closeCodes).toEqual(new Set([1000, 1007, 1008]));
  const count = after('frames_received_total') - before('frames_received_total');
  expect(count).toBeGreaterThan(frames / 2);
  expect(after('frames_malformed_total')).toBeGreaterThan(frames / 4);
  expect(Math.max(...memory, after('resident_memory_bytes'))).toBeLessThan(MEMORY_BYTES_MAX);
  // They were there all the time, and have heard nothing of it.
  const heard = new Promise((resolve) => bob.on('signal', resolve));
  ada.signal(known.member, 'still here');
  expect(await heard).toMatchObject({ payload: 'still here' });
  expect(ada.members.size).toBe(1);
  await server.client().join(tab());
  const [carl, dora] = [
    await connectPeer(fixture, server.url, { id: 'carl', token: 'token-carl' }),
    await connectPeer(fixture, server.url, { id: 'dora', token: 'token-dora' }),
  ];
  carl.send({ type: 'OFFER', dst: 'dora', payload: { n: 1 } });
  expect(await dora.until(2)).toMatchObject([{ type: 'OPEN' }, { type: 'OFFER', src: 'carl' }]);
  await vi.waitUntil(async () => (await server.metrics())('open_connections') === 5, {
    timeout: 30_000,
  });
}

/** The room's own language: half of them begin by joining, so that what follows reaches further. */
function signalFrames(dice: Dice, number: number) {
  const member = `attacker-${number}`;
  const join = {
    type: 'join',
    protocol: PROTOCOL_VERSION,
    room: 'ATTACK',
    member,
    token: 'x'.repeat(16),
    incarnation: 1,
  };
  const valid = [
    { ...join, publicKey: 'ab'.repeat(32), node: 'n1', name: 'Eve', formerOrder: 1 },
    { type: 'prove', signature: 'ab'.repeat(64) },
    { type: 'signal', to: member, payload: { sdp: 'v=0', n: [1, { deep: null }] } },
    { type: 'broadcast', payload: 'x' },
    { type: 'relay', to: member, data: 'AAAA' },
    { type: 'leave', more: 1 },
  ];
  const frames = Array.from({ length: 10 }, () => hostileFrame(dice, valid));
  const first = { data: Buffer.from(JSON.stringify(join)), binary: false };
  return { path: '/signal', frames: number % 4 === 0 ? [first, ...frames] : frames };
}

function peerFrames(dice: Dice, number: number) {
  const dst = `attacker-${dice.below(number + 1)}`;
  const payload = { sdp: { type: 'offer', sdp: 'v=0' }, connectionId: 'dc_1', metadata: [null] };
  const valid = [
    { type: 'OFFER', dst, payload },
    { type: 'CANDIDATE', dst, src: 'carl', payload },
    { type: 'LEAVE', dst },
    { type: 'HEARTBEAT', more: 1 },
  ];
  const frames = Array.from({ length: 10 }, () => hostileFrame(dice, valid));
  return { path: `/peerjs?key=peerjs&id=attacker-${number}&token=t&version=1`, frames };
}

/** Sockets of 2 000 members in this process, and as many in the server's. */
const FILES_NEEDED = 4_096;

function whyTooFewFiles(): string | undefined {
  const { stdout } = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' });
  const files = stdout?.trim() === 'unlimited' ? Infinity : Number(stdout);
  return files >= FILES_NEEDED
    ? undefined
    : `a process may open ${files} files, not ${FILES_NEEDED}`;
}

async function crowd(roomCount: number): Promise<void> {
  const members = roomCount * MEMBERS_PER_ROOM;
  const connections = members + 50;
  const server = await Server.start(
    '--log',
    'none',
    '--max-connections',
    String(connections),
    '--proxies',
    '1',
  );
  const rooms = await Promise.all(
    Array.from({ length: roomCount }, (_, room) =>
      joinRoom(server, `ROOM-${room}`, MEMBERS_PER_ROOM),
    ),
  );
  const joined = await server.metrics();
  expect([joined('members'), joined('rooms')]).toEqual([members, roomCount]);

  // Everybody speaks to its neighbour, and one of each room to all.
  await Promise.all(rooms.map(everybodySpeaks));
  const spoken = await server.metrics();
  expect(spoken('resident_memory_bytes')).toBeLessThan(MEMORY_BYTES_MAX);
  expect(spoken('frames_rate_limited_total')).toBe(0);

  // In three rooms somebody stops reading, and the others do not stop sending.
  await Promise.all(rooms.slice(0, 3).map((room) => cutOffSlowReader(room)));
  const cut = await server.metrics();
  expect([cut('clients_slow_total'), cut('members')]).toEqual([3, members - 3]);

  // A flood beyond the bound is answered, and costs those who are there nothing.
  const answers = await Promise.all(Array.from({ length: 500 }, (_, n) => flood(server, n)));
  expect(answers.filter((answer) => answer === 'open')).toHaveLength(connections - members + 3);
  for (const answer of answers) expect(answer).toMatch(/^(open|1013|503)$/);
  const flooded = await server.metrics();
  expect(flooded('members')).toBe(members - 3);
  expect(flooded('resident_memory_bytes')).toBeLessThan(MEMORY_BYTES_MAX);
  await Promise.all(rooms.slice(3).map(everybodySpeaks));
}

interface Member {
  readonly name: string;
  readonly client: SignalingClient;
  readonly socket: WebSocket;
}

/** Members of one room, one after the other, until all of them know all. */
async function joinRoom(server: Server, room: string, count: number): Promise<Member[]> {
  const members: Member[] = [];
  for (let n = 0; n < count; n++) {
    const sockets: WebSocket[] = [];
    class Kept extends WebSocket {
      constructor(url: string) {
        super(url, { headers: { 'X-Forwarded-For': `10.1.${n}.1` } });
        sockets.push(this);
      }
    }
    const client = new SignalingClient({ url: signalingUrl(server.url), webSocket: Kept });
    fixture.later(() => client.close());
    const request = tab({ room });
    await client.join(request);
    members.push({ name: request.member, client, socket: sockets[0]! });
  }
  await vi.waitUntil(() => members.every(({ client }) => client.members.size === count - 1), {
    timeout: 100_000,
  });
  return members;
}

async function everybodySpeaks(members: readonly Member[]): Promise<void> {
  const present = members.filter(({ client }) => client.state === 'joined');
  const heard = present.map(
    ({ client }) =>
      new Promise<void>((resolve) => {
        client.on('signal', ({ payload }) => payload === 'neighbour' && resolve());
      }),
  );
  const all = present
    .slice(1)
    .map(
      ({ client }) => new Promise<void>((resolve) => void client.on('broadcast', () => resolve())),
    );
  present.forEach(({ client }, at) => {
    client.signal(present[(at + 1) % present.length]!.name, 'neighbour');
  });
  present[0]!.client.broadcast('to all of you');
  await Promise.all([...heard, ...all]);
}

async function cutOffSlowReader(members: readonly Member[]): Promise<void> {
  const [slow, ...others] = members as [Member, ...Member[]];
  const left = new Promise<string>((resolve) => {
    others[0]!.client.on('left', ({ member, reason }) => member === slow.name && resolve(reason));
  });
  slow.socket.pause();
  for (const { client } of others) {
    for (let n = 0; n < 6; n++) client.signal(slow.name, 'x'.repeat(100 * 1024));
  }
  expect(await left).toBe('lost');
  slow.client.close();
}

/** Tries to connect; whether that was possible, or what it was told instead. */
async function flood(server: Server, number: number): Promise<string> {
  const path = number % 2 === 0 ? '/signal' : `/peerjs?key=peerjs&id=flood-${number}&token=t`;
  const socket = server.socket(path, '10.2.0.1');
  fixture.later(() => socket.terminate());
  const told = once(socket, 'message').then(async ([data]) => {
    const text = String(data);
    if (!text.includes('server is full')) return 'open';
    const [code] = (await once(socket, 'close')) as [number];
    return String(code);
  });
  const unheard = new Promise<string>((resolve) => {
    socket.on('unexpected-response', (_request, { statusCode }) => resolve(String(statusCode)));
  });
  if (number % 2 === 0) {
    // Rooms say nothing by themselves; this they answer.
    socket.on('open', () => socket.send(JSON.stringify({ type: 'signal' })));
  }
  return Promise.race([told, unheard]);
}
