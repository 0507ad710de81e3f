/** Choices from outside: what is right is read, what is wrong is named with its place. */

import { describe, expect, test } from 'vitest';
import { describeChoice, type Choice } from '../../../src/core/choices/choices.ts';
import { CHOICES_MAX, ChoicesError, readChoices } from '../../../src/core/choices/read-choices.ts';
import { readSchedule } from '../../../src/core/choices/schedule.ts';
import { fc } from '../../support/property.ts';

const NODES = ['n1', 'n2', 'n#3', 'node4'];
const id = fc.constantFrom(...NODES);
const ms = fc.integer({ min: 0, max: 86_400_000_000 }).map((us) => us / 1000);
const message = fc.tuple(id, fc.integer({ min: 1, max: 1e6 })).map(([from, n]) => `${from}#${n}`);

/** Any choice of a run with these nodes. */
const choice: fc.Arbitrary<Choice> = fc.oneof(
  fc.record({ message, to: id, arrives: fc.array(ms, { maxLength: 3 }) }),
  fc.record({ message, to: id, arrives: fc.array(ms, { maxLength: 3 }), stray: fc.constant(true) }),
  fc.record({ spare: message, to: id }),
  fc.record({ timer: fc.integer({ min: 1 }), node: id, at: ms }),
  fc.record({ start: id, at: ms }),
  fc.record({ start: id, life: fc.integer({ min: 1 }), at: ms }),
  fc.record({ crash: id, at: ms }),
  fc.record({
    crash: id,
    at: ms,
    for: ms,
    disk: fc.constantFrom('torn', 'amnesia', 'damaged', 'full', 'refused'),
  }),
  fc.record({ pause: id, at: ms, for: ms }),
  fc.record({ cut: fc.uniqueArray(id, { minLength: 1, maxLength: 3 }), at: ms, for: ms }),
);

test('whatever was written is read again', () => {
  fc.assert(
    fc.property(fc.array(choice), (choices) => {
      expect(readChoices(JSON.parse(JSON.stringify(choices)), NODES)).toEqual(choices);
    }),
  );
});

test('anything at all is read or refused, and never believed', () => {
  fc.assert(
    fc.property(fc.anything(), (data) => {
      try {
        for (const read of readChoices(data, NODES)) expect(describeChoice(read)).toMatch(/n/);
      } catch (error) {
        expect(error).toBeInstanceOf(ChoicesError);
      }
    }),
  );
});

describe('a problem has its place', () => {
  const cases: [string, unknown, RegExp][] = [
    ['no list', { message: 'n1#1' }, /choices: choices are a list/],
    ['no choice', [3], /choices\[0\]: a choice is about one of message, spare/],
    [
      'no node',
      [{ crash: 'node3', at: 1 }],
      /choices\[0\]\.crash: there is no node 'node3' \(did you/,
    ],
    ['no message', [{ spare: 'n1', to: 'n2' }], /choices\[0\]\.spare: a message is named by/],
    ['number 0', [{ spare: 'n1#0', to: 'n2' }], /choices\[0\]\.spare: a message is named by/],
    ['a time', [{ message: 'n1#1', to: 'n2', arrives: [1, -1] }], /arrives\[1\]: a time is a num/],
    ['NaN', [{ crash: 'n1', at: Number.NaN }], /choices\[0\]\.at: a time is a number/],
    ['no list of times', [{ message: 'n1#1', to: 'n2', arrives: 5 }], /arrives: a list of times/],
    ['unknown key', [{ crash: 'n1', at: 1, fore: 2 }], /choices\[0\]\.fore: unknown key 'fore'/],
    ['a disk', [{ crash: 'n1', at: 1, disk: 'wet' }], /choices\[0\]\.disk: a disk is one of/],
    ['too many', Array.from({ length: CHOICES_MAX + 1 }), /there are 20001 choices/],
  ];
  test.each(cases)('%s', (_name, data, message) => {
    expect(() => readChoices(data, NODES)).toThrow(message);
  });

  test('every problem is told', () => {
    const data = [
      { crash: 'x', at: 1 },
      { pause: 'n1', at: 'y', for: 1 },
    ];
    expect(() => readChoices(data, NODES)).toThrow(/choices\[0\]\.crash.*\nchoices\[1\]\.at/);
  });
});

describe('a schedule', () => {
  test('is read', () => {
    expect(readSchedule({ kind: 'walk' })).toEqual({ kind: 'walk' });
    const pct = { kind: 'pct', depth: 3, steps: 100 };
    expect(readSchedule(pct)).toEqual(pct);
  });

  test.each([
    [{ kind: 'luck' }, /schedule: its kind is one of/],
    [{ kind: 'pct', depth: 0, steps: 1 }, /schedule\.depth: a whole number from 1 to 16/],
    [{ kind: 'pct', depth: 2 }, /schedule\.steps: a whole number/],
    ['walk', /schedule: its kind is one of/],
  ])('%j is refused', (data, message) => expect(() => readSchedule(data)).toThrow(message));
});
