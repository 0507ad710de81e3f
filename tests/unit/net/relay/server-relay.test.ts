/** Relayed links through the real signaling server, with its rate and its restarts. */

import { afterEach, beforeEach, expect, test } from 'vitest';
import { FRAME_BYTES_MAX } from '../../../../src/net/limits.ts';
import { RelayHub } from '../../../../src/net/relay/relay-hub.ts';
import { relayPipe } from '../../../../src/net/relay/relay-pipe.ts';
import type { SignalingServer } from '../../../../signaling-server/server.ts';
import { SERVER_LIMITS } from '../../../../signaling-server/limits.ts';
import { Fixture, joinTab } from '../../signaling/support.ts';
import { frame, opened, RelayDiary } from './relay-pair.ts';

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});
afterEach(() => fixture.close());

/** An open link between two members of a room. */
async function linkThrough(server: SignalingServer) {
  const timing = { reconnectDelayMsMin: 10, reconnectDelayMsMax: 20 };
  const [ada, bob] = [
    await joinTab(fixture.client(server, { timing })),
    await joinTab(fixture.client(server, { timing })),
  ];
  const [ours, theirs] = [new RelayDiary(), new RelayDiary()];
  const near = new RelayHub(relayPipe(ada.signaling)).open(bob.request.member, '1.1', ours);
  const far = new RelayHub(relayPipe(bob.signaling)).open(ada.request.member, '1.1', theirs);
  await Promise.all([opened(near), opened(far)]);
  return { ada, bob, near, far, ours, theirs };
}

test('frames beyond what the server takes at once wait, and all of them arrive', async () => {
  const { ada, bob, near, theirs } = await linkThrough(await fixture.server());
  // Each is a third larger in base64.
  const count = Math.ceil(SERVER_LIMITS.relayBurstBytes / FRAME_BYTES_MAX);
  let timesFull = 0;
  for (let sent = 0; sent < count;) {
    const bytes = new Uint8Array(FRAME_BYTES_MAX).fill(65 + (sent % 26));
    if (near.channels.data.send(bytes) === 'sent') sent++;
    else {
      timesFull++;
      await near.channels.data.drained();
    }
  }
  await theirs.until(() => theirs.frames.length === count);
  expect(theirs.frames.map((text) => text[5])).toEqual(
    Array.from({ length: count }, (_, index) => String.fromCharCode(65 + (index % 26))),
  );
  expect(timesFull).toBeGreaterThan(0);
  expect([...ada.heard.all('problem'), ...bob.heard.all('problem')]).toEqual([]);
});

test('a link outlives a restart of the server when nothing of it was under way', async () => {
  const server = await fixture.server();
  const { ada, bob, near, theirs } = await linkThrough(server);
  near.channels.data.send(frame('before'));
  await theirs.until(() => theirs.frames.length === 1);
  await server.close();
  await ada.heard.until('state', ({ state }) => state === 'reconnecting');
  // One frame waits for the server; no more are taken meanwhile.
  expect(near.channels.data.send(frame('meanwhile'))).toBe('sent');
  expect(near.channels.data.send(frame('too much'))).toBe('full');
  await fixture.server({ port: server.port });
  await near.channels.data.drained();
  near.channels.data.send(frame('after'));
  await theirs.until(() => theirs.frames.length === 3 || theirs.reasons.length > 0);
  expect(theirs.frames).toEqual(['data before', 'data meanwhile', 'data after']);
  expect(bob.signaling.state).toBe('joined');
});
