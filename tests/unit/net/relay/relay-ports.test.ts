/** A relayed link between two workers, as their pages carry it: ports at both ends, and a server in between. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LINK_CLASSES, type LinkClass } from '../../../../src/core/message.ts';
import { FRAME_BYTES_MAX, SEND_WINDOW_BYTES } from '../../../../src/net/limits.ts';
import { PortChannel } from '../../../../src/net/port-channel.ts';
import { relayPorts, type RelayPorts } from '../../../../src/net/relay/relay-ports.ts';
import type { RelayFactory } from '../../../../src/runtime/live/carrier.ts';
import { LocalHub } from '../../../../src/net/signaling/hub.ts';
import { LocalEnd } from '../../../compliance/channel-end.ts';
import { channelCompliance } from '../../../compliance/channel.suite.ts';
import { RELAY_BURST_FRAMES, twoMembers, type RelayMember } from './relay-pair.ts';

let hub: LocalHub;
let members: readonly [RelayMember, RelayMember];
beforeEach(async () => {
  hub = new LocalHub();
  members = await twoMembers(hub);
});
afterEach(() => hub.close());

function both(attempt = '1.1'): readonly [RelayPorts, RelayPorts] {
  const [left, right] = members;
  return [relayPorts(left.relay, right.name, attempt), relayPorts(right.relay, left.name, attempt)];
}

const endOf = ({ ports }: RelayPorts, linkClass: LinkClass) =>
  new LocalEnd((events) => new PortChannel(ports[linkClass], events));

describe('a relayed link between ports', () => {
  test('is what a connector takes for a relay', async () => {
    const make: RelayFactory = (_node, attempt) =>
      relayPorts(members[0].relay, members[1].name, attempt);
    make('n2', '1.1', true).close();
  });

  test('says when it is encrypted, and carries each class by itself', async () => {
    const [near, far] = both();
    const [ours, theirs] = await Promise.all([near.secured, far.secured]);
    expect([ours.own, ours.other]).toEqual([theirs.other, theirs.own]);
    for (const linkClass of LINK_CLASSES) {
      const [left, right] = [endOf(near, linkClass), endOf(far, linkClass)];
      await left.sendFrames({ first: 0, count: 20, sizes: [5, 1000] });
      await right.sendFrames({ first: 100, count: 20, sizes: [5] });
      expect((await right.received(20)).numbers).toEqual(Array.from({ length: 20 }, (_, i) => i));
      expect((await left.received(20)).numbers).toEqual(
        Array.from({ length: 20 }, (_, i) => i + 100),
      );
    }
    near.close();
  });

  test('ends at both workers when a page ends it, and says why', async () => {
    const [near, far] = both();
    const ends = LINK_CLASSES.flatMap((linkClass) => [
      endOf(near, linkClass),
      endOf(far, linkClass),
    ]);
    await Promise.all(ends.map((end) => end.opened()));
    near.close('the tab was closed');
    expect(await far.closed).toBe('the tab was closed');
    expect(await near.closed).toBe('the tab was closed');
    for (const end of ends) expect((await end.closed()).reasons).toEqual(['the tab was closed']);
    near.close('again');
  });

  test('ends when a worker closes its ports', async () => {
    const [near, far] = both();
    const ends = LINK_CLASSES.map((linkClass) => endOf(near, linkClass));
    await Promise.all(ends.map((end) => end.opened()));
    for (const end of ends) await end.close('the worker has had enough');
    expect(await near.closed).toBe('the worker has had enough');
    expect(await far.closed).toBe('the worker has had enough');
  });

  test('keeps nothing in the page that its worker does not take: the sender waits', async () => {
    const [near, far] = both();
    const left = endOf(near, 'data');
    await left.opened();
    // Nobody listens at the far ports, so nothing is acknowledged there.
    const sending = left.sendFrames({ first: 0, count: 200, sizes: [FRAME_BYTES_MAX] });
    for (let round = 0; round < 300; round++) await new Promise(setImmediate);
    // Three windows there are on the way, each of them with a frame beyond it.
    const most = 3 * (SEND_WINDOW_BYTES / FRAME_BYTES_MAX + 2);
    expect((await left.look()).stats.framesSent).toBeLessThanOrEqual(most);
    await endOf(far, 'data').received(200);
    expect((await sending).sent).toBe(200);
  });
});

channelCompliance(
  'relay to workers',
  async () => {
    const [near, far] = both();
    return { left: endOf(near, 'data'), right: endOf(far, 'data'), dispose: () => near.close() };
  },
  { carriesReason: true, isReliable: true, burstFrames: RELAY_BURST_FRAMES },
);
