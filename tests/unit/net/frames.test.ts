import { describe, expect, test } from 'vitest';
import { equalBytes } from '../../../src/core/canonical.ts';
import { Random } from '../../../src/core/random.ts';
import {
  acknowledge,
  acknowledgementFrame,
  FRAME_HEADER_BYTES,
  FRAME_KIND,
  framesOf,
  fullNumber,
  PACKET_BYTES_MAX,
  readOrderedFrame,
  Reassembler,
} from '../../../src/net/frames.ts';
import { FRAME_BYTES_MAX, MESSAGE_BYTES_MAX } from '../../../src/net/limits.ts';

const CONTENT = FRAME_BYTES_MAX - FRAME_HEADER_BYTES;
const full = new Uint8Array(CONTENT);

function packetOf(length: number): Uint8Array {
  return Random.stream(length, 'packet').bytes(length);
}

function throughFrames(reassembler: Reassembler, packet: Uint8Array): Uint8Array | undefined {
  let whole: Uint8Array | undefined;
  for (const bytes of framesOf(packet, 0)) {
    expect(whole).toBeUndefined();
    const { kind, content } = readOrderedFrame(bytes)!;
    whole = reassembler.take(content, kind === FRAME_KIND.last);
  }
  return whole;
}

describe('cutting', () => {
  test.each([
    [0, 1],
    [1, 1],
    [CONTENT, 1],
    [CONTENT + 1, 2],
    [2 * CONTENT, 2],
    [2 * CONTENT + 1, 3],
    [PACKET_BYTES_MAX, Math.ceil(PACKET_BYTES_MAX / CONTENT)],
  ])('a packet of %i bytes makes %i frames', (length, count) => {
    const packet = packetOf(length);
    const frames = [...framesOf(packet, 0)];
    expect(frames).toHaveLength(count);
    for (const frame of frames) expect(frame.length).toBeLessThanOrEqual(FRAME_BYTES_MAX);
    expect(equalBytes(throughFrames(new Reassembler(), packet)!, packet)).toBe(true);
  });

  test('leaves room around the largest message', () => {
    expect(PACKET_BYTES_MAX).toBeGreaterThan(MESSAGE_BYTES_MAX);
  });

  test('the frames do not change with the packet', () => {
    const packet = packetOf(10);
    const [frame] = framesOf(packet, 0);
    const before = [...frame!];
    packet.fill(0);
    expect([...frame!]).toEqual(before);
  });

  test('frames are numbered one after the other, beyond 32 bits too', () => {
    const first = 0x1_0000_0000 - 1;
    const numbers = [...framesOf(packetOf(3 * CONTENT), first)].map(
      (bytes) => readOrderedFrame(bytes)!.number,
    );
    expect(numbers).toEqual([0xffff_ffff, 0, 1]);
    expect(numbers.map((number) => fullNumber(number, first))).toEqual([
      first,
      first + 1,
      first + 2,
    ]);
  });

  test('acknowledgements are written into frames, and travel alone', () => {
    const [frame] = framesOf(packetOf(3), 7);
    acknowledge(frame!, 99);
    expect(readOrderedFrame(frame!)).toMatchObject({ number: 7, acknowledged: 99 });
    const alone = readOrderedFrame(acknowledgementFrame(12))!;
    expect(alone.kind).toBe(FRAME_KIND.acknowledgement);
    expect(alone.acknowledged).toBe(12);
    expect(alone.content).toHaveLength(0);
  });

  test('a number is the nearest one with its lower bits, ahead or behind', () => {
    expect(fullNumber(5, 9)).toBe(5);
    expect(fullNumber(0xffff_fffe, 1)).toBe(-2);
    expect(fullNumber(3, 0x2_ffff_ffff)).toBe(0x3_0000_0003);
  });
});

describe('reading', () => {
  test.each([
    ['nothing', []],
    ['half a header', [2, 0, 0, 0, 0, 0, 0, 0]],
    ['a hello', [FRAME_KIND.hello, ...new Uint8Array(20)]],
    ['a proof', [FRAME_KIND.proof, ...new Uint8Array(20)]],
    ['gossip', [FRAME_KIND.gossip, ...new Uint8Array(20)]],
    ['an unknown kind', [0xff, ...new Uint8Array(20)]],
  ])('%s is no ordered frame', (_, bytes) => {
    expect(readOrderedFrame(Uint8Array.from(bytes))).toBeUndefined();
  });
});

describe('putting together', () => {
  test('one packet after the other, small and large', () => {
    const reassembler = new Reassembler();
    for (const length of [5, 3 * CONTENT, 0, CONTENT + 1, 1, PACKET_BYTES_MAX, 7]) {
      const packet = packetOf(length);
      expect(equalBytes(throughFrames(reassembler, packet)!, packet), `${length} bytes`).toBe(true);
    }
  });

  test('a packet that grows too large is refused', () => {
    const reassembler = new Reassembler();
    const fitting = Math.floor(PACKET_BYTES_MAX / CONTENT);
    for (let i = 0; i < fitting; i++) expect(reassembler.take(full, false)).toBeUndefined();
    expect(() => reassembler.take(full, false)).toThrow(`more than ${PACKET_BYTES_MAX} bytes`);
  });

  test('the last frame counts as well', () => {
    const reassembler = new Reassembler();
    const fitting = Math.floor(PACKET_BYTES_MAX / CONTENT);
    for (let i = 0; i < fitting; i++) reassembler.take(full, false);
    expect(() => reassembler.take(full, true)).toThrow(RangeError);
  });

  test.each([0, 1, CONTENT - 1])(
    'a piece of %i bytes that says more follows is refused: pieces of nothing would never end',
    (length) => {
      expect(() => new Reassembler().take(new Uint8Array(length), false)).toThrow(RangeError);
    },
  );
});
