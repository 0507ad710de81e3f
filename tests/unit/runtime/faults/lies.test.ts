import { describe, expect, test } from 'vitest';
import { encodeCanonical } from '../../../../src/core/canonical.ts';
import { Random } from '../../../../src/core/random.ts';
import { isSigned, signedValue, statementOf, type AnySigned } from '../../../../src/core/signed.ts';
import { toValue, type Value, type ValueMap } from '../../../../src/core/value.ts';
import { garbled, toldDifferently, underOtherName } from '../../../../src/runtime/faults/lies.ts';
import { fc } from '../../../support/property.ts';
import { values } from '../../../support/values.ts';
import { FOUR } from './support.ts';

const anything = () => true;
const told = (body: Value, fits: (body: Value) => boolean = anything) =>
  toldDifferently(body, 'n1', FOUR, fits);

function vote(signer: string, fields: ValueMap): Value {
  const signature = new Uint8Array(64).fill(7);
  return signedValue({ type: 'Vote', path: 'p', signer, fields, signature }) as Value;
}

const statement = (value: unknown) => statementOf(value as AnySigned);

describe('told differently', () => {
  test.each<[what: string, body: Value, other: Value]>([
    ['a yes becomes a no', { value: 'x', ok: true }, { value: 'x', ok: false }],
    ['a text its opposite', { origin: 'n1', value: 'yes' }, { origin: 'n1', value: 'not yes' }],
    ['a number the next', { from: 'n2', term: 4 }, { from: 'n2', term: 5 }],
    ['bytes other bytes', { data: new Uint8Array([2, 3]) }, { data: new Uint8Array([3, 3]) }],
    ['no bytes one', { data: new Uint8Array() }, { data: new Uint8Array([1]) }],
    ['a node another, if there is nothing else', { leader: 'n4' }, { leader: 'n1' }],
    ['a bare answer', 'ACK', 'not ACK'],
    ['something deep inside', { list: [{ value: 1 }] }, { list: [{ value: 2 }] }],
  ])('%s', (_, body, other) => expect(told(body)).toEqual(other));

  test('the same message is the same lie, whoever tells it', () => {
    const body = { origin: 'n3', value: 'x', round: 5 };
    expect(toldDifferently(body, 'n1', FOUR, anything)).toEqual(
      toldDifferently(body, 'n2', FOUR, anything),
    );
  });

  test('what a receiver would not take is not tried on it', () => {
    const body = { kind: 'echo', count: 1 };
    const knowsEcho = (value: Value) => (value as ValueMap)['kind'] === 'echo';
    expect(told(body, knowsEcho)).toEqual({ kind: 'echo', count: 2 });
    expect(told(body, () => false)).toBeUndefined();
  });

  test('nothing cannot be told differently', () => {
    for (const body of [{}, [], null, { x: null }] as Value[]) expect(told(body)).toBeUndefined();
  });

  test('own statements are made anew, and have to be signed; those of others stay', () => {
    const other = vote('n2', { value: 'a' });
    const body = { first: other, second: vote('n1', { value: 'b' }) };
    const lie = told(body) as typeof body;
    expect(lie.first).toBe(other);
    expect(statement(lie.second)).toMatchObject({
      signer: 'n1',
      fields: { value: 'not b' },
      signature: undefined,
    });
    expect(statement(body.second).fields).toEqual({ value: 'b' });
    expect(told({ only: other })).toBeUndefined();
  });

  test('a statement within an own one is told differently with it', () => {
    const body = vote('n1', { inner: vote('n2', { value: 'a' }), round: 1 });
    expect(statement(told(body)).fields).toMatchObject({ round: 2 });
  });
});

test('in the name of another: a statement is that one’s, without a signature', () => {
  const body = { chain: [vote('n1', { value: 'a' }), vote('n2', { value: 'b' })] };
  const claim = underOtherName(body, 'n3') as typeof body;
  expect(statement(claim.chain[0])).toMatchObject({ signer: 'n3', signature: undefined });
  expect(claim.chain[1]).toBe(body.chain[1]);
  expect(underOtherName({ plain: [1, 'x', null, new Uint8Array(1)] }, 'n3')).toBeUndefined();
});

test('garbled: one thing is something else, it can still travel, and signatures of others are wrong then', () => {
  const bodies = fc.oneof(values, fc.constant(vote('n2', { value: 'a' })));
  fc.assert(
    fc.property(bodies, fc.integer(), (input, seed) => {
      const body = toValue(input);
      const before = encodeCanonical(body);
      const result = garbled(body, 'n1', Random.stream(seed, 'garble'));
      expect(() => toValue(result)).not.toThrow();
      expect(encodeCanonical(body)).toEqual(before);
      if (!isSigned(body) || !isSigned(result)) return;
      expect(statementOf(result).signature).toEqual(statementOf(body).signature);
    }),
    { numRuns: 300 },
  );
});
