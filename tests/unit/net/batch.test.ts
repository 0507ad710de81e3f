import { sha256 } from '@noble/hashes/sha2.js';
import { fc } from '../../support/property.ts';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { LinkClass } from '../../../src/core/message.ts';
import type { Signer } from '../../../src/core/ports.ts';
import {
  batchHeaderBytes,
  BatchOpener,
  BatchSealer,
  type FrameAuth,
  type Origin,
} from '../../../src/net/batch.ts';
import { fastestSigner, keyPairFrom, syncSigner } from '../../../src/net/ed25519.ts';
import { deferred } from '../../support/deferred.ts';

const pairs = new Map(
  ['n1', 'n2', 'n3'].map((id, i) => [id, keyPairFrom(new Uint8Array(32).fill(i + 1))] as const),
);
const book = (id: string) => pairs.get(id)?.publicKey;
const signerOf = (id: string): Signer => syncSigner(pairs.get(id)!, book);

const origin: Origin = { room: 'room', runId: 'run', id: 'n1', incarnation: 4 };
const body = Uint8Array.of(10, 20, 30);

const sealer = (changes: Partial<Origin> = {}, by = 'n1', auth: FrameAuth = 'signature') =>
  new BatchSealer({ ...origin, ...changes }, signerOf(by), auth);
const opener = (auth: FrameAuth = 'signature') => new BatchOpener(origin, signerOf('n2'), auth);
const seal = (from: BatchSealer, content = body, linkClass: LinkClass = 'data') =>
  from.seal(linkClass, content) as Uint8Array;

/** What the receiver makes of a batch. */
function taken(
  by: BatchOpener,
  batch: Uint8Array,
  linkClass: LinkClass = 'data',
): string | number[] {
  const opened = by.open(linkClass, batch);
  if (opened === undefined) return 'malformed';
  if (opened.isGenuine !== true) return 'forged';
  return by.admit(opened) ? [...opened.body] : 'replayed';
}

describe('a batch', () => {
  test('arrives with its body', () => {
    expect(taken(opener(), seal(sealer()))).toEqual([10, 20, 30]);
  });

  test('may be empty', () => {
    expect(taken(opener(), seal(sealer(), new Uint8Array(0)))).toEqual([]);
  });

  test('may lie in the middle of a larger buffer', () => {
    const batch = seal(sealer());
    const larger = new Uint8Array(batch.length + 9);
    larger.set(batch, 5);
    expect(taken(opener(), larger.subarray(5, 5 + batch.length))).toEqual([10, 20, 30]);
  });

  test('is the same bytes for every receiver, and each of them takes it', () => {
    const batch = seal(sealer());
    const third = new BatchOpener(origin, signerOf('n3'), 'signature');
    expect(taken(opener(), batch)).toEqual([10, 20, 30]);
    expect(taken(third, batch)).toEqual([10, 20, 30]);
  });

  test('is refused when any bit of it is another', () => {
    const batch = seal(sealer());
    for (let at = 0; at < batch.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = batch.slice();
        changed[at]! ^= 1 << bit;
        expect(taken(opener(), changed), `byte ${at}, bit ${bit}`).toBe('forged');
      }
    }
  }, 30_000);

  test('is refused when it is cut off, or more follows', () => {
    const batch = seal(sealer());
    const header = batchHeaderBytes('signature');
    for (let length = 0; length < batch.length; length++) {
      expect(taken(opener(), batch.subarray(0, length))).toBe(
        length < header ? 'malformed' : 'forged',
      );
    }
    expect(taken(opener(), Uint8Array.of(...batch, 0))).toBe('forged');
  });

  test.each<[string, Partial<Origin>]>([
    ['another room', { room: 'room 2' }],
    ['another run', { runId: 'run 2' }],
    ['another sender', { id: 'n3' }],
    ['an earlier incarnation of its sender', { incarnation: 3 }],
    ['a later incarnation of its sender', { incarnation: 5 }],
    ['names that run together', { room: 'roomr', runId: 'un' }],
  ])('is refused in %s', (_, changes) => {
    expect(taken(opener(), seal(sealer(changes)))).toBe('forged');
  });

  test('is refused when another signed it', () => {
    expect(taken(opener(), seal(sealer({}, 'n3')))).toBe('forged');
  });

  test('is refused in another class than its own', () => {
    expect(taken(opener(), seal(sealer(), body, 'control'), 'data')).toBe('forged');
    expect(taken(opener(), seal(sealer(), body, 'control'), 'control')).toEqual([10, 20, 30]);
  });

  test('bytes of any kind are refused, and throw nothing', () => {
    const receiver = opener();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['malformed', 'forged']).toContain(taken(receiver, bytes));
      }),
      { numRuns: 300 },
    );
  });
});

