import { expect, test } from 'vitest';
import { whereJsonEnds } from '../../../src/check/json-place.ts';
import { fc } from '../../support/property.ts';

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test('finds nothing in JSON', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 2), (text, indent) => {
      const value: unknown = JSON.parse(text);
      expect(whereJsonEnds(JSON.stringify(value, null, indent))).toBeUndefined();
    }),
  );
});

test('a beginning of JSON is unfinished, wherever it is cut', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (text, at) => {
      const cut = text.slice(0, at % text.length);
      if (!isJson(cut)) expect(whereJsonEnds(cut)).toBe(cut.length);
    }),
  );
});

test('says something exactly where the engine refuses', () => {
  const pieces = fc.constantFrom(
    '[',
    ']',
    '{',
    '}',
    ':',
    ',',
    '1',
    '"a"',
    '"',
    ' ',
    'true',
    '\\',
    '-',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 7 }), (list) => {
      const text = list.join('');
      expect(whereJsonEnds(text) === undefined).toBe(isJson(text));
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ['hello', 0],
  ['{"a":1,}', 7],
  ['{"a" 1}', 5],
  ['{a:1}', 1],
  ['[1 2]', 3],
  ['[1]]', 3],
  ['{"a":1]', 6],
  ['["\u0001"]', 1],
  ['[01]', 1],
])('%j at %i', (text, place) => {
  expect(whereJsonEnds(text)).toBe(place);
});
