import { fc } from '../../support/property.ts';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { ANY, define, errorOf, load } from './load.ts';

const FRAGMENTS = [
  ...[
    'n1:',
    'n2',
    ': ',
    '- ',
    '\n',
    '\n  ',
    '    ',
    '\t',
    '<<: ',
    '*a',
    '&a ',
    '*b',
    '&b ',
    '[',
    ']',
    '{',
    '}',
    ', ',
  ],
  ...[
    '"',
    "'",
    '|',
    '>',
    '? ',
    '!',
    '!!str ',
    '!!set ',
    '!!binary ',
    '#',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '~',
    'null',
  ],
  ...[
    'neighbours',
    'hops',
    'words',
    '_d',
    '__proto__',
    'public_key',
    '1',
    '-1.5',
    '.nan',
    '0x1',
    'true',
    '\r\n',
    '\u{1f600}',
    '\ufeff',
    '\ud800',
  ],
];

describe('any text', () => {
  const junk = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 60 }).map((parts) => parts.join('')),
  );

  test('loads, or fails with a ConfigError whose places lie in the text', () => {
    fc.assert(
      fc.property(junk, (text) => {
        const lines = text.split('\n');
        for (const problem of errorOf(() => load(text, ANY))?.problems ?? []) {
          const { line, column, endLine = line, endColumn = column } = problem;
          expect(line).toBeGreaterThanOrEqual(1);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(endLine).toBeGreaterThanOrEqual(line);
          if (endLine === line) expect(endColumn).toBeGreaterThanOrEqual(column);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('any value', () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, false),
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .filter((number) => !Object.is(number, -0)),
      fc.integer(),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('1', 'true', '~', '<<', '0x1', 'null', '.inf', '- a', 'a: b', '*a', '&a'),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        tie('value'),
        { maxKeys: 4 },
      ),
    ),
  }));
  const definition = define('anything', { payload: v.unknown() });

  test('that YAML can write is read back as it was', () => {
    fc.assert(
      fc.property(value, fc.boolean(), (payload, flow) => {
        const text = stringify({ n1: { payload } }, flow ? { collectionStyle: 'flow' } : {});
        const own = load(text, definition).nodes[0]!.settings.own;
        expect(own['payload']).toEqual(plainCopy(payload));
      }),
      { numRuns: 1000 },
    );
  });
});

/** Generated maps may have no prototype; ours are plain objects. */
function plainCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plainCopy);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainCopy(item)]));
}
