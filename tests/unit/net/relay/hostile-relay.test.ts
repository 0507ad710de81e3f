/** One who relays and is hostile, and another side that keeps no rules: the link ends with a reason that names what was seen. */

import { describe, expect } from 'vitest';
import { equalBytes } from '../../../../src/core/canonical.ts';
import { fromBase64, toBase64 } from '../../../../src/net/base64.ts';
import {
  FRAME_BYTES_MAX,
  FRAME_COST_BYTES,
  SEND_WINDOW_BYTES,
} from '../../../../src/net/limits.ts';
import { RelayKeyPair } from '../../../../src/net/relay/relay-cipher.ts';
import { RelayHub } from '../../../../src/net/relay/relay-hub.ts';
import {
  PACKET_KIND,
  packetOf,
  readPacket,
  type PacketKind,
} from '../../../../src/net/relay/relay-packet.ts';
import { often, test, testOften } from '../../../support/often.ts';
import { fc } from '../../../support/property.ts';
import { frame, RelayDiary } from './relay-pair.ts';
import { settled, Wire, type Side, type Tamper } from './wire.ts';

const FRAMES = 12;

/** Both sides send numbered frames as long as they can, and the wire does its worst. */
async function converse(tamper: Tamper) {
  const wire = new Wire();
  wire.tamper = tamper;
  const sides = (['left', 'right'] as const).map((side) => {
    const diary = new RelayDiary();
    const other: Side = side === 'left' ? 'right' : 'left';
    const link = new RelayHub(wire[side]).open(other, '1.1', diary);
    return { diary, link };
  });
  for (let number = 0; number < FRAMES; number++) {
    await settled();
    for (const { link } of sides) link.channels.data.send(frame(String(number)));
  }
  await settled();
  const [left, right] = sides.map(({ diary }) => diary) as [RelayDiary, RelayDiary];
  return { left, right };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `data ${index}`);

/** What was taken is what was sent, from the beginning, without a hole. */
function expectGenuine({ frames }: RelayDiary): void {
  expect(frames).toEqual(numbers(frames.length));
}

/** The other side's certificates as this side sees them are the ones that the other side has. */
function agree(left: RelayDiary, right: RelayDiary): boolean {
  const [ours, theirs] = [left.certificates[0], right.certificates[0]];
  if (ours === undefined || theirs === undefined) return false;
  return equalBytes(ours.own, theirs.other) && equalBytes(ours.other, theirs.own);
}

const when = (number: number, change: (data: string) => readonly string[]): Tamper => {
  return (data, at, from) => (from === 'left' && at === number ? change(data) : [data]);
};

function flipBit(data: string, bit: number): string {
  const bytes = fromBase64(data);
  bytes[Math.floor(bit / 8) % bytes.length]! ^= 1 << (bit % 8);
  return toBase64(bytes);
}

