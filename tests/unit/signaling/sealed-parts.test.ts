/** Boxes, names and numbered parts: what the sealed signaling is made of. */

import { describe, expect, test } from 'vitest';
import { newRoomKey, roomKeysOf } from '../../../src/net/rooms/room-key.ts';
import {
  CLIENT_FRAME_BYTES_MAX,
  encodeMessage,
  LABEL_LENGTH_MAX,
  parseClientMessage,
} from '../../../src/net/signaling/protocol.ts';
import { openBox, sealBox, SEALED_BOX_BYTES } from '../../../src/net/signaling/sealed-box.ts';
import { readSealedMessage, sealedPayload } from '../../../src/net/signaling/sealed-messages.ts';
import {
  isSealedName,
  openName,
  openNamesIn,
  sealName,
  SEALED_NAME_BYTES,
} from '../../../src/net/signaling/sealed-name.ts';
import {
  PartReader,
  PartWriter,
  PART_BYTES_MAX,
} from '../../../src/net/signaling/sealed-stream.ts';
import { fc } from '../../support/property.ts';

const keys = roomKeysOf('7KQ2MX', newRoomKey());
const others = roomKeysOf('7KQ2MX', newRoomKey());
const bytes = fc.uint8Array({ maxLength: 300 });

describe('a sealed box', () => {
  test('opens under the same key with the same context, and holds what was put in', () => {
    fc.assert(
      fc.property(bytes, bytes, (context, content) => {
        const box = sealBox(keys, context, content);
        expect(box).toHaveLength(content.length + SEALED_BOX_BYTES);
        expect(openBox(keys, context, box)).toEqual(content);
      }),
    );
  });

  test('looks different each time', () => {
    const context = new Uint8Array(3);
    const boxes = Array.from({ length: 50 }, () => sealBox(keys, context, context).join());
    expect(new Set(boxes).size).toBe(50);
  });

  test('under another key says so, and with another context, cut or altered it does not open', () => {
    const flips = fc.integer({ min: 1, max: 255 });
    fc.assert(
      fc.property(bytes, bytes, fc.nat(), flips, (context, content, place, flip) => {
        const box = sealBox(keys, context, content);
        expect(openBox(others, context, box)).toBe('other-key');
        expect(openBox(keys, Uint8Array.of(...context, 0), box)).toBe('altered');
        expect(openBox(keys, context, box.subarray(0, -1))).toMatch(/altered|other-key/);
        const altered = box.slice();
        altered[place % box.length]! ^= flip;
        expect(openBox(keys, context, altered)).toBe(
          place % box.length < 40 ? 'other-key' : 'altered',
        );
      }),
    );
    expect(openBox(keys, new Uint8Array(0), new Uint8Array(SEALED_BOX_BYTES - 1))).toBe('altered');
  });

  test('cannot be made to open under two keys: the commitment of one is not that of the other', () => {
    const context = new Uint8Array(0);
    const content = new Uint8Array(100);
    const [ours, theirs] = [sealBox(keys, context, content), sealBox(others, context, content)];
    // The attack begins with a box whose tag is right under both keys; here all the rest of a box is taken over.
    const graft = Uint8Array.of(
      ...theirs.subarray(0, 24),
      ...ours.subarray(24, 40),
      ...theirs.subarray(40),
    );
    expect(openBox(keys, context, graft)).toBe('other-key');
    expect(openBox(others, context, graft)).toBe('other-key');
  });
});

