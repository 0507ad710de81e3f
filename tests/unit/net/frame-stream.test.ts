/** What an ordered class promises while its channels break: nothing lost, nothing twice, nothing out of order. */

import { fc } from '../../support/property.ts';
import { describe, expect, test } from 'vitest';
import { FrameStream } from '../../../src/net/frame-stream.ts';
import {
  acknowledgementFrame,
  FRAME_HEADER_BYTES,
  framesOf,
  PACKET_BYTES_MAX,
} from '../../../src/net/frames.ts';
import { FRAME_BYTES_MAX, UNACKNOWLEDGED_BYTES_MAX } from '../../../src/net/limits.ts';
import { HandChannel } from '../../support/hand-channels.ts';

/** A packet that says which it is, in every byte. */
const packetOf = (number: number, length: number) => new Uint8Array(length).fill(number);

class End {
  readonly got: string[] = [];
  readonly broken: string[] = [];
  readonly sent: number[] = [];
  unhandled = 0;
  channel = new HandChannel();
  readonly stream = new FrameStream({
    packet: (bytes) => {
      this.got.push(`${bytes[0] ?? '-'}×${bytes.length}`);
      this.unhandled++;
    },
    sent: (credit) => this.sent.push(credit),
    broken: (reason) => this.broken.push(reason),
  });

  handleAll(): void {
    for (; this.unhandled > 0; this.unhandled--) this.stream.handled();
  }
}

function pair(): readonly [End, End] {
  const ends = [new End(), new End()] as const;
  reconnect(...ends);
  return ends;
}

/** Breaks the channel with what is on it, and goes on over a new one. */
function reconnect(left: End, right: End): void {
  for (const end of [left, right]) {
    end.channel.close();
    end.stream.detach();
    end.channel = new HandChannel();
  }
  const [leftArrived, rightArrived] = [left.stream.received, right.stream.received];
  expect(left.stream.attach(left.channel, rightArrived)).toBe(true);
  expect(right.stream.attach(right.channel, leftArrived)).toBe(true);
}

function deliver(from: End, to: End, count = Infinity): void {
  from.channel.deliver(count, (frame) => to.stream.take(frame));
}

test('packets arrive whole, in order, and their senders learn when they are under way', () => {
  const [left, right] = pair();
  left.stream.send(packetOf(1, 10), 101);
  left.stream.send(packetOf(2, 40_000), 102);
  left.stream.send(packetOf(3, 0), 103);
  expect(left.sent).toEqual([101, 102, 103]);
  deliver(left, right);
  expect(right.got).toEqual(['1×10', '2×40000', '-×0']);
});

test('a packet in whose middle the channel breaks goes on over the next one', () => {
  const [left, right] = pair();
  left.stream.send(packetOf(1, 100_000), 1);
  deliver(left, right, 3);
  reconnect(left, right);
  // Only what had not arrived is sent again.
  expect(left.channel.underWay).toHaveLength(4);
  deliver(left, right);
  expect(right.got).toEqual(['1×100000']);
  expect(left.sent).toEqual([1]);
});

test('frames that had arrived unheard are not taken twice', () => {
  const [left, right] = pair();
  left.stream.send(packetOf(1, 5), 0);
  const [frame] = left.channel.underWay;
  deliver(left, right);
  right.stream.take(frame!);
  expect(right.got).toEqual(['1×5']);
  expect(right.broken).toEqual([]);
});

test('what was handled is acknowledged, by a frame of the other direction if there is one', () => {
  const [left, right] = pair();
  left.stream.send(packetOf(1, 5), 0);
  deliver(left, right);
  expect(left.stream.isFlushed).toBe(false);
  right.handleAll();
  right.stream.send(packetOf(9, 5), 0);
  deliver(right, left);
  expect(left.stream.isFlushed).toBe(true);
});

test('without one it is acknowledged all the same', async () => {
  const [left, right] = pair();
  left.stream.send(packetOf(1, 5), 0);
  deliver(left, right);
  right.handleAll();
  await expect.poll(() => right.channel.underWay.length, { interval: 5 }).toBe(1);
  deliver(right, left);
  expect(left.stream.isFlushed).toBe(true);
});

test('a reader that does not keep up stops its writer, and lets it go on', () => {
  const [left, right] = pair();
  const packets = 100;
  for (let i = 0; i < packets; i++) left.stream.send(packetOf(i, 60_000), i);
  deliver(left, right);
  const first = right.got.length;
  expect(first).toBeGreaterThan(2);
  expect(first * 60_000).toBeLessThan(UNACKNOWLEDGED_BYTES_MAX * 1.3);
  deliver(left, right);
  expect(right.got).toHaveLength(first);
  for (let round = 0; round < packets && right.got.length < packets; round++) {
    right.handleAll();
    deliver(right, left);
    deliver(left, right);
  }
  expect(right.got).toHaveLength(packets);
});