describe('one who relays', () => {
  test('and does nothing else is trusted with nothing', async () => {
    const { left, right } = await converse((data) => [data]);
    expect([left.frames, right.frames]).toEqual([numbers(FRAMES), numbers(FRAMES)]);
    expect(agree(left, right)).toBe(true);
    expect([left.reasons, right.reasons]).toEqual([[], []]);
  });

  testOften('flips any bit of any packet: nothing that was altered is taken', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(FRAMES), fc.nat(4095), async (number, bit) => {
        const { left, right } = await converse(when(number, (data) => [flipBit(data, bit)]));
        expectGenuine(left);
        expectGenuine(right);
        // A key was altered: the proof of identity above cannot succeed, and no frame opens.
        if (!agree(left, right)) expect([left.frames, right.frames]).toEqual([[], []]);
        // Nothing is sent after the last packet, which alone could show that one is missing.
        else if (right.reasons.length === 0)
          expect(right.frames.length).toBeGreaterThan(FRAMES - 3);
      }),
      { numRuns: 150 },
    );
  });

  const misdeeds: [string, Tamper, RegExp][] = [
    ['drops a packet', when(4, () => []), /packets were lost on the way/],
    ['doubles a packet', when(4, (data) => [data, data]), /came twice, or out of its order/],
    ['cuts a packet', when(4, (data) => [toBase64(fromBase64(data).subarray(0, 15))]), /was cut/],
    ['alters a packet', when(4, (data) => [flipBit(data, 8 * 28)]), /was altered on the way/],
    ['swaps packets', swapping(), /packets were lost on the way/],
    ['replays an old packet', replaying(), /came twice, or out of its order/],
    ['sends our own packets back', reflecting(), /was altered on the way/],
    ['puts in a second key', when(4, (data) => [anyKey('1.1'), data]), /its key changed/],
    ['loses a key', when(0, () => []), /its key was lost on the way|^$/],
    ['puts in a key that makes secrets known', when(0, () => [weakKey()]), /is no key/],
  ];
  test.each(misdeeds)('%s: the link ends, and says why', async (_name, tamper, reason) => {
    const { left, right } = await converse(tamper);
    expectGenuine(left);
    expectGenuine(right);
    const reasons = [...left.reasons, ...right.reasons];
    expect(
      reasons.some((text) => reason.test(text)),
      reasons.join(', '),
    ).toBe(reasons.length > 0);
  });

  test('sends our own key back: it is known again', async () => {
    const wire = new Wire();
    const diary = new RelayDiary();
    wire.tamper = (data) => {
      setImmediate(() => wire.inject('right', 'left', data));
      return [];
    };
    new RelayHub(wire.right).open('left', '1.1', diary);
    expect(await diary.end()).toMatch(/our own key came back/);
    expect(diary.certificates).toEqual([]);
  });

  test('moves packets to another link of the same two: they do not open there', async () => {
    const wire = new Wire();
    const [left, right] = [new RelayHub(wire.left), new RelayHub(wire.right)];
    const diaries = ['1.1', '1.2'].map((attempt) => {
      const diary = new RelayDiary();
      right.open('left', attempt, diary);
      return { diary, link: left.open('right', attempt, new RelayDiary()) };
    });
    await settled();
    wire.tamper = (data, _number, from) => {
      const { kind, body } = readPacket(fromBase64(data))!;
      return from === 'left' ? [toBase64(packetOf(kind, '1.2', body))] : [data];
    };
    diaries[0]!.link.channels.data.send(frame('for 1.1'));
    expect(await diaries[1]!.diary.end()).toMatch(/was altered on the way/);
    expect(diaries.map(({ diary }) => diary.frames)).toEqual([[], []]);
  });

  test('puts itself between: both sides see certificates that are not the other side’s', async () => {
    const middle = { left: new RelayKeyPair(), right: new RelayKeyPair() };
    const { left, right } = await converse((data, _number, from) => {
      const { kind, attempt, body } = readPacket(fromBase64(data))!;
      if (kind !== PACKET_KIND.key) return [];
      return [toBase64(packetOf(kind, attempt, body.slice(0, 1), middle[from].publicKey))];
    });
    expect([left.certificates.length, right.certificates.length]).toEqual([1, 1]);
    expect(agree(left, right)).toBe(false);
  });

  testOften('sends anything at all: nothing throws, nothing is taken', async () => {
    const wire = new Wire();
    const right = new RelayHub(wire.right);
    const diary = new RelayDiary();
    right.open('left', '1.1', diary);
    await settled();
    const body = fc.uint8Array({ maxLength: 80 });
    const packet = fc
      .tuple(fc.constantFrom(...Object.values(PACKET_KIND)), fc.constantFrom('1.1', '1.2'), body)
      .map(([kind, attempt, content]) => toBase64(packetOf(kind, attempt, content)));
    const junk = fc.oneof(fc.string(), fc.base64String(), body.map(toBase64), packet);
    fc.assert(
      fc.property(junk, fc.constantFrom('left', 'stranger'), (data, from) => {
        wire.inject('right', from, data);
      }),
      { numRuns: 2000 },
    );
    expect(diary.frames).toEqual([]);
    const { malformed, stray } = right.stats();
    expect(malformed).toBeGreaterThan(often(25, 100));
    expect(stray).toBeGreaterThan(often(25, 100));
  });
});