describe('a sealed name', () => {
  const bearer = 'member-one';
  const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 18 });

  test('is read by those who have the key, and fits into a description', () => {
    fc.assert(
      fc.property(names, (name) => {
        fc.pre(!/\p{Cc}/u.test(name) && new TextEncoder().encode(name).length <= SEALED_NAME_BYTES);
        const sealed = sealName(keys, bearer, name);
        expect(openName(keys, bearer, sealed)).toBe(name);
        expect(sealed).toHaveLength(LABEL_LENGTH_MAX);
        const join = {
          type: 'join',
          protocol: 3,
          room: '7KQ2MX',
          member: bearer,
          incarnation: 3,
          token: 'x'.repeat(16),
          name: sealed,
        } as const;
        expect(parseClientMessage(encodeMessage(join))).toMatchObject({ ok: true });
      }),
    );
  });

  test('says nothing to others, its length included, and fits nobody else', () => {
    const sealed = sealName(keys, bearer, 'Ada');
    expect(sealed).toMatch(/^[\u4e00-\u8dff]{64}$/u);
    expect([sealed, 'Ada', sealed.slice(1)].map(isSealedName)).toEqual([true, false, false]);
    expect(sealName(keys, bearer, 'Ada')).not.toBe(sealed);
    expect(openName(others, bearer, sealed)).toBeUndefined();
    expect(openName(keys, 'member-two', sealed)).toBeUndefined();
    for (const wrong of [
      'Ada',
      '',
      '\u4dff'.repeat(64),
      '\u8e00'.repeat(64),
      sealed.slice(1),
      `${sealed}一`,
    ]) {
      expect(openName(keys, bearer, wrong)).toBeUndefined();
    }
  });

  test('is read in what a server says about its member', () => {
    const sealed = sealName(keys, bearer, 'Ada');
    const say = (member: string) =>
      `Node n1 is held by member ${member} ("${sealed}"). Close that tab.`;
    expect(openNamesIn(keys, say(bearer))).toBe(
      'Node n1 is held by member member-one ("Ada"). Close that tab.',
    );
    expect(openNamesIn(keys, say('member-two'))).toContain('member-two ("?")');
    expect(openNamesIn(keys, 'no name')).toBe('no name');
  });

  test('is cut between characters when it is too long', () => {
    expect(openName(keys, bearer, sealName(keys, bearer, 'é'.repeat(40)))).toBe('é'.repeat(28));
    expect(openName(keys, bearer, sealName(keys, bearer, '🦜'.repeat(40)))).toBe('🦜'.repeat(14));
    expect(openName(keys, bearer, sealName(keys, bearer, `x${'🦜'.repeat(40)}`))).toBe(
      `x${'🦜'.repeat(13)}`,
    );
  });

  test('of one who has the key and means ill has no control characters', () => {
    expect(openName(keys, bearer, sealName(keys, bearer, '\u001b[31mred\u0007'))).toBe('[31mred');
    expect(openName(keys, bearer, sealName(keys, bearer, '\u0007'))).toBeUndefined();
  });
});

