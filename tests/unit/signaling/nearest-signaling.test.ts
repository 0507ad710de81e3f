import { WebSocket } from 'ws';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SignalingClient } from '../../../src/net/signaling/client.ts';
import { NearestHub, NearestSignaling } from '../../../src/net/signaling/nearest-signaling.ts';
import { signalingUrl } from '../../../src/net/signaling/protocol.ts';
import { signalingSuite, SUITE_LIMITS } from '../../compliance/signaling.suite.ts';
import { Fixture, joinTab, Recording, settle, tab } from './support.ts';

const TIMING = { objectionMs: 5, patienceMs: 20 };
/** Nobody listens at the discard port. */
const NOWHERE = 'ws://127.0.0.1:9/signal';

const PATIENCE = { timeout: 30_000 };

let browsers = 0;

/** A browser whose tabs find no server. */
function withoutServer(options: { readonly limits?: typeof SUITE_LIMITS } = {}): NearestHub {
  const tabs = { name: `nearest-${++browsers}`, locks: null, timing: TIMING, ...options };
  return new NearestHub({ url: NOWHERE, webSocket: WebSocket, tabs });
}

signalingSuite('NearestHub without a server', async () => withoutServer({ limits: SUITE_LIMITS }));

signalingSuite('NearestHub with a server', async () => {
  const fixture = new Fixture();
  const server = await fixture.server({ limits: SUITE_LIMITS });
  const hub = new NearestHub({ url: signalingUrl(server.urls[0]!), webSocket: WebSocket });
  fixture.later(() => hub.close());
  return { connect: () => hub.connect(), close: () => fixture.close() };
});