test('a packet that is larger than the window passes through it', () => {
  const [left, right] = pair();
  expect(PACKET_BYTES_MAX).toBeGreaterThan(UNACKNOWLEDGED_BYTES_MAX);
  left.stream.send(packetOf(1, PACKET_BYTES_MAX), 0);
  for (let round = 0; round < 50 && right.got.length === 0; round++) {
    deliver(left, right);
    deliver(right, left);
  }
  expect(right.got).toEqual([`1×${PACKET_BYTES_MAX}`]);
});

test('a full channel is waited for', async () => {
  const [left, right] = pair();
  left.channel.room = 2;
  for (let i = 0; i < 10; i++) left.stream.send(packetOf(i, 100), i);
  expect(left.sent).toEqual([0, 1]);
  for (let round = 0; round < 10; round++) {
    deliver(left, right);
    await Promise.resolve();
    await Promise.resolve();
  }
  expect(right.got).toHaveLength(10);
});

describe('what another cannot have sent breaks the channel', () => {
  const first = () => [...framesOf(packetOf(1, 5), 0)][0]!;
  test.each<[string, Uint8Array, string]>([
    ['nothing at all', new Uint8Array(0), 'it sent something that is no frame'],
    ['half a header', first().subarray(0, 5), 'it sent something that is no frame'],
    ['a gap', [...framesOf(packetOf(1, 5), 1)][0]!, 'frames are missing'],
    [
      'an acknowledgement of what was never sent',
      acknowledgementFrame(1),
      'it acknowledged what was never sent',
    ],
    [
      'small pieces of a packet',
      Uint8Array.from([3, ...new Uint8Array(FRAME_HEADER_BYTES)]),
      'a small frame that says more follows',
    ],
  ])('%s', (_, frame, reason) => {
    const [left] = pair();
    left.stream.take(frame);
    expect(left.broken).toEqual([reason]);
    expect(left.got).toEqual([]);
  });

  test('a claim to have received what was never sent', () => {
    const [left] = pair();
    left.stream.send(packetOf(1, 5), 0);
    expect(left.stream.attach(new HandChannel(), 2)).toBe(false);
    expect(left.stream.attach(new HandChannel(), 1)).toBe(true);
  });

  test('a claim to lack what was acknowledged', () => {
    const [left, right] = pair();
    left.stream.send(packetOf(1, 5), 0);
    deliver(left, right);
    right.handleAll();
    right.stream.send(packetOf(2, 5), 0);
    deliver(right, left);
    expect(left.stream.attach(new HandChannel(), 0)).toBe(false);
  });
});

type Step =
  | { kind: 'send'; side: 0 | 1; length: number }
  | { kind: 'deliver'; side: 0 | 1; count: number }
  | { kind: 'handle'; side: 0 | 1 }
  | { kind: 'break' };

const side = fc.constantFrom<0 | 1>(0, 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      side,
      length: fc.oneof(
        fc.nat(50),
        fc.integer({ min: FRAME_BYTES_MAX - 30, max: 3 * FRAME_BYTES_MAX }),
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('deliver' as const), side, count: fc.nat(6) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('handle' as const), side }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('break' as const) }) },
);

test('whatever happens, each side gets what the other sent: all, once, in order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const ends = pair();
      const sent: string[][] = [[], []];
      let number = 0;
      for (const one of steps) {
        if (one.kind === 'break') reconnect(...ends);
        else if (one.kind === 'handle') ends[one.side].handleAll();
        else if (one.kind === 'deliver') deliver(ends[one.side], ends[1 - one.side]!, one.count);
        else {
          const packet = packetOf(++number % 250, one.length);
          sent[one.side]!.push(`${packet[0] ?? '-'}×${packet.length}`);
          ends[one.side].stream.send(packet, 0);
        }
      }
      reconnect(...ends);
      for (let round = 0; round < 100 && !isAtRest(ends, sent); round++) {
        for (const i of [0, 1] as const) {
          deliver(ends[i], ends[1 - i]!);
          ends[1 - i]!.handleAll();
        }
      }
      expect(ends[1].got).toEqual(sent[0]);
      expect(ends[0].got).toEqual(sent[1]);
      for (const end of ends) {
        expect(end.broken).toEqual([]);
        end.stream.detach();
      }
    }),
    { numRuns: 300 },
  );
});

function isAtRest(ends: readonly [End, End], sent: readonly string[][]): boolean {
  return ends[1].got.length === sent[0]!.length && ends[0].got.length === sent[1]!.length;
}
