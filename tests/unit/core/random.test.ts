import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';

const drawn = (random: Random, count: number) => Array.from({ length: count }, () => random.bits());

/** xoshiro128** by Blackman and Vigna, in whole numbers of any size: slow, and plainly right. */
function* reference(seed: readonly bigint[]): Generator<number> {
  const mask = 0xffffffffn;
  const rotate = (value: bigint, by: bigint) => ((value << by) | (value >> (32n - by))) & mask;
  let [a, b, c, d] = seed as [bigint, bigint, bigint, bigint];
  for (;;) {
    yield Number((rotate((b * 5n) & mask, 7n) * 9n) & mask);
    const shifted = (b << 9n) & mask;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11n);
  }
}

/** The state that a text is seeded to: FNV-1a over both bytes of each unit, a mix, then splitmix32. */
function seeded(text: string): bigint[] {
  const mask = 0xffffffffn;
  let hash = 0x811c9dc5n;
  for (const unit of text) {
    hash = ((hash ^ (BigInt(unit.charCodeAt(0)) & 0xffn)) * 0x01000193n) & mask;
    hash = ((hash ^ (BigInt(unit.charCodeAt(0)) >> 8n)) * 0x01000193n) & mask;
  }
  hash = ((hash ^ (hash >> 16n)) * 0x85ebca6bn) & mask;
  hash ^= hash >> 13n;
  const next = () => {
    hash = (hash + 0x9e3779b9n) & mask;
    let mixed = ((hash ^ (hash >> 16n)) * 0x21f0aaadn) & mask;
    mixed = ((mixed ^ (mixed >> 15n)) * 0x735a2d97n) & mask;
    return mixed ^ (mixed >> 15n);
  };
  return [next(), next(), next(), next() | 1n];
}

const take = (source: Generator<number>, count: number) =>
  Array.from({ length: count }, () => source.next().value as number);

describe('the generator', () => {
  test('as it stands here draws the published numbers', () => {
    expect(take(reference([1n, 2n, 3n, 4n]), 10)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
      4258142804,
    ]);
  });

  test.each([
    [0, 'latency'],
    [42, 'node/n1/raft'],
    ['0x1f', ''],
    [-1, 'ключ'],
  ])('draws what it should for seed %j and stream %j', (seed, name) => {
    const expected = take(reference(seeded(`${seed}/${name}`)), 1000);
    expect(drawn(Random.stream(seed, name), 1000)).toEqual(expected);
  });

  test('draws these numbers first, today and in every release: a seed is a promise', () => {
    const random = Random.stream(42, 'golden');
    expect(drawn(random, 4)).toEqual([3568137629, 2971408884, 2277685382, 287613358]);
    expect(random.next()).toBe(0.8284594806628564);
    expect(random.between(-5, 5)).toBe(2.6516006187761167);
    expect(random.integer(1, 6)).toBe(6);
    expect(random.chance(0.5)).toBe(false);
    expect(random.pick(['a', 'b', 'c'])).toBe('b');
    expect(random.shuffled([1, 2, 3, 4, 5])).toEqual([5, 1, 3, 4, 2]);
    expect([...random.bytes(6)]).toEqual([135, 108, 249, 163, 237, 27]);
  });
});

describe('streams', () => {
  test('are the same for the same seed and name', () => {
    expect(drawn(Random.stream(7, 'a'), 50)).toEqual(drawn(Random.stream(7, 'a'), 50));
  });

  test('do not shift one another', () => {
    const alone = drawn(Random.stream(7, 'a'), 50);
    const a = Random.stream(7, 'a');
    const b = Random.stream(7, 'b');
    const mixed = Array.from({ length: 50 }, () => {
      b.bits();
      return a.bits();
    });
    expect(mixed).toEqual(alone);
  });

  test('differ in half of their bits, however near their seeds and names', () => {
    const names = Array.from({ length: 200 }, (_, i) => [i, 'latency'] as const);
    const nodes = Array.from({ length: 200 }, (_, i) => [1, `node/n${i}`] as const);
    const firsts = [...names, ...nodes].map(([seed, name]) => Random.stream(seed, name).bits());
    expect(new Set(firsts).size).toBe(firsts.length);
    const distances = firsts.slice(1).map((bits, i) => countBits(bits ^ firsts[i]!));
    const mean = distances.reduce((sum, bits) => sum + bits, 0) / distances.length;
    expect(Math.abs(mean - 16)).toBeLessThan(1);
  });

  test('a copy goes on from where it was taken, on its own', () => {
    const random = Random.stream(7, 'a');
    drawn(random, 13);
    const copy = random.clone();
    const expected = drawn(random.clone(), 20);
    expect(drawn(copy, 20)).toEqual(expected);
    expect(drawn(random, 20)).toEqual(expected);
  });
});