describe('the parts of a payload', () => {
  const payloads = fc.jsonValue({ maxDepth: 5 });

  test('give the payload again, however many there are', () => {
    const writer = new PartWriter(1000);
    const reader = new PartReader();
    fc.assert(
      fc.property(payloads, fc.nat(PART_BYTES_MAX + 1000), (value, length) => {
        const payload = [value, 'ü'.repeat(length / 2), length];
        const parts = [...writer.partsOf(payload)];
        for (const part of parts.slice(0, -1))
          expect(reader.take(part)).toEqual({ kind: 'partial' });
        const copy = JSON.parse(JSON.stringify(payload)) as unknown;
        expect(reader.take(parts.at(-1)!)).toEqual({ kind: 'payload', payload: copy });
      }),
      { numRuns: 60 },
    );
  });

  test('are taken once, in order, and never without those before them', () => {
    const large = 'x'.repeat(PART_BYTES_MAX + 10);
    const writer = new PartWriter(1000);
    const parts = ['one', large, 'three'].flatMap((payload) => [...writer.partsOf(payload)]);
    expect(parts).toHaveLength(4);
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 12 }), (order) => {
        const reader = new PartReader();
        const payloads: unknown[] = [];
        for (const index of order) {
          const outcome = reader.take(parts[index]!);
          if (outcome.kind === 'payload') payloads.push(outcome.payload);
        }
        const allowed = ['one', large, 'three'].filter((payload) => payloads.includes(payload));
        expect(payloads).toEqual(allowed);
      }),
    );
    const reader = new PartReader();
    expect(reader.take(parts[0]!)).toMatchObject({ kind: 'payload' });
    expect(reader.take(parts[0]!)).toEqual({ kind: 'replayed' });
    expect(reader.take(parts[2]!)).toEqual({ kind: 'malformed' });
    expect(reader.take(parts[3]!)).toMatchObject({ kind: 'payload', payload: 'three' });
    expect(reader.take(parts[1]!)).toEqual({ kind: 'replayed' });
    const two = [1, 2].map((letter) => [...writer.partsOf(`${letter}${large}`)]);
    expect(reader.take(two[0]![0]!)).toEqual({ kind: 'partial' });
    expect(reader.take(two[1]![1]!)).toEqual({ kind: 'malformed' });
  });

  test('of a member that means ill are bounded, and nothing throws', () => {
    const reader = new PartReader();
    let number = 0;
    const part = (flags: number, content: Uint8Array) => {
      const made = new Uint8Array(9 + content.length);
      new DataView(made.buffer).setBigUint64(0, BigInt(++number));
      made[8] = flags;
      made.set(content, 9);
      return made;
    };
    const piece = new Uint8Array(CLIENT_FRAME_BYTES_MAX / 4);
    expect(reader.take(part(1, piece)).kind).toBe('partial');
    for (let index = 0; index < 3; index++)
      expect(reader.take(part(0, piece)).kind).toBe('partial');
    expect(reader.take(part(0, piece)).kind).toBe('malformed');
    expect(reader.take(part(0, piece)).kind).toBe('malformed');
    const text = (value: string) => new TextEncoder().encode(value);
    for (const content of [
      text('{'),
      text(''),
      text('['.repeat(40) + ']'.repeat(40)),
      Uint8Array.of(0xff),
    ]) {
      expect(reader.take(part(3, content))).toEqual({ kind: 'malformed' });
    }
    fc.assert(fc.property(bytes, (junk) => void new PartReader().take(junk)));
  });

  test('of a tab that holds the same incarnation later are not taken for replays', () => {
    const reader = new PartReader();
    const [earlier, later] = [new PartWriter(1_700_000_000_000), new PartWriter(1_700_000_000_900)];
    for (let index = 0; index < 500; index++) {
      for (const one of earlier.partsOf(index)) expect(reader.take(one).kind).toBe('payload');
    }
    for (const one of later.partsOf('later')) expect(reader.take(one).kind).toBe('payload');
  });
});

describe('a sealed payload', () => {
  test('is read as it was written', () => {
    const nonce = crypto.getRandomValues(new Uint8Array(16));
    const proof = crypto.getRandomValues(new Uint8Array(32));
    const messages = [
      { parley: 'sealed', to: 3, box: nonce },
      { parley: 'key-check', nonce, proof },
      { parley: 'key-verdict', check: nonce, nonce, proof },
      { parley: 'key-verdict', check: nonce, nonce },
    ] as const;
    for (const message of messages)
      expect(readSealedMessage(sealedPayload(message))).toEqual(message);
  });

  test('is anything at all, or none', () => {
    const box = btoa('x'.repeat(60));
    const wrong = [
      undefined,
      null,
      'sealed',
      { parley: 'sealed' },
      { parley: 'sealed', to: -1, box },
      { parley: 'sealed', to: 1, box: '' },
      { parley: 'sealed', to: 1, box: 'no-base64!' },
      { parley: 'sealed', to: 1, box: 7 },
      { parley: 'key-check', nonce: btoa('short'), proof: box },
      { parley: 'choice', box },
    ];
    for (const payload of wrong) expect(readSealedMessage(payload)).toBeUndefined();
    fc.assert(fc.property(fc.jsonValue(), (payload) => void readSealedMessage(payload)));
  });
});
