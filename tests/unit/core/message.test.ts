import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { defineAlgorithm, isAlgorithmClass } from '../../../src/core/algorithm.ts';
import { driven } from '../../../src/core/machine-driver.ts';
import { defineMachine } from '../../../src/core/machine.ts';
import { cast, checkNames, request } from '../../../src/core/message.ts';
import { check } from '../../../src/core/schema.ts';
import { signed } from '../../../src/core/signed.ts';

const REFUSED: readonly (readonly [name: string, why: string])[] = [
  ...['id', 'then', 'catch', 'finally', 'constructor', 'toString'].map(
    (name) => [name, `may not be called '${name}'`] as const,
  ),
  ...['', '1st', '_private', '__proto__', 'two words', 'kebab-case', 'dotted.name', 'é'].map(
    (name) => [name, `'${name}' is no name`] as const,
  ),
];

describe('names', () => {
  test.each(REFUSED)('%j is none', (name, why) => {
    const own = Object.fromEntries([[name, cast({})]]);
    const setting = Object.fromEntries([[name, v.string()]]);
    const machine = { messages: {}, init: () => ({}), step: () => {} };
    expect(() => checkNames('it', 'message', [name])).toThrow(TypeError);
    for (const [what, declare] of [
      ['message', () => defineAlgorithm('it', { messages: own })],
      ['delivery', () => defineAlgorithm('it', { delivers: own })],
      ['setting', () => defineAlgorithm('it', { settings: setting })],
      ['call', () => defineMachine('it', { ...machine, calls: own })],
      ['message', () => driven(defineMachine('it', { ...machine, messages: own }))],
    ] as const) {
      expect(declare).toThrow(`it: ${what} ${why}`);
    }
  });

  test.each(['ping', 'requestVote', 'request_vote', 'x1', 'hasOwnProperty', 'name'])(
    '%j is one',
    (name) => {
      expect(() => defineAlgorithm('it', { messages: { [name]: cast({}) } })).not.toThrow();
    },
  );

  test.each(['Ping', '', '1st', 'ping-pong', 'ping.pong', '_x'])(
    '%j is no algorithm’s name',
    (name) => {
      expect(() => defineAlgorithm(name, {})).toThrow("is no algorithm's name");
    },
  );

  test.each(['neighbours', 'host', 'port', 'public_key'])('%j means something already', (key) => {
    class Child extends defineAlgorithm('child', {}) {
      handlers = this.on({});
    }
    const message = 'has a meaning for every node';
    expect(() => defineAlgorithm('it', { settings: { [key]: v.any() } })).toThrow(message);
    expect(() => defineAlgorithm('it', { children: { [key]: Child } })).toThrow(message);
  });

  test('nothing is both a setting and a child', () => {
    class Child extends defineAlgorithm('child', {}) {
      handlers = this.on({});
    }
    expect(() =>
      defineAlgorithm('it', { settings: { lower: v.any() }, children: { lower: Child } }),
    ).toThrow("'lower' is both a setting and a child");
  });
});

describe('declarations', () => {
  test('a cast of fields and a cast of one schema', () => {
    expect(cast({ a: v.number() })).toMatchObject({ kind: 'cast', signed: false });
    expect(check(cast(v.number()).schema, 1).issues).toBeUndefined();
    expect(check(cast({ a: v.number() }).schema, { a: 'x' }).issues).toBeDefined();
  });

  test('a bare signed value is marked, one in a field is not', () => {
    const vote = signed('Vote', { value: v.boolean() });
    expect(cast(vote).signed).toBe(true);
    expect(request(vote, v.null()).signed).toBe(true);
    expect(cast({ vote }).signed).toBe(false);
    expect(cast(v.array(vote)).signed).toBe(false);
  });

  test('a request has a schema for its reply', () => {
    const ask = request({ key: v.string() }, v.number());
    expect(ask.kind).toBe('request');
    expect(check(ask.reply, 1).issues).toBeUndefined();
    expect(check(ask.reply, 'x').issues).toBeDefined();
  });

  test('an algorithm is recognised, whichever copy of the library it came from', () => {
    class Known extends defineAlgorithm('known', {}) {
      handlers = this.on({});
    }
    expect(isAlgorithmClass(Known)).toBe(true);
    expect(isAlgorithmClass(class {})).toBe(false);
    expect(isAlgorithmClass({ definition: { name: 'x' } })).toBe(false);
    expect(isAlgorithmClass(undefined)).toBe(false);
  });
});