describe('the nearest signaling', () => {
  let fixture: Fixture;
  beforeEach(() => {
    fixture = new Fixture();
  });
  afterEach(() => fixture.close());

  test('is the server where there is one, and says so', async () => {
    const server = await fixture.server();
    const hub = new NearestHub({ url: signalingUrl(server.urls[0]!), webSocket: WebSocket });
    fixture.later(() => hub.close());
    const signaling = hub.connect();
    expect(signaling.way).toBeUndefined();
    const { signaling: other } = await joinTab(fixture.client(server));
    await signaling.join(tab());
    expect(signaling.way).toBe('server');
    expect(signaling.members.size).toBe(1);
    expect(other.state).toBe('joined');
  });

  test('is the tabs where there is none, and says so; the states look like those of one join', async () => {
    const hub = withoutServer();
    fixture.later(() => hub.close());
    const signaling = hub.connect();
    const heard = new Recording(signaling);
    await signaling.join(tab());
    expect(signaling.way).toBe('tabs');
    const other = await joinTab(hub.connect());
    await settle(signaling, other);
    expect(heard.all('state')).toEqual([{ state: 'connecting' }, { state: 'joined' }]);
  });

  test('is the server alone when it says no', async () => {
    const server = await fixture.server();
    const hub = new NearestHub({ url: signalingUrl(server.urls[0]!), webSocket: WebSocket });
    fixture.later(() => hub.close());
    await joinTab(fixture.client(server), { node: 'n1' });
    const signaling = hub.connect();
    const request = tab();
    await expect(signaling.join({ ...request, node: 'n1' })).rejects.toMatchObject({
      code: 'node-taken',
    });
    expect([signaling.state, signaling.way]).toEqual(['idle', undefined]);
    await signaling.join(request);
    expect(signaling.way).toBe('server');
  });

  test('looks for the server again when a join came to nothing', async () => {
    const server = await fixture.server();
    await server.close();
    const tabs = { name: `nearest-${++browsers}`, locks: null, timing: TIMING };
    const hub = new NearestHub({ url: signalingUrl(server.urls[0]!), webSocket: WebSocket, tabs });
    fixture.later(() => hub.close());
    await hub.connect().join(tab({ node: 'n1' }));
    const signaling = hub.connect();
    const heard = new Recording(signaling);
    await expect(signaling.join(tab({ node: 'n1' }))).rejects.toMatchObject({ code: 'node-taken' });
    await fixture.server({ port: server.port });
    await signaling.join(tab({ node: 'n1' }));
    expect(signaling.way).toBe('server');
    expect(heard.all('state').map(({ state }) => state)).toEqual([
      'connecting',
      'idle',
      'connecting',
      'joined',
    ]);
  });

  test('is a door between tabs while the server is gone, and all meet at the server in the end', async () => {
    const server = await fixture.server();
    const timing = { reconnectDelayMsMin: 20, reconnectDelayMsMax: 40 };
    const name = `nearest-${++browsers}`;
    const hub = (): NearestHub => {
      const made = new NearestHub({
        ...{ url: signalingUrl(server.urls[0]!), webSocket: WebSocket, timing },
        tabs: { name, locks: null, timing: TIMING },
        nearest: { doorMs: 100, seekMsMax: 50 },
      });
      fixture.later(() => made.close());
      return made;
    };
    const [ada, bob] = [await joinTab(hub().connect()), await joinTab(hub().connect())];
    await server.close();
    const newcomer = hub().connect();
    const heard = new Recording(newcomer);
    const request = tab();
    await newcomer.join(request);
    expect(newcomer.way).toBe('tabs');
    for (const { heard: theirs } of [ada, bob]) {
      await theirs.until('joined', ({ member }) => member === request.member);
    }
    for (const { request: known } of [ada, bob]) {
      if (newcomer.members.has(known.member)) continue;
      await heard.until('joined', ({ member }) => member === known.member);
    }
    expect(ada.signaling.state).toBe('reconnecting');
    expect(ada.signaling.signal(request.member, 'hello')).toBe('sent');
    await heard.until('signal', ({ payload }) => payload === 'hello');
    expect(newcomer.signal(bob.request.member, 'and you')).toBe('sent');
    await bob.heard.until('signal', ({ payload }) => payload === 'and you');

    await fixture.server({ port: server.port });
    await vi.waitFor(() => expect(newcomer.way).toBe('server'), PATIENCE);
    await vi.waitFor(() => expect(ada.signaling.state).toBe('joined'), PATIENCE);
    const late = await joinTab(hub().connect());
    await vi.waitFor(() => expect(late.signaling.members.size).toBe(3), PATIENCE);
    await settle(ada.signaling, bob);
    for (const one of [ada.heard, bob.heard, heard]) expect(one.all('left')).toEqual([]);
  });

  test('speaks of the server when there are no tabs to be found either', async () => {
    const tabs = {
      name: `nearest-${++browsers}`,
      locks: null,
      timing: { ...TIMING, objectionMs: 60_000, connectTimeoutMs: 5 },
    };
    const hub = new NearestHub({ url: NOWHERE, webSocket: WebSocket, tabs });
    fixture.later(() => hub.close());
    const signaling = hub.connect();
    await expect(signaling.join(tab())).rejects.toThrow(
      /No signaling server can be reached at ws:.*npm run signal/,
    );
    expect(signaling.state).toBe('idle');
  });

  test('may be closed while it looks', async () => {
    const hub = withoutServer();
    fixture.later(() => hub.close());
    const signaling = hub.connect();
    const joining = signaling.join(tab());
    signaling.close();
    await expect(joining).rejects.toMatchObject({ code: 'closed' });
    expect(signaling.state).toBe('closed');
    const server = new SignalingClient({ url: NOWHERE, webSocket: WebSocket });
    const between = new NearestSignaling(
      () => server,
      () => expect.unreachable('it was closed before the tabs were asked'),
    );
    server.on('state', ({ state }) => {
      if (state === 'idle') between.close();
    });
    await expect(between.join(tab())).rejects.toMatchObject({ code: 'closed' });
    expect(between.state).toBe('closed');
  });
});
