import { describe, expect, test } from 'vitest';
import { equalBytes } from '../../../src/core/canonical.ts';
import { Random } from '../../../src/core/random.ts';
import { framesOf, PACKET_BYTES_MAX, Reassembler } from '../../../src/net/frames.ts';
import { FRAME_BYTES_MAX, MESSAGE_BYTES_MAX } from '../../../src/net/limits.ts';

const CONTENT = FRAME_BYTES_MAX - 1;
const MORE = 1;

function packetOf(length: number): Uint8Array {
  return Random.stream(length, 'packet').bytes(length);
}

function throughFrames(reassembler: Reassembler, packet: Uint8Array): Uint8Array {
  const frames = [...framesOf(packet)];
  for (const frame of frames.slice(0, -1)) expect(reassembler.take(frame)).toBeUndefined();
  return reassembler.take(frames.at(-1)!)!;
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
    const frames = [...framesOf(packet)];
    expect(frames).toHaveLength(count);
    for (const frame of frames) expect(frame.length).toBeLessThanOrEqual(FRAME_BYTES_MAX);
    expect(equalBytes(throughFrames(new Reassembler(), packet), packet)).toBe(true);
  });

  test('leaves room around the largest message', () => {
    expect(PACKET_BYTES_MAX).toBeGreaterThan(MESSAGE_BYTES_MAX);
  });

  test('the frames do not change with the packet', () => {
    const packet = packetOf(10);
    const [frame] = framesOf(packet);
    const before = [...frame!];
    packet.fill(0);
    expect([...frame!]).toEqual(before);
  });
});

describe('putting together', () => {
  test('one packet after the other, small and large', () => {
    const reassembler = new Reassembler();
    for (const length of [5, 3 * CONTENT, 0, CONTENT + 1, 1, PACKET_BYTES_MAX, 7]) {
      const packet = packetOf(length);
      expect(equalBytes(throughFrames(reassembler, packet), packet), `${length} bytes`).toBe(true);
    }
  });

  test.each([2, 3, 0x80, 0xff])('a frame with the flag %i is refused', (flag) => {
    expect(() => new Reassembler().take(Uint8Array.of(flag, 1, 2))).toThrow(RangeError);
  });

  test('a frame without a flag is refused', () => {
    expect(() => new Reassembler().take(new Uint8Array(0))).toThrow(RangeError);
  });

  test('a packet that grows too large is refused', () => {
    const reassembler = new Reassembler();
    const full = new Uint8Array(FRAME_BYTES_MAX);
    full[0] = MORE;
    const fitting = Math.floor(PACKET_BYTES_MAX / CONTENT);
    for (let i = 0; i < fitting; i++) expect(reassembler.take(full)).toBeUndefined();
    expect(() => reassembler.take(full)).toThrow(`more than ${PACKET_BYTES_MAX} bytes`);
  });

  test('the last frame counts as well', () => {
    const reassembler = new Reassembler();
    const frames = [...framesOf(packetOf(PACKET_BYTES_MAX))];
    for (const frame of frames.slice(0, -1)) reassembler.take(frame);
    const last = new Uint8Array(frames.at(-1)!.length + 1);
    expect(() => reassembler.take(last)).toThrow(RangeError);
  });

  test.each([1, 2, FRAME_BYTES_MAX - 1])(
    'a frame of %i bytes that says more follows is refused: pieces of nothing would never end',
    (length) => {
      const frame = new Uint8Array(length);
      frame[0] = MORE;
      expect(() => new Reassembler().take(frame)).toThrow(RangeError);
    },
  );
});
