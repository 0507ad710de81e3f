/**
 * The protocol of PeerServer, held against the package `peer` itself: the same conversations with
 * both servers, and the same answers. Where ours differs on purpose, both answers stand here.
 */
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { PeerServer } from 'peer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectPeer, type PeerAddress, type PeerClient, type PeerFrame } from './peer-client.ts';
import { Fixture } from './support.ts';

/** Of servers where messages for absent clients are to wait: no machine is as slow as that. */
const LONG_EXPIRY_MS = 60_000;

/** Of servers where they are to expire. */
const SHORT_EXPIRY_MS = 200;

/** What a conversation takes on a machine that is busy elsewhere. */
const PATIENT = { timeout: 60_000 };

/** `peer` itself, by its expiry. */
const oracles = new Map<number, { readonly url: string; readonly server: Server }>();
beforeAll(async () => {
  for (const expiryMs of [LONG_EXPIRY_MS, SHORT_EXPIRY_MS]) {
    const server = await new Promise<Server>((resolve) => {
      const options = { port: 0, host: '127.0.0.1', path: '/', expire_timeout: expiryMs };
      const app = PeerServer({ ...options, cleanup_out_msgs: 20 }, resolve);
      // Without a listener the first malformed frame would end this process.
      app.on('error', () => {});
    });
    const { port } = server.address() as AddressInfo;
    oracles.set(expiryMs, { url: `http://127.0.0.1:${port}/`, server });
  }
});
afterAll(() => {
  for (const { server } of oracles.values()) {
    server.closeAllConnections();
    server.close();
  }
});

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});
afterEach(() => fixture.close());

type Connect = (id: string, more?: PeerAddress) => Promise<PeerClient>;
type Conversation = (connect: Connect) => Promise<unknown>;

/** Ids that no other test has: an oracle is one server for many of them. */
function connectTo(url: string, suffix: string): Connect {
  return (id, more) =>
    connectPeer(fixture, url, { id: `${id}-${suffix}`, token: `token-${id}`, ...more });
}

async function bothAnswers(
  conversation: Conversation,
  expiryMs = LONG_EXPIRY_MS,
): Promise<{ ours: unknown; theirs: unknown }> {
  const server = await fixture.server({ limits: { peerExpiryMs: expiryMs } });
  const suffix = Math.random().toString(36).slice(2);
  const [ours, theirs] = await Promise.all([
    conversation(connectTo(server.urls[0]!, suffix)),
    conversation(connectTo(oracles.get(expiryMs)!.url, suffix)),
  ]);
  return { ours, theirs };
}

/** Two clients that are open, with nothing else heard. */
async function pair(connect: Connect): Promise<[PeerClient, PeerClient]> {
  const clients: [PeerClient, PeerClient] = [await connect('ada'), await connect('bob')];
  for (const client of clients) {
    expect(await client.until(1)).toEqual([{ type: 'OPEN' }]);
    client.heard.length = 0;
  }
  return clients;
}

const conversations: Readonly<Record<string, Conversation>> = {
  'offers, answers, candidates and goodbyes arrive in order, with the true sender': async (
    connect,
  ) => {
    const [ada, bob] = await pair(connect);
    for (const type of ['OFFER', 'ANSWER', 'CANDIDATE', 'LEAVE']) {
      const payload = { type, nested: [{ deep: null }], text: 'größer \u{1f600}' };
      ada.send({ type, dst: bob.id, src: 'somebody-else', payload, more: 'dropped' });
    }
    bob.send({ type: 'ANSWER', dst: ada.id, payload: {} });
    return [await bob.until(4), await ada.until(1)].map(withoutLeavePayload);
  },
  'a client may talk to itself': async (connect) => {
    const [ada] = await pair(connect);
    ada.send({ type: 'OFFER', dst: ada.id, payload: { self: true } });
    return ada.until(1);
  },
  'heartbeats, unknown types and junk are not answered, and hurt nobody': async (connect) => {
    const [ada, bob] = await pair(connect);
    ada.send({ type: 'HEARTBEAT' });
    ada.send({ type: 'NO-SUCH-THING', dst: bob.id, payload: {} });
    ada.send('{"type":');
    ada.send('null');
    ada.send({ dst: bob.id });
    await Promise.all([ada.settle(), bob.settle()]);
    return [ada.heard, bob.heard, ada.socket.readyState];
  },
  'an id is taken while its client is there, and free afterwards': async (connect) => {
    const [ada, bob] = await pair(connect);
    const impostor = await connect('ada', { token: 'another' });
    const refused = [await impostor.until(1), typeof (await impostor.closed)];
    ada.socket.close();
    await ada.closed;
    await bob.settle();
    const successor = await connect('ada', { token: 'another' });
    await successor.until(1);
    bob.send({ type: 'OFFER', dst: ada.id, payload: { for: 'the successor' } });
    return [refused, await successor.until(2)];
  },
  'an address without id, token or key is refused': async (connect) => {
    const bad = [{ id: undefined }, { token: undefined }, { id: '' }, { token: '' }, { key: '' }];
    return Promise.all(
      bad.map(async (more) => {
        const client = await connect('eve', more);
        return [await client.until(1), typeof (await client.closed)];
      }),
    );
  },
  'what is sent to an absent client waits for it, goodbyes apart': async (connect) => {
    const ada = await connect('ada');
    const suffix = ada.id.slice('ada'.length);
    ada.send({ type: 'LEAVE', dst: `bob${suffix}` });
    for (const payload of [{ n: 1 }, { n: 2 }]) {
      ada.send({ type: 'CANDIDATE', dst: `bob${suffix}`, payload });
    }
    await ada.settle();
    const bob = await connect('bob');
    const heard = await bob.until(3);
    await bob.settle();
    return [heard, ada.heard];
  },
};

