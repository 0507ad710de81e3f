/** Lines of the protocol: what is read, what is refused and how, and numbers that no JavaScript number holds. */

import { describe, expect, test } from 'vitest';
import { parseExact, stringifyExact } from '../../../src/maelstrom/exact-json.ts';
import { ProtocolError, readMessage, writeMessage } from '../../../src/maelstrom/message.ts';
import { fc } from '../../support/property.ts';

function property<T>(name: string, values: fc.Arbitrary<T>, holds: (value: T) => void): void {
  test(name, () => fc.assert(fc.property(values, (value) => holds(value))));
}

describe('Lines', () => {
  property(
    'every line of a message is written again as it was',
    fc.record({ src: fc.string(), dest: fc.string(), type: fc.string(), value: fc.jsonValue() }),
    ({ src, dest, type, value }) => {
      const line = JSON.stringify({ src, dest, body: { type, msg_id: 1, value } });
      fc.pre(!line.includes('__proto__'));
      expect(writeMessage(readMessage(line))).toBe(line);
    },
  );

  property('whatever comes is a message, or is refused as one', fc.string(), (line) => {
    try {
      readMessage(line);
    } catch (error) {
      expect(error).toBeInstanceOf(ProtocolError);
      const { message } = error as Error;
      expect(message.split('').filter((unit) => unit < ' ')).toEqual([]);
    }
  });

  test.each([
    ['', 'it is no JSON'],
    ['null', 'a message is a JSON object'],
    ['{"src":1,"dest":"c1","body":{}}', "'src' must be a text"],
    ['{"src":"n0","body":{}}', "'dest' must be a text"],
    ['{"src":"n0","dest":"c1","body":[]}', "'body' must be an object"],
    ['{"src":"n0","dest":"c1","body":{"type":"a","msg_id":1.5}}', "'body.msg_id' must be a whole"],
    ['{"src":"n0","dest":"c1","body":{"type":"a","b":"\\ud800"}}', 'half a surrogate pair'],
  ])('%s: %s', (line, problem) => {
    expect(() => readMessage(line)).toThrow(problem);
  });

  test('what a terminal would obey is shown', () => {
    expect(() => readMessage('\u001B[2J')).toThrow(String.raw`the line is: \u001b[2J`);
  });
});

describe('Whole numbers keep every digit', () => {
  property(
    'as long as they are',
    fc.array(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), { minLength: 1 }),
    (numbers) => {
      const line = `{"ids":[${numbers.join(',')}]}`;
      expect(stringifyExact(parseExact(line))).toBe(line);
      const { ids } = parseExact(line) as { ids: unknown[] };
      expect(new Set(ids.map(String)).size).toBe(new Set(numbers).size);
    },
  );

  test('and what stands in texts, or has a fraction, is as JSON has it', () => {
    const line = '{"a":"12345678901234567890 \\" 98765432109876543210","b":0.12345678901234567}';
    expect(parseExact(line)).toEqual(JSON.parse(line));
    expect(parseExact('[9007199254740991, 1e30, -12345678901234567890]')).toEqual([
      9007199254740991,
      1e30,
      '\u0001int:-12345678901234567890',
    ]);
  });
});
