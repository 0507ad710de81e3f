/** The services that nodes may use: each is as consistent as its name says, and no more. */

import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { operationsOf, type HistoryEvent } from '../../../src/check/history.ts';
import { checkLinearizability } from '../../../src/check/linearizability/linearizability.ts';
import { kv } from '../../../src/check/models/kv.ts';
import type { Body } from '../../../src/maelstrom/message.ts';
import { SERVICES, type Service } from '../../../src/maelstrom/services/services.ts';

const service = (name: string, seed = 1): Service => SERVICES.get(name)!(Random.stream(seed, name));
const read = { type: 'read', key: 'x' };
const write = (value: number): Body => ({ type: 'write', key: 'x', value });
const cas = (from: number, to: number, more = {}): Body => ({
  type: 'cas',
  key: 'x',
  from,
  to,
  ...more,
});

describe.each(['lin-kv', 'seq-kv', 'lww-kv'])('%s', (name) => {
  test('answers in the words of the protocol', () => {
    const kvs = service(name);
    expect(kvs.handle('n0', read)).toMatchObject({ type: 'error', code: 20 });
    expect(kvs.handle('n0', cas(1, 2))).toMatchObject({ type: 'error', code: 20 });
    expect(kvs.handle('n0', { type: 'delete', key: 'x' })).toMatchObject({
      type: 'error',
      code: 10,
    });
  });
});

describe('lin-kv', () => {
  test('compares and sets, and creates where it is told to', () => {
    const kvs = service('lin-kv');
    expect(kvs.handle('n0', cas(0, 1, { create_if_not_exists: true }))).toEqual({ type: 'cas_ok' });
    expect(kvs.handle('n0', cas(0, 2))).toMatchObject({ type: 'error', code: 22 });
    expect(kvs.handle('n0', cas(1, 2))).toEqual({ type: 'cas_ok' });
    expect(kvs.handle('n1', read)).toEqual({ type: 'read_ok', value: 2 });
  });

  test('tells the key 1 from the key "1"', () => {
    const kvs = service('lin-kv');
    kvs.handle('n0', { type: 'write', key: 1, value: 'number' });
    expect(kvs.handle('n0', { type: 'read', key: '1' })).toMatchObject({ code: 20 });
  });
});

/** What two callers see of a register that one of them writes, one request after the other. */
function seen(name: string, seed: number): HistoryEvent[] {
  const kvs = service(name, seed);
  const random = Random.stream(seed, 'test');
  return Array.from({ length: 60 }, (_, at): HistoryEvent[] => {
    const process = random.integer(0, 1);
    if (process === 0 || at === 0) {
      kvs.handle('n0', write(at));
      return [
        [0, 'invoke', 'write', ['x', at]],
        [0, 'ok', 'write', ['x', at]],
      ];
    }
    const { value = null } = kvs.handle('n1', read);
    return [
      [1, 'invoke', 'read', ['x', null]],
      [1, 'ok', 'read', ['x', value]],
    ];
  }).flat();
}

const isLinearizable = (name: string, seed: number) =>
  checkLinearizability(operationsOf(seen(name, seed)), kv).valid;

test('lin-kv is linearizable, the others are not', () => {
  const seeds = [1, 2, 3, 4, 5];
  expect(seeds.map((seed) => isLinearizable('lin-kv', seed))).toEqual([
    true,
    true,
    true,
    true,
    true,
  ]);
  expect(seeds.map((seed) => isLinearizable('seq-kv', seed))).toContain(false);
  expect(seeds.map((seed) => isLinearizable('lww-kv', seed))).toContain(false);
});

test('seq-kv takes nobody back, and who writes sees what it wrote', () => {
  for (const seed of [1, 2, 3]) {
    const reads = seen('seq-kv', seed).filter(([process, type]) => process === 1 && type === 'ok');
    const values = reads.map(([, , , value]) => (value as [string, number | null])[1] ?? -1);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    const kvs = service('seq-kv', seed);
    for (let value = 0; value < 50; value++) {
      kvs.handle('n0', write(value));
      expect(kvs.handle('n0', read)).toEqual({ type: 'read_ok', value });
    }
  }
});

test('lww-kv comes to agree when nobody writes any more', () => {
  const kvs = service('lww-kv');
  for (let value = 0; value < 20; value++) kvs.handle('n0', write(value));
  for (let times = 0; times < 500; times++) kvs.handle('n1', read);
  const last = Array.from({ length: 50 }, () => kvs.handle('n1', read)['value']);
  expect(new Set(last).size).toBe(1);
});

test('lin-tso counts', () => {
  const tso = service('lin-tso');
  expect([0, 1, 2].map(() => tso.handle('n0', { type: 'ts' }))).toEqual(
    [0, 1, 2].map((ts) => ({ type: 'ts_ok', ts })),
  );
});
