import { describe, expect, test } from 'vitest';
import type { Signer } from '../../../src/core/ports.ts';
import { fastestSigner, keyPairFrom, syncSigner } from '../../../src/net/ed25519.ts';
import { PacketOpener, PacketSealer, type Way } from '../../../src/net/packet.ts';
import { deferred } from '../../support/deferred.ts';

const pairs = new Map(
  ['n1', 'n2', 'n3'].map((id, i) => [id, keyPairFrom(new Uint8Array(32).fill(i + 1))] as const),
);
const book = (id: string) => pairs.get(id)?.publicKey;
const signerOf = (id: string): Signer => syncSigner(pairs.get(id)!, book);

const way: Way = { runId: 'run', from: 'n1', fromIncarnation: 0, to: 'n2', toIncarnation: 4 };
const body = Uint8Array.of(10, 20, 30);

const seal = (sealer: PacketSealer, content = body) => sealer.seal(content) as Uint8Array;
const sealed = (changes: Partial<Way> = {}, by = 'n1') =>
  seal(new PacketSealer({ ...way, ...changes }, signerOf(by)));

/** What the receiver makes of a packet. */
function taken(opener: PacketOpener, packet: Uint8Array): string | number[] {
  const opened = opener.open(packet);
  if (opened === undefined) return 'malformed';
  if (opened.isGenuine !== true) return 'forged';
  return opener.admit(opened) ? [...opened.body] : 'replayed';
}

const opener = () => new PacketOpener(way, signerOf('n2'));

describe('a packet', () => {
  test('arrives with its body', () => {
    expect(taken(opener(), sealed())).toEqual([10, 20, 30]);
  });

  test('may be empty', () => {
    const packet = seal(new PacketSealer(way, signerOf('n1')), new Uint8Array(0));
    expect(taken(opener(), packet)).toEqual([]);
  });

  test('may lie in the middle of a larger buffer', () => {
    const packet = sealed();
    const larger = new Uint8Array(packet.length + 9);
    larger.set(packet, 5);
    expect(taken(opener(), larger.subarray(5, 5 + packet.length))).toEqual([10, 20, 30]);
  });

  test('is refused when any bit of it is another', () => {
    const packet = sealed();
    for (let at = 0; at < packet.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = packet.slice();
        changed[at]! ^= 1 << bit;
        const expected = at === 0 ? 'malformed' : 'forged';
        expect(taken(opener(), changed), `byte ${at}, bit ${bit}`).toBe(expected);
      }
    }
  }, 20_000);

  test('is refused when it is cut off, or more follows', () => {
    const packet = sealed();
    for (let length = 0; length < packet.length; length++) {
      expect(taken(opener(), packet.subarray(0, length))).toBe(
        length < 69 ? 'malformed' : 'forged',
      );
    }
    expect(taken(opener(), Uint8Array.of(...packet, 0))).toBe('forged');
  });

  test.each<[string, Partial<Way>]>([
    ['another run', { runId: 'run 2' }],
    ['another sender', { from: 'n3' }],
    ['another receiver', { to: 'n3' }],
    ['an earlier incarnation of its sender', { fromIncarnation: 1 }],
    ['an earlier incarnation of its receiver', { toIncarnation: 3 }],
    ['the way back', { from: 'n2', to: 'n1', fromIncarnation: 4, toIncarnation: 0 }],
  ])('is refused on %s', (_, changes) => {
    expect(taken(opener(), sealed(changes))).toBe('forged');
  });

  test('is refused when another signed it', () => {
    expect(taken(opener(), sealed({}, 'n3'))).toBe('forged');
  });

  test('ids that run together are not confused', () => {
    const left = sealed({ runId: 'a', from: 'n1', to: 'bc' });
    const ours = new PacketOpener({ ...way, runId: 'ab', from: 'n1', to: 'c' }, signerOf('n2'));
    expect(taken(ours, left)).toBe('forged');
  });
});

describe('order', () => {
  test('packets are taken one after the other', () => {
    const sealer = new PacketSealer(way, signerOf('n1'));
    const receiver = opener();
    for (let i = 0; i < 5; i++) {
      expect(taken(receiver, seal(sealer, Uint8Array.of(i)))).toEqual([i]);
    }
  });

  test('a packet is taken once', () => {
    const packet = sealed();
    const receiver = opener();
    expect(taken(receiver, packet)).toEqual([10, 20, 30]);
    expect(taken(receiver, packet)).toBe('replayed');
  });

  test('a packet that was overtaken is refused', () => {
    const sealer = new PacketSealer(way, signerOf('n1'));
    const [first, second, third] = [seal(sealer), seal(sealer), seal(sealer)];
    const receiver = opener();
    expect(taken(receiver, second)).toEqual([10, 20, 30]);
    expect(taken(receiver, first)).toBe('replayed');
    expect(taken(receiver, third)).toEqual([10, 20, 30]);
  });

  test('a forged packet blocks none, however great its number', () => {
    const receiver = opener();
    const forged = sealed();
    forged.fill(0xff, 1, 5);
    expect(taken(receiver, forged)).toBe('forged');
    expect(taken(receiver, sealed())).toEqual([10, 20, 30]);
  });

  test('numbers are taken when packets are sealed, not when their bodies come', async () => {
    const sealer = new PacketSealer(way, signerOf('n1'));
    const coming = deferred<Uint8Array>();
    const late = sealer.seal(coming.promise);
    const soon = seal(sealer, Uint8Array.of(2));
    coming.resolve(Uint8Array.of(1));
    const receiver = opener();
    expect(taken(receiver, await late)).toEqual([1]);
    expect(taken(receiver, soon)).toEqual([2]);
  });
});

test('signatures that take time give the same packets', async () => {
  const signer = await fastestSigner(pairs.get('n1')!, book);
  const packet = await new PacketSealer(way, signer).seal(body);
  expect([...packet]).toEqual([...sealed()]);
  const slow = await fastestSigner(pairs.get('n2')!, book);
  const receiver = new PacketOpener(way, slow);
  const opened = receiver.open(packet)!;
  expect(await opened.isGenuine).toBe(true);
  expect(receiver.admit(opened)).toBe(true);
  expect(receiver.admit(receiver.open(packet)!)).toBe(false);
});