describe('another side that keeps no rules', () => {
  /** A side made by hand, and the reason for which its class `data` is closed. */
  async function against(say: (send: (content: Uint8Array) => void) => void) {
    const wire = new Wire();
    const diary = new RelayDiary();
    let stuck = 0;
    const data = {
      frame: () => {
        stuck++;
        return never;
      },
      closed: (reason: string) => diary.closed(reason),
    };
    new RelayHub(wire.right).open('left', '1.1', {
      channels: { ...diary.channels, data },
      secured: () => {},
      closed: () => {},
    });
    await settled();
    const keys = new RelayKeyPair();
    const cipher = keys.agree('1.1', readPacket(fromBase64(wire.sent[0]!.data))!.body.slice(1));
    const inject = (kind: PacketKind, ...body: Uint8Array[]) =>
      wire.inject('right', 'left', toBase64(packetOf(kind, '1.1', ...body)));
    inject(PACKET_KIND.key, Uint8Array.of(1), keys.publicKey);
    say((content) => inject(PACKET_KIND.sealed, cipher.seal(content)));
    return { reason: await diary.end(), stuck };
  }
  const never = new Promise<void>(() => {});

  test.each([FRAME_BYTES_MAX, 1000, 0])(
    'and sends frames of %i bytes without waiting is cut off',
    async (bytes) => {
      const { reason, stuck } = await against((send) => {
        const enough = (4 * SEND_WINDOW_BYTES) / (bytes + FRAME_COST_BYTES);
        for (let sent = 0; sent < enough; sent++) send(new Uint8Array(1 + bytes).fill(1, 0, 1));
      });
      expect(reason).toBe('it sent more than there was room for');
      expect(stuck * (bytes + FRAME_COST_BYTES)).toBeLessThan(
        SEND_WINDOW_BYTES + 2 * FRAME_BYTES_MAX,
      );
    },
  );

  const contents: [string, Uint8Array, RegExp][] = [
    ['acknowledges what was never sent', Uint8Array.of(0x10, 0, 0, 0, 0, 0, 0, 0, 1), /never sent/],
    ['acknowledges in another way', Uint8Array.of(0x10, 1), /another version/],
    ['sends nothing', new Uint8Array(0), /another version/],
    ['knows another class', Uint8Array.of(0x03, 1, 2), /another version/],
    ['says something else', Uint8Array.of(0x30), /another version/],
    ['sends what is no frame', new Uint8Array(2 + FRAME_BYTES_MAX).fill(1, 0, 1), /no frame/],
  ];
  test.each(contents)('and %s is cut off', async (_name, content, expected) => {
    const { reason, stuck } = await against((send) => send(content));
    expect(reason).toMatch(expected);
    expect(stuck).toBe(0);
  });
});

/** Turns two packets round. */
function swapping(): Tamper {
  let held: string | undefined;
  return (data, number, from) => {
    if (from !== 'left' || (number !== 4 && number !== 5)) return [data];
    if (held === undefined) {
      held = data;
      return [];
    }
    return [data, held];
  };
}

/** Sends a packet again much later. */
function replaying(): Tamper {
  let kept = '';
  return (data, number, from) => {
    if (from !== 'left') return [data];
    if (number === 2) kept = data;
    return number === 8 ? [kept] : [data];
  };
}

/** Gives the right side its own packets. */
function reflecting(): Tamper {
  let kept: string | undefined;
  return (data, _number, from) => {
    if (readPacket(fromBase64(data))!.kind !== PACKET_KIND.sealed) return [data];
    if (from === 'right') kept ??= data;
    return [from === 'left' ? (kept ?? data) : data];
  };
}

function anyKey(attempt: string): string {
  return toBase64(
    packetOf(PACKET_KIND.key, attempt, Uint8Array.of(1), new RelayKeyPair().publicKey),
  );
}

/** A point of small order: every secret made with it is zero. */
function weakKey(): string {
  return toBase64(packetOf(PACKET_KIND.key, '1.1', Uint8Array.of(0), new Uint8Array(32)));
}
