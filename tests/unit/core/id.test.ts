import { describe, expect, test } from 'vitest';
import { compareIds } from '../../../src/core/id.ts';
import { fc } from '../../support/property.ts';

/** Ids that nearly collide: digits with and without zeros in front, long numbers, words between. */
const ids = fc
  .array(
    fc.oneof(
      fc.constantFrom('n', 'node', '-', '_', '0', '00', '1', '01', '9', '10', '100', 'é', 'N'),
      fc.nat().map(String),
      fc.constantFrom('9007199254740992', '9007199254740993', '100000000000000000001'),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(''));

describe('the order of ids', () => {
  test('is the one that people expect', () => {
    const expected = [
      'a',
      'n',
      'n1',
      'n2',
      'n9',
      'n10',
      'n10a',
      'n10b',
      'n11',
      'n100',
      'node1',
      'o',
    ];
    expect([...expected].reverse().toSorted(compareIds)).toEqual(expected);
  });

  test('tells numbers with zeros in front apart', () => {
    expect(compareIds('n01', 'n1')).toBeLessThan(0);
    expect(compareIds('n1', 'n01')).toBeGreaterThan(0);
    expect(compareIds('n02', 'n1')).toBeGreaterThan(0);
  });

  test('is an order: only equal ids are equal, and it turns around', () => {
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        expect(Math.sign(compareIds(a, b))).toBe(0 - Math.sign(compareIds(b, a)));
        expect(compareIds(a, b) === 0).toBe(a === b);
      }),
      { numRuns: 1000 },
    );
  });

  test('is transitive', () => {
    fc.assert(
      fc.property(ids, ids, ids, (a, b, c) => {
        if (compareIds(a, b) <= 0 && compareIds(b, c) <= 0) {
          expect(compareIds(a, c)).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 5000 },
    );
  });
});