const expiries: Readonly<Record<string, Conversation>> = {
  'what nobody comes for expires, and each sender hears it once': async (connect) => {
    const [ada, bob] = await pair(connect);
    for (let n = 0; n < 3; n++) ada.send({ type: 'CANDIDATE', dst: 'nobody', payload: { n } });
    bob.send({ type: 'OFFER', dst: 'nobody', payload: {} });
    const heard = [await ada.until(1), await bob.until(1)];
    await Promise.all([ada.settle(), bob.settle()]);
    return heard;
  },
  'a client that says goodbye to nobody gives up its id': async (connect) => {
    const [ada, bob] = await pair(connect);
    bob.send({ type: 'LEAVE' });
    bob.socket.close();
    await bob.closed;
    await ada.settle();
    ada.send({ type: 'OFFER', dst: bob.id, payload: {} });
    return ada.until(1);
  },
};

describe('both servers give the same answers', () => {
  test.each(Object.entries(conversations))('%s', PATIENT, async (_name, conversation) => {
    const { ours, theirs } = await bothAnswers(conversation);
    expect(ours).toEqual(theirs);
  });

  test.each(Object.entries(expiries))('%s', PATIENT, async (_name, conversation) => {
    const { ours, theirs } = await bothAnswers(conversation, SHORT_EXPIRY_MS);
    expect(ours).toEqual(theirs);
  });

  test('to plain requests', async () => {
    const server = await fixture.server();
    for (const url of [server.urls[0]!, oracles.get(LONG_EXPIRY_MS)!.url]) {
      const id = await fetch(`${url}peerjs/id?ts=1&version=1.5.5`, { headers: { Origin: 'null' } });
      expect([id.status, await id.text()]).toEqual([200, expect.stringMatching(/^[\w-]{36}$/)]);
      const peers = await fetch(`${url}peerjs/peers`, { headers: { Origin: 'null' } });
      expect(peers.status).toBe(401);
      for (const answer of [id, peers]) {
        expect(answer.headers.get('access-control-allow-origin')).toMatch(/^(\*|null)$/);
      }
      const preflight = await fetch(`${url}peerjs/id`, { method: 'OPTIONS' });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('access-control-allow-methods')).toContain('GET');
    }
  });
});

describe('ours differs', () => {
  test('where a client connects again before its old connection has ended: the newest wins', async () => {
    const { ours, theirs } = await bothAnswers(async (connect) => {
      const [ghost, bob] = await pair(connect);
      const ada = await connect('ada');
      // The stock client waits for OPEN, and would for ever.
      bob.send({ type: 'OFFER', dst: ada.id, payload: { to: 'the newest' } });
      const first = (await ada.until(1))[0]!.type;
      if (first === 'OPEN') {
        expect(await ghost.closed).toBe(4001);
        expect(await ada.until(2)).toHaveLength(2);
        // The ghost's late close hurt nobody.
        bob.send({ type: 'ANSWER', dst: ada.id, payload: { to: 'the newest still' } });
        await ada.until(3);
      }
      return ada.heard.map(({ type }) => type);
    });
    expect(theirs).toEqual(['OFFER']);
    expect(ours).toEqual(['OPEN', 'OFFER', 'ANSWER']);
  });

  test('where the key is wrong: there is an answer for that, which clients understand', async () => {
    const { ours, theirs } = await bothAnswers(async (connect) => {
      const client = await connect('ada', { key: 'another' });
      const heard = await client.until(1);
      await client.closed;
      return heard.map(({ type }: PeerFrame) => type);
    });
    expect([ours, theirs]).toEqual([['INVALID-KEY'], ['ERROR']]);
  });

  test('where a payload is none: a stock client would stumble over it', async () => {
    const { ours, theirs } = await bothAnswers(async (connect) => {
      const [ada, bob] = await pair(connect);
      ada.send({ type: 'OFFER', dst: bob.id });
      ada.send({ type: 'OFFER', dst: bob.id, payload: {} });
      await bob.until(1);
      return bob.heard[0]!.payload ?? 'none';
    });
    expect([ours, theirs]).toEqual([{}, 'none']);
  });
});

/** Goodbyes carry nothing; what somebody puts there is not passed on. */
function withoutLeavePayload(frames: readonly PeerFrame[]): readonly PeerFrame[] {
  return frames.map(({ payload, ...frame }) =>
    frame.type === 'LEAVE' ? frame : { ...frame, payload },
  );
}
