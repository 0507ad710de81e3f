import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { cast, request } from '../../../src/core/message.ts';
import { makeBroadcasts, makeCalls, makePeers } from '../../../src/runtime/peers.ts';

const messages = { ping: request({}, v.string()), hasOwnProperty: cast({}), tell: cast({}) };

function calls() {
  const made: unknown[] = [];
  const target = {
    call: (...call: unknown[]) => Promise.resolve(made.push(call)),
    broadcast: (...call: unknown[]) => Promise.resolve(made.push(call)),
  };
  return { made, target };
}

describe('the proxy of a peer', () => {
  test('has a method for each message, and passes everything on', async () => {
    const { made, target } = calls();
    const peers = makePeers(messages, ['n2', 'n3'], target);
    expect([...peers.keys()]).toEqual(['n2', 'n3']);
    const peer = peers.get('n3') as Record<string, (...call: unknown[]) => unknown>;
    await peer['ping']!({ a: 1 }, { timeoutMs: 5 });
    await peer['hasOwnProperty']!({ b: 2 });
    expect(made).toEqual([
      ['n3', 'ping', { a: 1 }, { timeoutMs: 5 }],
      ['n3', 'hasOwnProperty', { b: 2 }, undefined],
    ]);
  });

  test('has nothing else: it can be awaited, and nothing can be put on it', async () => {
    const { made, target } = calls();
    const peer = makePeers(messages, ['n2'], target).get('n2') as Record<string, unknown>;
    for (const name of ['then', 'toString', 'constructor', 'valueOf', '__proto__', 'launch']) {
      expect(peer[name], name).toBeUndefined();
    }
    expect(await Promise.resolve(peer)).toBe(peer);
    expect(() => Object.assign(peer, { id: 'n9' })).toThrow(TypeError);
    expect(() => Object.assign(peer, { extra: 1 })).toThrow(TypeError);
    expect(peer['id']).toBe('n2');
    expect(made).toEqual([]);
  });

  test('does not know the messages of another algorithm', () => {
    const { target } = calls();
    const one = makePeers({ ping: messages.ping }, ['n2'], target).get('n2') as object;
    const other = makePeers({ tell: messages.tell }, ['n2'], target).get('n2') as object;
    expect('ping' in one && !('tell' in one)).toBe(true);
    expect('tell' in other && !('ping' in other)).toBe(true);
  });
});

test('casts go to all at once; requests cannot', async () => {
  const { made, target } = calls();
  const toAll = makeBroadcasts(messages, target) as Record<string, (message: unknown) => unknown>;
  await toAll['tell']!({ a: 1 });
  expect(made).toEqual([['tell', { a: 1 }]]);
  expect(toAll['ping']).toBeUndefined();
  expect(toAll['toString']).toBeUndefined();
});

test('a record of calls has a method for each entry', async () => {
  const made: unknown[] = [];
  const record = makeCalls(messages, (...call) => Promise.resolve(made.push(call))) as Record<
    string,
    (message: unknown) => unknown
  >;
  await record['ping']!({ a: 1 });
  expect(made).toEqual([['ping', { a: 1 }]]);
  expect(record['launch']).toBeUndefined();
});
