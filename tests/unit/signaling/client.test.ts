import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket as WS } from 'ws';
import { SignalingClient } from '../../../src/net/signaling/client.ts';
import type { SignalingSocket } from '../../../src/net/signaling/connection.ts';
import { proofContent } from '../../../src/net/signaling/proof.ts';
import {
  RELAY_DATA_LENGTH_MAX,
  RELAY_WINDOW_BYTES,
  type ClientMessage,
  type ServerMessage,
} from '../../../src/net/signaling/protocol.ts';
import type { JoinRequest } from '../../../src/net/signaling/signaling.ts';
import { deferred } from '../../support/deferred.ts';
import { Fixture, newKey, Recording, tab } from './support.ts';

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});
afterEach(() => fixture.close());

describe('a join that fails', () => {
  test('names the address and the remedy when nobody answers there', async () => {
    const server = await fixture.server();
    await server.close();
    const client = fixture.client(server);
    const joining = client.join(tab());
    await expect(joining).rejects.toMatchObject({ code: 'unreachable' });
    await expect(joining).rejects.toThrow(`ws://127.0.0.1:${server.port}/signal`);
    await expect(joining).rejects.toThrow('npm run signal');
    expect(client.state).toBe('idle');
    await fixture.server({ port: server.port });
    await client.join(tab());
    expect(client.state).toBe('joined');
  });

  test('says so when something else answers, or nothing', async () => {
    const mute = createServer();
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    fixture.later(() => mute.close());
    const { port } = mute.address() as AddressInfo;
    const timing = { connectTimeoutMs: 20 };
    const url = `ws://127.0.0.1:${port}/signal`;
    const client = new SignalingClient({ url, webSocket: WS, timing });
    await expect(client.join(tab())).rejects.toThrow(/no answer within 20 ms.*npm run signal/);
    const wrong = new SignalingClient({ url: 'not an address', webSocket: WS });
    await expect(wrong.join(tab())).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('says so when there is no WebSocket', async () => {
    vi.stubGlobal('WebSocket', undefined);
    try {
      const client = new SignalingClient({ url: 'ws://127.0.0.1:1/signal' });
      const joining = client.join(tab());
      await expect(joining).rejects.toMatchObject({ code: 'no-websocket' });
      await expect(joining).rejects.toThrow('"ws"');
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('uses the WebSocket of the environment when it has one', async () => {
    vi.stubGlobal('WebSocket', WS);
    try {
      const server = await fixture.server();
      const client = new SignalingClient({ url: `ws://127.0.0.1:${server.port}/signal` });
      fixture.later(() => client.close());
      await client.join(tab());
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

test('a closed client leaves no timer behind, in whatever state it was', async () => {
  vi.useFakeTimers();
  try {
    const you = { member: 'me-myself', incarnation: 1, order: 0 };
    const other = { member: 'the-other', incarnation: 1, order: 1 };
    for (const until of ['connecting', 'joined', 'reconnecting', 'missing']) {
      const { client, joining, socket, say } = await scripted();
      if (until !== 'connecting') say({ type: 'welcome', you, members: [other] });
      if (until === 'reconnecting' || until === 'missing') {
        socket().onclose?.({ code: 1006 } as never);
      }
      if (until === 'missing') {
        await vi.advanceTimersToNextTimerAsync();
        say({ type: 'welcome', you, members: [] });
      }
      // Missing members are given up by a second one.
      expect([until, vi.getTimerCount()]).toEqual([until, until === 'missing' ? 2 : 1]);
      client.close();
      expect([until, vi.getTimerCount()]).toEqual([until, 0]);
      await joining.catch(() => {});
    }
  } finally {
    vi.useRealTimers();
  }
});

describe('a hostile server', () => {
  test('can say anything without an exception, and too early is not heard', async () => {
    const { client, heard, say, joining } = await scripted();
    const { member } = tab();
    say({ type: 'joined', member: { member, incarnation: 1, order: 1 } });
    say({ type: 'signal', from: member, fromIncarnation: 1, payload: 1 });
    expect(heard.events.map(({ name }) => name)).toEqual(['state']);
    const you = { member, incarnation: 1, order: 0 };
    say({ type: 'welcome', you, members: [] });
    await joining;
    for (const junk of ['', '{', '[]', '{"type":"joined"}', 'null', '{"type":"quit"}']) say(junk);
    say(new Uint8Array(8));
    say({ type: 'welcome', you: { ...you, order: 9 }, members: [] });
    expect(heard.all('problem').map(({ code }) => code)).toEqual(Array(7).fill('bad-message'));
    expect(client.you?.order).toBe(0);
    expect(client.state).toBe('joined');
  });

  test('that keeps a join waiting with other frames is given up', async () => {
    const { say, joining } = await scripted({ connectTimeoutMs: 20 });
    say({ type: 'broadcast', from: 'somebody', payload: 'not yet' });
    await expect(joining).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('with a code of the future is believed', async () => {
    const { client, say, joining } = await scripted();
    say({ type: 'error', code: 'closed-today', message: 'This server is closed on Sundays.' });
    await expect(joining).rejects.toMatchObject({ code: 'closed-today' });
    await expect(joining).rejects.toThrow('on Sundays');
    expect(client.state).toBe('idle');
  });

  test('that does not take what is sent makes the client say full', async () => {
    const { client, socket, say, joining } = await scripted();
    say({ type: 'welcome', you: { member: 'me-myself', incarnation: 1, order: 0 }, members: [] });
    await joining;
    socket().bufferedAmount = 2 * 1024 * 1024;
    expect(client.signal('somebody', 1)).toBe('full');
    socket().bufferedAmount = 0;
    expect(client.signal('somebody', 1)).toBe('sent');
  });
});

describe('a server that asks for proofs', () => {
  const you = { member: 'me-myself', incarnation: 1, order: 0 };
  const nonce = '0f'.repeat(32);

  test('gets one a connection, and none from who showed no key', async () => {
    const keyless = await scripted();
    keyless.say({ type: 'challenge', nonce });
    expect(keyless.heard.all('problem')).toMatchObject([{ code: 'bad-message' }]);
    const signed: Uint8Array[] = [];
    const key = newKey();
    const sign = (content: Uint8Array) => {
      signed.push(content);
      return key.sign(content);
    };
    const request = tab({ ...key, sign });
    const keyed = await scripted({}, request);
    for (const again of [nonce, nonce, 'f0'.repeat(32)]) {
      keyed.say({ type: 'challenge', nonce: again });
    }
    keyed.say({ type: 'welcome', you, members: [] });
    keyed.say({ type: 'challenge', nonce });
    await keyed.joining;
    expect(signed).toEqual([proofContent(nonce, request)]);
    const said = keyed.socket().sent.map((frame) => (JSON.parse(frame) as ClientMessage).type);
    expect(said).toEqual(['join', 'prove']);
    expect(keyed.heard.all('problem')).toHaveLength(3);
  });

  test('and keeps the proof waiting is given up', async () => {
    const { say, joining } = await scripted({ connectTimeoutMs: 20 }, tab(newKey()));
    say({ type: 'challenge', nonce });
    await expect(joining).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('does not get the proof of a client that was closed meanwhile', async () => {
    const slow = deferred<Uint8Array>();
    const request = tab({ ...newKey(), sign: () => slow.promise });
    const { client, say, socket, joining } = await scripted({}, request);
    say({ type: 'challenge', nonce });
    client.close();
    slow.resolve(new Uint8Array(64));
    await expect(joining).rejects.toMatchObject({ code: 'closed' });
    expect(socket().sent.map((frame) => (JSON.parse(frame) as ClientMessage).type)).toEqual([
      'join',
      'leave',
    ]);
  });
});

describe('relaying through a server that gives nothing back', () => {
  const you = { member: 'me-myself', incarnation: 1, order: 0 };

  test('ends at the window, and goes on when there is room for any frame', async () => {
    const { client, heard, say, joining, socket } = await scripted();
    say({ type: 'welcome', you, members: [] });
    await joining;
    const data = 'A'.repeat(RELAY_DATA_LENGTH_MAX);
    let relayed = 0;
    while (client.relay('somebody', data) === 'sent') relayed += data.length;
    expect(relayed).toBe(RELAY_WINDOW_BYTES);
    expect(client.relay('somebody', 'AAAA')).toBe('full');
    say({ type: 'relayed', bytes: RELAY_DATA_LENGTH_MAX - 1 });
    expect(heard.all('relayDrained')).toEqual([]);
    say({ type: 'relayed', bytes: 1 });
    expect(heard.all('relayDrained')).toHaveLength(1);
    say({ type: 'relayed', bytes: 1 });
    expect(heard.all('relayDrained')).toHaveLength(1);
    expect(client.relay('somebody', data)).toBe('sent');
    expect(socket().sent).toHaveLength(2 + RELAY_WINDOW_BYTES / RELAY_DATA_LENGTH_MAX);
  });
});

class ScriptedSocket implements SignalingSocket {
  bufferedAmount = 0;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly sent: string[] = [];
  send(frame: string): void {
    this.sent.push(frame);
  }
  close(): void {}
}

/** A client whose server is the test. */
async function scripted(
  timing: { connectTimeoutMs?: number } = {},
  request: JoinRequest = tab(),
): Promise<{
  client: SignalingClient;
  heard: Recording;
  joining: Promise<unknown>;
  socket: () => ScriptedSocket;
  say: (message: ServerMessage | string | Uint8Array) => void;
}> {
  let socket: ScriptedSocket | undefined;
  const client = new SignalingClient({
    url: 'ws://script/',
    timing,
    webSocket: class extends ScriptedSocket {
      constructor() {
        super();
        // oxlint-disable-next-line typescript/no-this-alias -- the test speaks through it
        socket = this;
      }
    },
  });
  const heard = new Recording(client);
  const joining = client.join(request);
  joining.catch(() => {});
  // The client opens its socket in a microtask of its own.
  await Promise.resolve();
  return { client, heard, joining, socket: () => socket!, say };

  function say(message: ServerMessage | string | Uint8Array): void {
    const isRaw = typeof message === 'string' || message instanceof Uint8Array;
    if (socket!.sent.length === 0) socket!.onopen?.({} as never);
    socket!.onmessage?.({ data: isRaw ? message : JSON.stringify(message) } as never);
  }
}
