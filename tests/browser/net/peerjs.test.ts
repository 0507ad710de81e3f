/** What is PeerJS's own: a server that may be lost, and strangers who may call. */

import { Peer } from 'peerjs';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { begin, connect, carries, newParty, opened, type Party } from './negotiations.ts';

const parties: Party[] = [];
const strangers: Peer[] = [];
const sockets: WebSocket[] = [];
const RealWebSocket = globalThis.WebSocket;
afterEach(() => {
  for (const { transport } of parties.splice(0)) transport.close();
  for (const stranger of strangers.splice(0)) stranger.destroy();
  globalThis.WebSocket = RealWebSocket;
});

function party(): Party {
  const made = newParty('peerjs');
  parties.push(made);
  return made;
}

/** A stock client that is registered. */
async function stranger(name: string): Promise<Peer> {
  const peer = new Peer(name, { host: '127.0.0.1', port: inject('signalingPort'), secure: false });
  strangers.push(peer);
  await new Promise((resolve) => peer.on('open', resolve));
  return peer;
}

/** Keeps the sockets of clients that are made from now on. */
function keepSockets(): void {
  sockets.length = 0;
  globalThis.WebSocket = class extends RealWebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      sockets.push(this);
    }
  };
}

describe('links of PeerJS', () => {
  test('outlive the server, and new ones come when it is back', async () => {
    keepSockets();
    const [one, other] = [party(), party()];
    const first = connect(one, other);
    const [ours, theirs] = await Promise.all([opened(first.left), opened(first.right)]);
    await Promise.all(
      [...sockets].map((socket) => {
        const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
        socket.close();
        return closed;
      }),
    );
    // Registered again without being asked, each in its time.
    const second = connect(one, other);
    await Promise.all([opened(second.left), opened(second.right)]);
    expect(sockets.length).toBeGreaterThan(2);
    await carries(ours.data, theirs.data, 'still here');
    expect([first.left.told.closed, first.right.told.closed]).toEqual([0, 0]);
    first.close();
    second.close();
  });

  test('end at both sides when one side’s transport is closed', async () => {
    const [one, other] = [party(), party()];
    const { left, right } = connect(one, other);
    await Promise.all([opened(left), opened(right)]);
    other.transport.close();
    for (const { closed } of [left, right]) expect((await closed).kind).toBe('closed');
  });

  test('are not made with strangers, nor for another attempt', async () => {
    const [one, other] = [party(), party()];
    const expected = begin(other, { isInitiator: false, attempt: '1.7', remoteName: one.name }, {});
    while (expected.signals.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const unknown = await stranger(`${one.name}x`);
    const known = await stranger(`${other.name}y`);
    const options = { reliable: true, serialization: 'raw', label: 'x' };
    const calls = [
      unknown.connect(other.name, { ...options, metadata: '1.7' }),
      known.connect(other.name, { ...options, metadata: '1.7' }),
    ];
    const { left, right, close } = connect(one, other);
    await Promise.all([opened(left), opened(right)]);
    expect(expected.told.channels).toBe(0);
    for (const { open } of calls) expect(open).toBe(false);
    // Whoever was meant is still awaited.
    const meant = begin(one, { isInitiator: true, attempt: '1.7', remoteName: other.name }, {});
    meant.negotiation.signal({ type: 'ready' });
    await Promise.all([opened(meant), opened(expected)]);
    meant.negotiation.close();
    close();
  });

  test('are not made with one who has the right name and the wrong attempt', async () => {
    const other = party();
    const name = `impostor${other.name}`;
    const expected = begin(other, { isInitiator: false, attempt: '1.7', remoteName: name }, {});
    while (expected.signals.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const impostor = await stranger(name);
    const options = { reliable: true, serialization: 'raw', label: 'x' };
    impostor.connect(other.name, { ...options, metadata: '1.6' });
    impostor.connect(other.name, { ...options, metadata: '1.7', serialization: 'json' });
    impostor.connect(other.name, { ...options, metadata: '1.7' });
    await expected.channels;
    expect(expected.told.channels).toBe(1);
    expected.negotiation.close();
  });

  test('end when the other side is not known to the server', async () => {
    const { negotiation, closed } = begin(
      party(),
      { isInitiator: true, attempt: '1.1', remoteName: 'nobody' },
      {},
    );
    negotiation.signal({ type: 'ready' });
    expect((await closed).reason).toBe('the PeerServer does not know the other side');
  });
});
