/** What every `Transport` promises. One line for each of them runs it. */

import { afterEach, describe, expect, test } from 'vitest';
import type { LinkClass } from '../../../src/core/message.ts';
import { toHex } from '../../../src/net/hex.ts';
import { begin, connect, carries, opened, type Connection, type Party } from './negotiations.ts';

/** Declares the tests for connections between two parties. The left one is the initiator, unless it is the other way round. */
export function transportCompliance(name: string, make: () => readonly [Party, Party]): void {
  describe(`transport compliance: ${name}`, () => {
    const parties: Party[] = [];
    const connections: Connection[] = [];
    afterEach(() => {
      for (const connection of connections.splice(0)) connection.close();
      for (const { transport } of parties.splice(0)) transport.close();
    });
    const meet = (): readonly [Party, Party] => {
      const pair = make();
      parties.push(...pair);
      return pair;
    };
    const connected = (left: Party, right: Party): Connection => {
      const connection = connect(left, right);
      connections.push(connection);
      return connection;
    };

    describe('connecting', () => connectingTests(meet, connected));
    describe('closing', () => closingTests(meet, connected));
  });
}

type Meet = () => readonly [Party, Party];
type Connected = (left: Party, right: Party) => Connection;

const CHANNELS: Record<LinkClass, object> = {
  control: {
    label: 'parley-control',
    negotiated: true,
    id: 7,
    ordered: true,
    maxRetransmits: null,
  },
  data: { label: 'parley-data', negotiated: true, id: 8, ordered: true, maxRetransmits: null },
  gossip: { label: 'parley-gossip', negotiated: true, id: 9, ordered: false, maxRetransmits: 0 },
};

function connectingTests(meet: Meet, connected: Connected): void {
  test('opens three channels, the agreed ones, at both sides', async () => {
    const { left, right } = connected(...meet());
    for (const channels of await Promise.all([opened(left), opened(right)])) {
      expect(channels).toMatchObject(CHANNELS);
    }
    expect([left.told.channels, right.told.channels]).toEqual([1, 1]);
  });

  test('each channel leads to its like, both ways', async () => {
    const { left, right } = connected(...meet());
    const [ours, theirs] = await Promise.all([opened(left), opened(right)]);
    for (const linkClass of ['control', 'data', 'gossip'] as const) {
      await carries(ours[linkClass], theirs[linkClass], `to ${linkClass}`);
      await carries(theirs[linkClass], ours[linkClass], `from ${linkClass}`);
    }
  });

  test('tells both certificates, the same at both sides and crosswise', async () => {
    const { left, right } = connected(...meet());
    const [ours, theirs] = await Promise.all([left.certificates, right.certificates]);
    expect(ours.own).toHaveLength(32);
    expect(toHex(ours.own)).toBe(toHex(theirs.other));
    expect(toHex(ours.other)).toBe(toHex(theirs.own));
    expect(toHex(ours.own)).not.toBe(toHex(ours.other));
    await Promise.all([opened(left), opened(right)]);
    expect([left.told.secured, right.told.secured]).toEqual([1, 1]);
  });

  test('knows who takes part', async () => {
    const { left, right } = connected(...meet());
    expect(left.negotiation.isAnswered).toBe(false);
    await Promise.all([opened(left), opened(right)]);
    expect([left.negotiation.isAnswered, right.negotiation.isAnswered]).toEqual([true, true]);
  });

  test('either of the two may begin', async () => {
    const [one, other] = meet();
    const { left, right } = connected(other, one);
    await Promise.all([opened(left), opened(right)]);
  });

  test('the same two connect again and again, and side by side', async () => {
    const [one, other] = meet();
    const first = connected(one, other);
    const second = connected(one, other);
    await Promise.all([first, second].flatMap(({ left, right }) => [opened(left), opened(right)]));
    first.close();
    await Promise.all([first.left.closed, first.right.closed]);
    const third = connected(one, other);
    const [ours, theirs] = await Promise.all([opened(third.left), opened(third.right)]);
    await carries(ours.data, theirs.data, 'third');
    const [still, alive] = await Promise.all([second.left.channels, second.right.channels]);
    await carries(still.data, alive.data, 'second');
  });

  test('nothing happens to it when what came is no signal', async () => {
    const [one, other] = meet();
    const { left, right } = connected(one, other);
    for (const junk of JUNK) {
      left.negotiation.signal(junk);
      right.negotiation.signal(junk);
    }
    await Promise.all([opened(left), opened(right)]);
    for (const junk of JUNK) right.negotiation.signal(junk);
    const [ours, theirs] = await Promise.all([left.channels, right.channels]);
    await carries(ours.control, theirs.control, 'still here');
    expect([left.told.closed, right.told.closed]).toEqual([0, 0]);
  });
}

function closingTests(meet: Meet, connected: Connected): void {
  test('tells both sides when one of them closes it, once, with a reason', async () => {
    for (const closer of ['left', 'right'] as const) {
      const connection = connected(...meet());
      const { left, right } = connection;
      await Promise.all([opened(left), opened(right)]);
      connection[closer].negotiation.close();
      for (const side of [left, right]) {
        const { kind, reason } = await side.closed;
        expect(kind).toBe('closed');
        expect(reason).not.toBe('');
        expect(side.told.closed).toBe(1);
      }
    }
  });

  test('closes the channels at both sides', async () => {
    const { left, right } = connected(...meet());
    const all = await Promise.all([opened(left), opened(right)]);
    const gone = all
      .flatMap(Object.values)
      .map(
        (channel: RTCDataChannel) =>
          new Promise((resolve) => channel.addEventListener('close', resolve)),
      );
    left.negotiation.close();
    await Promise.all(gone);
  });

  test('may be closed before anything came of it, and twice', async () => {
    const [one, other] = meet();
    for (const isInitiator of [true, false]) {
      const side = begin(one, { isInitiator, attempt: '1.1', remoteName: other.name }, {});
      expect(side.told.closed).toBe(0);
      side.negotiation.close();
      side.negotiation.close();
      expect(side.told.closed).toBe(0);
      expect((await side.closed).kind).toBe('closed');
      side.negotiation.signal({ type: 'answer', sdp: '' });
      expect(side.negotiation.restart()).toBe(false);
      expect(side.told.closed).toBe(1);
    }
  });

  test('what comes after the end changes nothing', async () => {
    const connection = connected(...meet());
    const { left, right } = connection;
    await Promise.all([opened(left), opened(right)]);
    connection.close();
    await Promise.all([left.closed, right.closed]);
    for (const data of [...left.signals, ...JUNK]) right.negotiation.signal(data);
    for (const data of [...right.signals, ...JUNK]) left.negotiation.signal(data);
    left.negotiation.close();
    expect([left.told.closed, right.told.closed]).toEqual([1, 1]);
  });
}

/** What is no signal. */
const JUNK: readonly unknown[] = [
  null,
  undefined,
  5,
  'hello',
  '{"type":"offer","sdp":"v=0"}',
  {},
  [],
  [{ type: 'offer' }],
  { type: 'offer' },
  { type: 'answer', sdp: 5 },
  { type: 'dance', sdp: 'v=0' },
  { type: 'candidate' },
  { type: 'candidate', candidate: 'candidate:1' },
  { type: 'candidate', candidate: { candidate: 7, sdpMid: '0' } },
  { type: 'transceiverRequest', transceiverRequest: { kind: 'video' } },
  { renegotiate: true },
  { type: 'renegotiate' },
  { sdp: 'v=0' },
];
