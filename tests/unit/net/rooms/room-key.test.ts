/** Keys and what follows from them, compared with the other implementation that Node has. */

import { createHmac, hkdfSync, scryptSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { encodeCanonical } from '../../../../src/core/canonical.ts';
import { isMembershipMac, membershipMac } from '../../../../src/net/rooms/membership.ts';
import { roomKeyOfPassphrase, SCRYPT_COST } from '../../../../src/net/rooms/passphrase.ts';
import { newRoomKey, roomKeysOf } from '../../../../src/net/rooms/room-key.ts';
import { toHex } from '../../../../src/net/hex.ts';
import { fc } from '../../../support/property.ts';

const { N, r, p } = SCRYPT_COST;

describe('the keys of a room', () => {
  test('are HKDF-SHA256 of the room key, under the room and a label each', () => {
    const roomKey = Uint8Array.from({ length: 16 }, (_, index) => index);
    const keys = roomKeysOf('7KQ2MX', roomKey);
    const salt = encodeCanonical(['parley.room.v1', '7KQ2MX']);
    const expected = (label: string) =>
      new Uint8Array(hkdfSync('sha256', roomKey, salt, label, 32));
    expect(keys).toEqual({
      room: '7KQ2MX',
      sealing: expected('signaling encryption'),
      commitment: expected('signaling key commitment'),
      membership: expected('membership proof'),
    });
  });

  test('are other ones in every other room, and under every other key', () => {
    const roomKey = newRoomKey();
    const rooms = [
      roomKeysOf('ROOM-A', roomKey),
      roomKeysOf('ROOM-B', roomKey),
      roomKeysOf('ROOM-A', newRoomKey()),
    ];
    const all = rooms.flatMap(({ sealing, commitment, membership }) =>
      [sealing, commitment, membership].map(toHex),
    );
    expect(new Set(all).size).toBe(9);
  });

  test('want a whole key', () => {
    expect(() => roomKeysOf('7KQ2MX', new Uint8Array(15))).toThrow('16 bytes, not 15');
  });
});

describe('a membership MAC', () => {
  test('is HMAC-SHA256, and no other is accepted', () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    const key = newRoomKey();
    fc.assert(
      fc.property(bytes, fc.nat(31), fc.integer({ min: 1, max: 255 }), (content, at, flip) => {
        const mac = membershipMac(key, content);
        expect(mac).toEqual(new Uint8Array(createHmac('sha256', key).update(content).digest()));
        expect(isMembershipMac(key, content, mac)).toBe(true);
        const flipped = mac.slice();
        flipped[at]! ^= flip;
        expect(isMembershipMac(key, content, flipped)).toBe(false);
        expect(isMembershipMac(newRoomKey(), content, mac)).toBe(false);
        expect(isMembershipMac(key, Uint8Array.of(...content, 0), mac)).toBe(false);
        expect(isMembershipMac(key, content, mac.subarray(0, 31))).toBe(false);
        expect(isMembershipMac(key, content, new Uint8Array(0))).toBe(false);
      }),
    );
  });
});

describe('a passphrase', () => {
  test('gives the key that scrypt makes of it for this room, however it was typed', async () => {
    const salt = encodeCanonical(['parley.passphrase.v1', '7KQ2MX']);
    const text = 'Käse und Brot'.normalize('NFKC');
    const expected = scryptSync(text, salt, 16, { N, r, p, maxmem: 2 ** 28 });
    // As a Mac types it (decomposed), with a no-break space and slips of the thumb.
    const typed = ` ${text.normalize('NFD').replace(' ', '\u00a0 ')}\n`;
    expect(await roomKeyOfPassphrase(typed, '7KQ2MX')).toEqual(new Uint8Array(expected));
  });

  test('shows how far it is, and stops when nobody wants it any more', async () => {
    const shown: number[] = [];
    const stop = new AbortController();
    const stretching = roomKeyOfPassphrase('correct horse', '7KQ2MX', {
      signal: stop.signal,
      onProgress: (done) => {
        shown.push(done);
        if (done > 0.05) stop.abort(new Error('never mind'));
      },
    });
    await expect(stretching).rejects.toThrow('never mind');
    expect(shown.length).toBeGreaterThan(3);
    expect(shown.length).toBeLessThan(10);
    expect(shown).toEqual(shown.toSorted((a, b) => a - b));
  });

  test('is not even begun with when it was aborted before', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    const onProgress = () => expect.unreachable();
    const stretching = roomKeyOfPassphrase('correct horse', '7KQ2MX', { signal, onProgress });
    await expect(stretching).rejects.toThrow('too late');
  });

  test('has a length that is worth its name', async () => {
    await expect(roomKeyOfPassphrase(' 1234567 ', '7KQ2MX')).rejects.toThrow('at least 8');
    await expect(roomKeyOfPassphrase('x'.repeat(501), '7KQ2MX')).rejects.toThrow('at most 500');
  });
});
