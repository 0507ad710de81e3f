import { describe, expect, test } from 'vitest';
import { keyFromText, keyToText, KEY_TEXT_LENGTH } from '../../../../src/net/rooms/key-text.ts';
import { RoomAddressError } from '../../../../src/net/rooms/room-address-error.ts';
import {
  parseRoomAddress,
  roomAddressText,
  roomFragment,
  type RoomAddress,
} from '../../../../src/net/rooms/room-address.ts';
import {
  newRoomCode,
  NEW_ROOM_CODE_LENGTH,
  readRoomCode,
  ROOM_CODE_ALPHABET,
} from '../../../../src/net/rooms/room-code.ts';
import { fc } from '../../../support/property.ts';

const keys = fc.uint8Array({ minLength: 16, maxLength: 16 });
const codes = fc.string({
  unit: fc.constantFrom(...ROOM_CODE_ALPHABET.split(''), '-'),
  minLength: 4,
  maxLength: 64,
});
const addresses: fc.Arbitrary<RoomAddress> = fc.record({
  code: codes,
  access: fc.oneof(
    fc.constant({ kind: 'open' } as const),
    fc.constant({ kind: 'passphrase' } as const),
    keys.map((key) => ({ kind: 'key', key }) as const),
  ),
});

describe('a new code', () => {
  test('has six characters that nobody mistakes for one another', () => {
    for (let index = 0; index < 200; index++) {
      const code = newRoomCode();
      expect(code).toHaveLength(NEW_ROOM_CODE_LENGTH);
      expect(code).not.toMatch(/[^2-9A-Z]|[ILOU]/);
      expect(readRoomCode(code)).toBe(code);
    }
  });

  test('favours no letter: bytes beyond the last whole alphabet are drawn again', () => {
    const bytes = [255, 240, 239, 30, 29, 1, 0, 31];
    const code = newRoomCode(() => Uint8Array.of(bytes.shift()!));
    expect(code).toBe('Z2Z323');
    expect(bytes).toEqual([]);
  });
});

describe('a key as text', () => {
  test('is read as it was written, whatever its case and however it is grouped', () => {
    fc.assert(
      fc.property(keys, (key) => {
        const text = keyToText(key);
        expect(text).toMatch(/^[0-9A-HJKMNP-TV-Z]{28}$/);
        expect(keyFromText(text)).toEqual(key);
        const grouped = text.toLowerCase().replaceAll(/.{4}/g, '$&- ');
        expect(keyFromText(grouped)).toEqual(key);
        const misread = text.replaceAll('0', 'o').replaceAll('1', 'l');
        expect(keyFromText(misread)).toEqual(key);
      }),
    );
  });

  test('is the same everywhere', () => {
    const key = Uint8Array.from({ length: 16 }, (_, index) => index * 17);
    expect(keyToText(key)).toBe('008J4CT4ANK7F24SNAXWSQFEZWYY');
  });

  test('shows nearly every slip of a finger', () => {
    let unseen = 0;
    const text = keyToText(Uint8Array.from({ length: 16 }, (_, index) => index * 11 + 3));
    for (let at = 0; at < KEY_TEXT_LENGTH; at++) {
      for (const other of '0123456789ABCDEFGHJKMNPQRSTVWXYZ') {
        if (other === text[at]) continue;
        const slip = text.slice(0, at) + other + text.slice(at + 1);
        try {
          keyFromText(slip);
          unseen++;
        } catch (error) {
          expect(error).toBeInstanceOf(RoomAddressError);
        }
      }
    }
    // 868 slips, of which one in 4096 is not seen.
    expect(unseen).toBeLessThanOrEqual(2);
  });
});

describe('an address', () => {
  test('is read as it was written: as text, as a fragment and as a link', () => {
    fc.assert(
      fc.property(addresses, (address) => {
        const fragment = roomFragment(address);
        const forms = [
          roomAddressText(address),
          ` ${roomAddressText(address).toLowerCase()}\n`,
          fragment,
          `https://lab.example/parley/${fragment}`,
          `http://192.0.2.7:9000/${fragment}?from=qr`,
          encodeURI(`https://lab.example/${fragment}`),
          `#/room/${encodeURIComponent(roomAddressText(address))}`,
        ];
        for (const form of forms) expect(parseRoomAddress(form)).toEqual(address);
      }),
    );
  });

  test('in a link is one that every parser of links keeps', () => {
    fc.assert(
      fc.property(addresses, (address) => {
        const link = `https://lab.example/${roomFragment(address)}`;
        expect(new URL(link).href).toBe(link);
        expect(link.match(/#/g)).toHaveLength(1);
      }),
    );
  });

  test('may be typed with spaces and in any case', () => {
    expect(parseRoomAddress(' 7k q2\tmx ')).toEqual({ code: '7KQ2MX', access: { kind: 'open' } });
    expect(parseRoomAddress('7kq2mx # PassPhrase')).toEqual({
      code: '7KQ2MX',
      access: { kind: 'passphrase' },
    });
  });

  const wrong: [string, RegExp][] = [
    ['', /code of the room is missing/],
    [' \n', /code of the room is missing/],
    ['abc', /'ABC' is no room code: those have 4 to 64/],
    ['x'.repeat(65), /'X{20}…' is no room code/],
    ['7KQ2MX!', /'7KQ2MX!' is no room code: those have letters, digits and hyphens/],
    ['KÄSE', /no room code/],
    ['7KQ2MX#', /key behind the code is missing.*whole link/],
    ['#00H248H4AN9RVY1CTQ7HWF5NYZRZ', /code of the room is missing/],
    ['7KQ2MX#00H248H4AN9RVY1CTQ7HWF5NYZR', /27 characters instead of 28.*cut off/],
    ['7KQ2MX#00H248H4AN9RVY1CTQ7HWF5NYZRZ0', /29 characters instead of 28/],
    ['7KQ2MX#00H248H4AN9RVY1CTQ7HWF5NYZRU', /has a 'U', which no key has/],
    ['7KQ2MX#00H248H4AN9RVY1CTQ7HWF5NYZR!', /has a '!', which no key has/],
    ['7KQ2MX#0H0248H4AN9RVY1CTQ7HWF5NYZRZ', /wrong, or two are swapped/],
    ['7KQ2MX,00H248H4AN9RVY1CTQ7HWF5NYZRY', /wrong, or two are swapped/],
    ['https://lab.example/#/lab/raft', /leads to no room/],
    ['https://lab.example/', /leads to no room/],
    ['https://lab.example/#/room/', /code of the room is missing/],
    ['https://lab.example/#/room/%E0%A4%A', /no room code/],
  ];
  test.each(wrong)('%s is refused with a reason', (text, reason) => {
    expect(() => parseRoomAddress(text)).toThrow(RoomAddressError);
    expect(() => parseRoomAddress(text)).toThrow(reason);
  });

  test('that is anything at all is read or refused, and nothing else happens', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          const address = parseRoomAddress(text);
          expect(parseRoomAddress(roomAddressText(address))).toEqual(address);
        } catch (error) {
          expect(error).toBeInstanceOf(RoomAddressError);
        }
      }),
    );
  });
});
