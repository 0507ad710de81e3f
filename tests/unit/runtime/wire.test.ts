/** Envelopes as bytes, honest and hostile. */

import { describe, expect, test } from 'vitest';
import { encodeCanonical } from '../../../src/core/canonical.ts';
import { ValueError } from '../../../src/core/errors.ts';
import { signedValue, type AnySigned } from '../../../src/core/signed.ts';
import { toValue, type Value } from '../../../src/core/value.ts';
import { FORMAT_NAMES, formatNamed } from '../../../src/net/format.ts';
import { MESSAGE_BYTES_MAX } from '../../../src/net/limits.ts';
import type { AlgorithmEnvelope, Envelope, LinkEnvelope } from '../../../src/runtime/envelope.ts';
import { decodeBatch, encodeBatch } from '../../../src/runtime/live/wire.ts';
import { fc } from '../../support/property.ts';
import { plain, values } from '../../support/values.ts';

const NODES_MAX = 4;

function enveloped(body: Value, changes: Partial<AlgorithmEnvelope> = {}): AlgorithmEnvelope {
  const signed: AnySigned[] = [];
  toValue(body, (value) => signed.push(value));
  return {
    ...{ kind: 'cast', number: 1, answers: 0, path: 'top', type: 'x', via: 'data' },
    ...{ body, bytes: 0, signed, signing: undefined },
    ...changes,
  };
}

/** In an order of their own: that of a map's keys means nothing. */
function printed(signed: readonly AnySigned[]): string[] {
  return signed.map((value) => Buffer.from(encodeCanonical(value)).toString('hex')).toSorted();
}

for (const format of FORMAT_NAMES.map(formatNamed)) {
  const roundTrip = (envelope: Envelope) =>
    decodeBatch(encodeBatch([envelope], format), 'data', format, NODES_MAX)[0]!;
  const decoded = (value: Value) => () =>
    decodeBatch(format.encode([value]), 'data', format, NODES_MAX);

  describe(`envelopes in ${format.name}`, () => {
    test('come back as they were, with their size and the statements in them', () => {
      const kinds = fc.constantFrom('cast' as const, 'request' as const, 'reply' as const);
      const numbers = fc.nat({ max: Number.MAX_SAFE_INTEGER });
      fc.assert(
        fc.property(values, kinds, numbers, numbers, (body, kind, number, answers) => {
          const envelope = enveloped(body, { kind, number, answers });
          const back = roundTrip(envelope) as AlgorithmEnvelope;
          expect({ ...back, body: 0, signed: 0 }).toEqual({
            ...envelope,
            ...{ body: 0, signed: 0, bytes: format.size(body) },
          });
          expect(plain(back.body)).toStrictEqual(plain(body));
          expect(printed(back.signed)).toEqual(printed(envelope.signed));
        }),
        { numRuns: 200 },
      );
    });

    test('of the barriers come back as they were', () => {
      const message = { version: 7, seen: 3, rows: [['n1', 0, 'ready', ''] as const] };
      expect(roundTrip({ kind: 'lifecycle', message })).toEqual({ kind: 'lifecycle', message });
    });

    test('of an error come back as they were', () => {
      const error = enveloped(['refused', 'no'], { kind: 'error', answers: 5 });
      expect(roundTrip(error)).toMatchObject({ kind: 'error', body: ['refused', 'no'] });
    });

    test('find a statement within a statement', () => {
      const statement = { type: 'T', path: 'top', signer: 'n1', signature: Uint8Array.of(1) };
      const inner = signedValue({ ...statement, fields: {} });
      const outer = signedValue({ ...statement, fields: { inner } });
      expect((roundTrip(enveloped({ outer })) as AlgorithmEnvelope).signed).toHaveLength(2);
    });

    test.each<[string, Value]>([
      ['no list', { kind: 1 }],
      ['nothing', []],
      ['an unknown kind', [9, 1, 0, 'top', 'x', {}]],
      ['a kind that is a text', ['cast', 1, 0, 'top', 'x', {}]],
      ['half a kind', [0.5, 1, 0, 'top', 'x', {}]],
      ['a property of lists as its kind', ['length', 1, 0, 'top', 'x', {}]],
      ['no number', [1, null, 0, 'top', 'x', {}]],
      ['a negative number', [1, -1, 0, 'top', 'x', {}]],
      ['half a number', [1, 1.5, 0, 'top', 'x', {}]],
      ['an answer to nothing', [3, 1, 'one', 'top', 'x', {}]],
      ['a path that is a list', [1, 1, 0, ['top'], 'x', {}]],
      ['a path without end', [1, 1, 0, 'x'.repeat(1000), 'x', {}]],
      ['a type that is bytes', [1, 1, 0, 'top', new Uint8Array(1), {}]],
      ['a type without end', [1, 1, 0, 'top', 'x'.repeat(1000), {}]],
      ['no body', [1, 1, 0, 'top', 'x']],
      ['an error that is a text', [4, 1, 2, 'top', 'x', 'failed']],
      ['an error without a text', [4, 1, 2, 'top', 'x', ['failed']]],
      ['an error with more than a text', [4, 1, 2, 'top', 'x', ['failed', 'a', 'b']]],
      ['an error with a number', [4, 1, 2, 'top', 'x', ['failed', 5]]],
      ['a body beyond all bounds', [1, 1, 0, 'top', 'x', 'x'.repeat(MESSAGE_BYTES_MAX)]],
      ['a table without rows', [0, 1, 0]],
      [
        'a table with too many rows',
        [0, 1, 0, Array.from({ length: 5 }, () => ['n1', 0, 'ready', ''])],
      ],
      ['a table with a stranger’s status', [0, 1, 0, [['n1', 0, 'happy', '']]]],
    ])('are refused: %s', (_, value) => {
      expect(decoded(value)).toThrow(ValueError);
    });

    test('that are any bytes are envelopes or refused, and never anything else', () => {
      const kinds = ['lifecycle', 'cast', 'request', 'reply', 'error', 'carried'];
      fc.assert(
        fc.property(fc.array(values, { maxLength: 7 }), fc.nat({ max: 6 }), (rest, kind) => {
          let envelope: LinkEnvelope;
          try {
            envelope = decoded([kind, ...rest])()[0]!;
          } catch (error) {
            expect(error).toBeInstanceOf(ValueError);
            return;
          }
          expect(kinds).toContain(envelope.kind);
        }),
        { numRuns: 500 },
      );
    });
  });
}
