/** Statements are signed when they leave and checked when they arrive, whatever makes the signatures. */

import { describe, expect, test } from 'vitest';
import type { Signer } from '../../../src/core/ports.ts';
import { signedValue, statementOf, type AnySigned } from '../../../src/core/signed.ts';
import { toValue, type Value } from '../../../src/core/value.ts';
import { fastestSigner, keyPairFrom, syncSigners } from '../../../src/net/ed25519.ts';
import { IdealSignatures } from '../../../src/runtime/ideal-signer.ts';
import { Signatures } from '../../../src/runtime/signatures.ts';

const ids = ['n1', 'n2'];
const pairs = new Map(
  ids.map((id, i) => [id, keyPairFrom(new Uint8Array(32).fill(i + 1))] as const),
);

const kinds: Readonly<Record<string, () => Promise<(id: string) => Signer>>> = {
  'ideal signatures': async () => {
    const ideal = new IdealSignatures(1);
    return (id) => ideal.signerOf(id);
  },
  'Ed25519 at once': async () => syncSigners(1, ids),
  'Ed25519 that takes time': async () => {
    const book = (id: string) => pairs.get(id)?.publicKey;
    const signers = await Promise.all(ids.map((id) => fastestSigner(pairs.get(id)!, book)));
    return (id) => signers[ids.indexOf(id)]!;
  },
};

function unsigned(fields: Record<string, Value>, { signer = 'n1', path = 'top' } = {}): AnySigned {
  return signedValue({ type: 'T', path, signer, fields, signature: undefined });
}

function allIn(value: unknown): AnySigned[] {
  const found: AnySigned[] = [];
  toValue(value, (signed) => found.push(signed));
  return found;
}

for (const [name, make] of Object.entries(kinds)) {
  describe(name, () => {
    const sides = async () => {
      const signerOf = await make();
      return {
        mine: new Signatures('run', 'n1', signerOf('n1')),
        theirs: new Signatures('run', 'n2', signerOf('n2')),
        otherRun: new Signatures('another run', 'n2', signerOf('n2')),
      };
    };

    test('hold for whoever checks them in the same run', async () => {
      const { mine, theirs, otherRun } = await sides();
      const value = unsigned({ a: 1 });
      await mine.sign([value]);
      expect(statementOf(value).signature).toHaveLength(64);
      expect(await theirs.verify([value], 'top')).toBe(true);
      expect(await theirs.verify([value], 'top.lower.lowest')).toBe(true);
      expect(await theirs.verify([value], 'topple')).toBe(false);
      expect(await theirs.verify([value], 'other')).toBe(false);
      expect(await otherRun.verify([value], 'top')).toBe(false);
    });

    test('hold for statements within statements, all of them new', async () => {
      const { mine, theirs } = await sides();
      const inner = unsigned({ a: 1 });
      const middle = unsigned({ list: [{ inner }] });
      const outer = unsigned({ middle, inner });
      await mine.sign(allIn({ outer, also: [inner] }));
      for (const value of [inner, middle, outer]) {
        expect(statementOf(value).signature).toHaveLength(64);
        expect(await theirs.verify([value], 'top')).toBe(true);
      }
      expect(await theirs.verify(allIn(outer), 'top')).toBe(true);
    });

    test('are made once, however often the value is sent', async () => {
      const { mine } = await sides();
      const value = unsigned({ a: 1 });
      await Promise.all([mine.sign([value]), mine.sign([value, value])]);
      const { signature } = statementOf(value);
      expect(mine.sign([value])).toBeUndefined();
      expect(statementOf(value).signature).toBe(signature);
    });

    test('cost one signature each, also while it is being made', async () => {
      const signer = (await make())('n1');
      let made = 0;
      const counting: Signer = {
        ...signer,
        sign: (content) => {
          made++;
          return signer.sign(content);
        },
      };
      const mine = new Signatures('run', 'n1', counting);
      const inner = unsigned({ a: 1 });
      const outer = unsigned({ inner });
      await Promise.all([
        mine.sign(allIn(inner)),
        mine.sign(allIn(outer)),
        mine.sign(allIn(outer)),
      ]);
      expect(made).toBe(2);
    });

    test('do not hold within a statement that was changed', async () => {
      const { mine, theirs } = await sides();
      const inner = unsigned({ a: 1 });
      const outer = unsigned({ inner });
      await mine.sign(allIn(outer));
      const lie = signedValue({ ...statementOf(inner), fields: { a: 2 } });
      const changed = signedValue({ ...statementOf(outer), fields: { inner: lie } });
      expect(await theirs.verify([changed], 'top')).toBe(false);
      expect(await theirs.verify(allIn(changed), 'top')).toBe(false);
    });

    test('of others cannot be made, and are missed at once', async () => {
      const { mine } = await sides();
      const foreign = unsigned({}, { signer: 'n2' });
      expect(() => mine.sign([unsigned({}), foreign])).toThrow(
        'holds a statement of n2 without its signature',
      );
      expect(statementOf(foreign).signature).toBeUndefined();
    });

    test('that are missing do not hold', async () => {
      const { theirs } = await sides();
      expect(await theirs.verify([unsigned({})], 'top')).toBe(false);
      expect(await theirs.verify([], 'top')).toBe(true);
    });

    test('one that does not hold is enough', async () => {
      const { mine, theirs } = await sides();
      const values = [unsigned({ a: 1 }), unsigned({ a: 2 }), unsigned({ a: 3 })];
      await mine.sign(values);
      statementOf(values[1]!).signature![0]! ^= 1;
      expect(await theirs.verify(values, 'top')).toBe(false);
      expect(await theirs.verify(values, 'top'), 'asked again').toBe(false);
    });
  });
}

describe('ideal signatures', () => {
  const content = Uint8Array.of(1, 2, 3);

  test('depend on seed, signer and content', () => {
    const ideal = new IdealSignatures(1);
    const [one, other] = [ideal.signerOf('n1'), ideal.signerOf('n2')];
    const signature = one.sign(content) as Uint8Array;
    expect(other.verify('n1', content, signature)).toBe(true);
    expect(other.verify('n2', content, signature)).toBe(false);
    expect(other.verify('n1', Uint8Array.of(1, 2, 4), signature)).toBe(false);
    expect(other.verify('n1', Uint8Array.of(1, 2, 3, 0), signature)).toBe(false);
    expect(other.verify('n1', content, signature.subarray(1))).toBe(false);
    expect(new IdealSignatures(2).signerOf('n2').verify('n1', content, signature)).toBe(false);
    expect(new IdealSignatures(1).signerOf('n2').verify('n1', content, signature)).toBe(true);
  });

  test('do not run names and contents together', () => {
    const ideal = new IdealSignatures(1);
    const signature = ideal.signerOf('n1').sign(Uint8Array.of(0x31, 1)) as Uint8Array;
    expect(ideal.signerOf('n1').verify('n11', Uint8Array.of(1), signature)).toBe(false);
  });

  test('hardly ever meet', () => {
    const signer = new IdealSignatures(1).signerOf('n1');
    const seen = new Set<string>();
    for (let i = 0; i < 20_000; i++) {
      const bytes = Uint8Array.of(i & 0xff, i >> 8, 0);
      seen.add(String(signer.sign(bytes)));
    }
    expect(seen.size).toBe(20_000);
  });
});