describe('order', () => {
  test('a batch is taken once', () => {
    const batch = seal(sealer());
    const receiver = opener();
    expect(taken(receiver, batch)).toEqual([10, 20, 30]);
    expect(taken(receiver, batch)).toBe('replayed');
  });

  test('on an ordered class, a batch that was overtaken is refused', () => {
    const from = sealer();
    const [first, second, third] = [seal(from), seal(from), seal(from)];
    const receiver = opener();
    expect(taken(receiver, second)).toEqual([10, 20, 30]);
    expect(taken(receiver, first)).toBe('replayed');
    expect(taken(receiver, third)).toEqual([10, 20, 30]);
  });

  test('the classes do not disturb each other', () => {
    const from = sealer();
    const [early, late] = [seal(from, body, 'control'), seal(from, body, 'data')];
    const receiver = opener();
    expect(taken(receiver, late, 'data')).toEqual([10, 20, 30]);
    expect(taken(receiver, early, 'control')).toEqual([10, 20, 30]);
  });

  test('gossip may overtake, and is still taken once', () => {
    const from = sealer({}, 'n1', 'link');
    const batches = Array.from({ length: 40 }, () => seal(from, body, 'gossip'));
    fc.assert(
      fc.property(fc.array(fc.nat(39), { maxLength: 100 }), (order) => {
        const receiver = opener('link');
        const seen = new Set<number>();
        for (const at of order) {
          const result = taken(receiver, batches[at]!, 'gossip');
          expect(result).toEqual(seen.has(at) ? 'replayed' : [10, 20, 30]);
          seen.add(at);
        }
      }),
    );
  });

  test('gossip that comes ages later is refused', () => {
    const from = sealer({}, 'n1', 'link');
    const batches = Array.from({ length: 3000 }, () => seal(from, body, 'gossip'));
    const receiver = opener('link');
    for (const batch of batches.slice(1)) taken(receiver, batch, 'gossip');
    expect(taken(receiver, batches[0]!, 'gossip')).toBe('replayed');
    expect(taken(receiver, batches.at(-2)!, 'gossip')).toBe('replayed');
  });

  test('a forged batch blocks none, however great its number', () => {
    const receiver = opener();
    const forged = seal(sealer());
    forged.fill(0xff, 0, 6);
    expect(taken(receiver, forged)).toBe('forged');
    expect(taken(receiver, seal(sealer()))).toEqual([10, 20, 30]);
  });

  test('numbers are taken when batches are sealed, not when their bodies come', async () => {
    const from = sealer();
    const coming = deferred<Uint8Array>();
    const late = from.seal('data', coming.promise);
    const soon = seal(from, Uint8Array.of(2));
    coming.resolve(Uint8Array.of(1));
    const receiver = opener();
    expect(taken(receiver, await late)).toEqual([1]);
    expect(taken(receiver, soon)).toEqual([2]);
  });
});

describe('a long body', () => {
  const long = new Uint8Array(20_000).map((_, i) => i * 7);

  const opened = async (by: BatchOpener, batch: Uint8Array) => {
    const result = by.open('data', batch)!;
    return (await result.isGenuine) && by.admit(result) ? result.body : undefined;
  };

  describe.each(['with WebCrypto', 'without WebCrypto'])('%s', (kind) => {
    beforeEach(() => {
      if (kind === 'without WebCrypto') {
        vi.spyOn(crypto, 'subtle', 'get').mockReturnValue(undefined as never);
      }
      return () => vi.restoreAllMocks();
    });

    test('arrives, and in order with short ones', async () => {
      const from = sealer();
      const sealing = from.seal('data', long);
      const short = seal(from);
      const receiver = opener();
      expect(await opened(receiver, await sealing)).toEqual(long);
      expect(await opened(receiver, short)).toEqual(body);
    });

    test('is refused when a bit of it is another, or it is cut off', async () => {
      const batch = await sealer().seal('data', long);
      for (const at of [0, 5, 6, 69, 70, 71, 10_000, batch.length - 1]) {
        const changed = batch.slice();
        changed[at]! ^= 1;
        expect(await opened(opener(), changed), `byte ${at}`).toBeUndefined();
      }
      expect(await opened(opener(), batch.subarray(0, -1))).toBeUndefined();
    });

    test('its digest is not taken for a body', async () => {
      const batch = await sealer().seal('data', long);
      const header = batch.subarray(0, batchHeaderBytes('signature'));
      const digest = sha256(long);
      expect(await opened(opener(), Uint8Array.of(...header, ...digest))).toBeUndefined();
    });
  });

  test('what WebCrypto made is taken without it, and the other way round', async () => {
    const made = await sealer().seal('data', long);
    const subtle = vi.spyOn(crypto, 'subtle', 'get').mockReturnValue(undefined as never);
    const other = await sealer().seal('data', long);
    expect(other).toEqual(made);
    expect(await opened(opener(), made)).toEqual(long);
    subtle.mockRestore();
    expect(await opened(opener(), other)).toEqual(long);
  });
});

describe('without signatures of its own', () => {
  test('a batch is shorter by the signature', () => {
    const signed = seal(sealer());
    const bare = seal(sealer({}, 'n1', 'link'));
    expect(signed.length - bare.length).toBe(64);
    expect(taken(opener('link'), bare)).toEqual([10, 20, 30]);
  });

  test('a batch is still taken once', () => {
    const bare = seal(sealer({}, 'n1', 'link'));
    const receiver = opener('link');
    taken(receiver, bare);
    expect(taken(receiver, bare)).toBe('replayed');
  });

  test('whoever expects signatures refuses it', () => {
    const bare = seal(sealer({}, 'n1', 'link'), new Uint8Array(100));
    expect(taken(opener('signature'), bare)).toBe('forged');
  });
});

test('signatures that take time give the same batches', async () => {
  const signer = await fastestSigner(pairs.get('n1')!, book);
  const batch = await new BatchSealer(origin, signer, 'signature').seal('data', body);
  expect([...batch]).toEqual([...seal(sealer())]);
  const slow = await fastestSigner(pairs.get('n2')!, book);
  const receiver = new BatchOpener(origin, slow, 'signature');
  const opened = receiver.open('data', batch)!;
  expect(await opened.isGenuine).toBe(true);
  expect(receiver.admit(opened)).toBe(true);
  expect(receiver.admit(receiver.open('data', batch)!)).toBe(false);
});