describe('what is drawn is even', () => {
  const random = Random.stream(2, 'even');

  /** Sums the squared deviations of the counts; with k boxes it is about k − 1, and hardly ever above 2k. */
  function unevenness(counts: readonly number[]): number {
    const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  }

  function counted(boxes: number, draw: () => number, draws = 40_000): number[] {
    const counts = Array.from({ length: boxes }, () => 0);
    for (let i = 0; i < draws; i++) counts[draw()]!++;
    return counts;
  }

  test('numbers in [0, 1)', () => {
    const draw = () => Math.floor(random.next() * 64);
    expect(unevenness(counted(64, draw))).toBeLessThan(128);
  });

  test('the last bits as well', () => {
    const draw = () => (random.next() * 2 ** 53) % 64;
    expect(unevenness(counted(64, draw))).toBeLessThan(128);
  });

  test('whole numbers, both ends included', () => {
    expect(unevenness(counted(7, () => random.integer(-3, 3) + 3))).toBeLessThan(20);
  });

  test('items that are picked', () => {
    expect(unevenness(counted(5, () => random.pick([0, 1, 2, 3, 4])))).toBeLessThan(16);
  });

  test('orders', () => {
    const orders = ['abc', 'acb', 'bac', 'bca', 'cab', 'cba'];
    const draw = () => orders.indexOf(random.shuffled(['a', 'b', 'c']).join(''));
    expect(unevenness(counted(6, draw))).toBeLessThan(20);
  });

  test('bytes', () => {
    const bytes = random.bytes(40_000);
    let at = 0;
    expect(unevenness(counted(256, () => bytes[at++]!))).toBeLessThan(400);
  });

  test('chances', () => {
    const hits = Array.from({ length: 10_000 }, () => random.chance(0.1)).filter(Boolean).length;
    expect(Math.abs(hits - 1000)).toBeLessThan(120);
    expect(Array.from({ length: 100 }, () => random.chance(0))).not.toContain(true);
    expect(Array.from({ length: 100 }, () => random.chance(1))).not.toContain(false);
  });
});

describe('what cannot be drawn is refused', () => {
  const random = Random.stream(1, 'refused');
  test.each([
    [2, 1],
    [0.5, 2],
    [0, Infinity],
    [NaN, 1],
    [0, 2 ** 53],
  ])('a whole number from %d to %d', (min, max) => {
    expect(() => random.integer(min, max)).toThrow(RangeError);
  });

  test('one of nothing', () => {
    expect(() => random.pick([])).toThrow('nothing to pick from');
  });

  test('shuffling leaves its input alone', () => {
    const items = Object.freeze([1, 2, 3]);
    expect(random.shuffled(items).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    expect(items).toEqual([1, 2, 3]);
    expect(random.shuffled([])).toEqual([]);
  });
});

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits >>> 0; rest > 0; rest >>>= 1) count += rest & 1;
  return count;
}

test('bits that are drawn together are those drawn one by one', () => {
  const [together, apart] = [Random.stream(7, 'bits'), Random.stream(7, 'bits')];
  const many = new Int32Array(20);
  together.fillBits(many, 13);
  together.fillBits(many.subarray(13), 7);
  expect(Array.from(many, (bits) => bits >>> 0)).toEqual(drawn(apart, 20));
  expect(together.bits()).toBe(apart.bits());
});
