/** The rules of GBPS, beside the paper's own list of steps and on plain and typed arrays alike. */

import { describe, expect, test } from 'vitest';
import { mergeBuffer } from '../../../../src/algorithms/gbps/merge-buffer.ts';
import { increaseAges } from '../../../../src/algorithms/gbps/ageing.ts';
import {
  fillBuffer,
  findSent,
  removePeer,
  selectPeer,
} from '../../../../src/algorithms/gbps/partial-view.ts';
import {
  bufferSize,
  checkRules,
  createBuffer,
  VIEW_SIZE_MAX,
  type Buffer,
  type GbpsRules,
  type Views,
} from '../../../../src/algorithms/gbps/policy.ts';
import {
  AGE_MAX,
  ageLimit,
  ageOf,
  descriptorOf,
  peerBitsFor,
  peerOf,
} from '../../../../src/algorithms/gbps/descriptor.ts';
import { Random } from '../../../../src/core/random.ts';
import { fc } from '../../../support/property.ts';

interface Descriptor {
  readonly peer: number;
  readonly age: number;
}

/** Room for the peers of these tests. */
const PEER_BITS = peerBitsFor(100);

/** Views of distinct peers, buffers of any: from outside comes what comes. */
const situation = fc
  .record({
    viewSize: fc.integer({ min: 2, max: 12 }),
    heal: fc.nat(6),
    swap: fc.nat(6),
    held: fc.uniqueArray(fc.record({ peer: fc.integer({ min: 1, max: 20 }), age: fc.nat(9) }), {
      selector: ({ peer }) => peer,
      maxLength: 12,
    }),
    came: fc.array(fc.record({ peer: fc.nat(20), age: fc.nat(9) }), { maxLength: 12 }),
    seed: fc.nat(),
  })
  .map(({ viewSize, heal, swap, held, came, seed }) => {
    const half = bufferSize(viewSize);
    const rules: GbpsRules = {
      viewSize,
      heal: Math.min(heal, half),
      swap: Math.min(swap, half - Math.min(heal, half)),
      selection: 'rand',
    };
    const [view, buffer] = [held.slice(0, viewSize), came.slice(0, half)];
    if (rules.heal === 0) return { rules, held: view, came: buffer, seed };
    // Where nodes heal, both stand in order of age.
    return { rules, held: byAge(view), came: byAge(buffer), seed };
  });

function byAge(descriptors: readonly Descriptor[]): Descriptor[] {
  return descriptors.toSorted((a, b) => a.age - b.age);
}

/** Node 0 of these views, in the middle of others where there are any. */
function viewsOf(held: readonly Descriptor[], capacity: number, typed: boolean, node = 0): Views {
  const slots = (node + 1) * capacity;
  const views = typed
    ? { descriptors: new Int32Array(slots), sizes: new Uint16Array(node + 1) }
    : { descriptors: filled(slots), sizes: filled(node + 1) };
  held.forEach(({ peer, age }, at) => {
    views.descriptors[node * capacity + at] = descriptorOf(peer, age, PEER_BITS);
  });
  views.sizes[node] = held.length;
  return { capacity, peerBits: PEER_BITS, ...views };
}

function filled(length: number): number[] {
  return Array.from({ length }, () => 0);
}

function descriptorsOf(views: Views, node = 0): Descriptor[] {
  return Array.from({ length: views.sizes[node]! }, (_, at) => {
    return unpacked(views.descriptors[node * views.capacity + at]!);
  });
}

function bufferOf(came: readonly Descriptor[], viewSize: number): Buffer {
  const buffer = createBuffer(viewSize);
  came.forEach(({ peer, age }, at) => {
    buffer.descriptors[at] = descriptorOf(peer, age, PEER_BITS);
  });
  buffer.size = came.length;
  return buffer;
}

/** What a buffer holds. */
function sentIn({ descriptors, size }: Buffer): Descriptor[] {
  return Array.from(descriptors.subarray(0, size), unpacked);
}

function unpacked(descriptor: number): Descriptor {
  return { peer: peerOf(descriptor, PEER_BITS), age: ageOf(descriptor, PEER_BITS) };
}

const SELF = 0;

describe('an exchange', () => {
  test('is the same on lists and on typed arrays, wherever the view stands', () => {
    fc.assert(
      fc.property(situation, fc.nat(3), ({ rules, held, came, seed }, node) => {
        const results = [
          viewsOf(held, rules.viewSize, false),
          viewsOf(held, rules.viewSize, true, node),
        ].map((views, typed) => {
          const at = typed === 0 ? 0 : node;
          const random = Random.stream(seed, 'exchange');
          const sent = createBuffer(rules.viewSize);
          fillBuffer(views, at, SELF, rules, random, sent);
          const received = bufferOf(came, rules.viewSize);
          mergeBuffer(views, at, SELF, rules, random, received, 1, sent);
          return {
            sent: sentIn(sent),
            view: descriptorsOf(views, at),
          };
        });
        expect(results[1]).toEqual(results[0]);
      }),
    );
  });

  test('keeps of two descriptors the younger, and removes the old, the sent and then any', () => {
    fc.assert(
      fc.property(situation, ({ rules, held, came, seed }) => {
        const views = viewsOf(held, rules.viewSize, false);
        const random = Random.stream(seed, 'exchange');
        const sent = createBuffer(rules.viewSize);
        fillBuffer(views, 0, SELF, rules, random, sent);
        mergeBuffer(views, 0, SELF, rules, random, bufferOf(came, rules.viewSize), 0, sent);
        expectMerged(
          rules,
          held,
          came,
          sentIn(sent)
            .slice(1)
            .map(({ peer }) => peer),
          descriptorsOf(views),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('sends itself, new, and half a view less one, the oldest left out', () => {
    fc.assert(
      fc.property(situation, ({ rules, held, seed }) => {
        const views = viewsOf(held, rules.viewSize, false);
        const sent = createBuffer(rules.viewSize);
        fillBuffer(views, 0, SELF, rules, Random.stream(seed, 'fill'), sent);
        expect(sentIn(sent)[0]).toEqual({ peer: SELF, age: 0 });
        expect(sent.size).toBe(1 + Math.min(held.length, bufferSize(rules.viewSize) - 1));
        expect(byPeer(descriptorsOf(views))).toEqual(byPeer(held));
        const others = sentIn(sent)
          .slice(1)
          .map(({ age }) => age);
        // With H in the view left, whoever was sent is no older than the H-th oldest.
        const ages = held.map(({ age }) => age).toSorted((a, b) => b - a);
        if (held.length - rules.heal >= others.length && rules.heal > 0) {
          for (const age of others)
            expect(age).toBeLessThanOrEqual(ages[rules.heal - 1] ?? Infinity);
        }
      }),
    );
  });
});

/** What the paper's steps leave, whichever way its coins fell. */
function expectMerged(
  { viewSize, heal, swap }: GbpsRules,
  held: readonly Descriptor[],
  came: readonly Descriptor[],
  sent: readonly number[],
  view: readonly Descriptor[],
): void {
  const youngest = new Map<number, number>();
  for (const { peer, age } of [...held, ...came]) {
    if (peer !== SELF) youngest.set(peer, Math.min(age, youngest.get(peer) ?? Infinity));
  }
  for (const { peer, age } of view) expect(age).toBe(youngest.get(peer));
  expect(new Set(view.map(({ peer }) => peer)).size).toBe(view.length);
  expect(view).toHaveLength(Math.min(viewSize, youngest.size));

  const surplus = Math.max(0, youngest.size - viewSize);
  const healed = Math.min(heal, surplus);
  const kept = view.map(({ age }) => age);
  const gone = [...youngest].filter(([peer]) => !view.some((other) => other.peer === peer));
  expect(gone).toHaveLength(surplus);
  // The oldest went: at least `healed` of those gone are as old as the oldest that stayed, were that one not sent.
  const oldest = [...youngest.values()].toSorted((a, b) => b - a).slice(0, healed);
  const goneAges = gone.map(([, age]) => age).toSorted((a, b) => b - a);
  oldest.forEach((age, at) => expect(goneAges[at]).toBeGreaterThanOrEqual(age));
  if (healed === surplus) {
    for (const age of kept) expect(age).toBeLessThanOrEqual(oldest.at(-1) ?? Infinity);
  }
  // Then those sent went that were not renewed, before anything that came.
  if (heal === 0 && surplus <= swap && surplus > 0) {
    const old = new Map(held.map(({ peer, age }) => [peer, age]));
    const removable = sent.filter((peer) => youngest.get(peer) === old.get(peer));
    const lost = gone.map(([peer]) => peer);
    const expected = Math.min(surplus, removable.length);
    expect(lost.filter((peer) => removable.includes(peer)).length).toBeGreaterThanOrEqual(expected);
  }
}

function byPeer(descriptors: readonly Descriptor[]): Descriptor[] {
  return descriptors.toSorted((a, b) => a.peer - b.peer);
}

describe('whom to gossip with', () => {
  const held = [
    { peer: 1, age: 3 },
    { peer: 2, age: 9 },
    { peer: 3, age: 9 },
    { peer: 4, age: 0 },
  ];

  test('old takes one of the oldest, rand any', () => {
    const views = viewsOf(held, 4, false);
    const met = { old: new Set<number>(), rand: new Set<number>() };
    for (let seed = 0; seed < 100; seed++) {
      const random = Random.stream(seed, 'select');
      met.old.add(selectPeer(views, 0, 'old', random));
      met.rand.add(selectPeer(views, 0, 'rand', random));
    }
    expect(met.old).toEqual(new Set([2, 3]));
    expect(met.rand).toEqual(new Set([1, 2, 3, 4]));
  });

  test('nobody who is known to be gone, and nobody at all where all are', () => {
    const views = viewsOf(held, 4, true);
    const random = Random.stream(1, 'select');
    for (const selection of ['old', 'rand'] as const) {
      for (let i = 0; i < 30; i++) {
        expect(selectPeer(views, 0, selection, random, (peer) => peer === 4)).toBe(4);
      }
      expect(selectPeer(views, 0, selection, random, () => false)).toBe(-1);
      expect(selectPeer(viewsOf([], 4, false), 0, selection, random)).toBe(-1);
    }
  });
});

test('a peer that is removed leaves the others in their order, and those sent are found again', () => {
  const held = [1, 2, 3, 4, 5].map((peer) => ({ peer, age: peer }));
  const views = viewsOf(held, 6, false);
  removePeer(views, 0, 2);
  removePeer(views, 0, 99);
  expect(descriptorsOf(views)).toEqual(held.filter(({ peer }) => peer !== 2));
  const rules: GbpsRules = { viewSize: 6, heal: 1, swap: 2, selection: 'rand' };
  const sent = createBuffer(6);
  findSent(views, 0, [5, 2, 4], rules, sent);
  expect(sent.size).toBe(3);
  expect(descriptorsOf(views).filter((_, slot) => sent.marks[slot] === 1)).toEqual(held.slice(3));
  // Where nobody heals they come to the head.
  findSent(views, 0, [5, 2, 4], { ...rules, heal: 0 }, sent);
  expect(new Set(descriptorsOf(views).slice(0, sent.size - 1))).toEqual(new Set(held.slice(3)));
});

describe('where nodes heal', () => {
  test('views and what is sent stand in order of age, and stay so however old everything is', () => {
    fc.assert(
      fc.property(situation, fc.nat(70_000), ({ rules, held, came, seed }, by) => {
        fc.pre(rules.heal > 0);
        const views = viewsOf(held, rules.viewSize, true);
        const random = Random.stream(seed, 'order');
        const sent = createBuffer(rules.viewSize);
        fillBuffer(views, 0, SELF, rules, random, sent);
        expect(sentIn(sent)).toEqual(byAge(sentIn(sent)));
        const unaged = viewsOf(descriptorsOf(views), rules.viewSize, true);
        const other = random.clone();
        mergeBuffer(views, 0, SELF, rules, random, bufferOf(came, rules.viewSize), by, sent);
        expect(descriptorsOf(views)).toEqual(byAge(descriptorsOf(views)));
        // Growing older on the way is the same as growing older afterwards.
        mergeBuffer(unaged, 0, SELF, rules, other, bufferOf(came, rules.viewSize), 0, sent);
        increaseAges(unaged, 0, by);
        expect(descriptorsOf(views)).toEqual(descriptorsOf(unaged));
      }),
    );
  });

  test('any of the equally old may be sent, and of the sent any may make room', () => {
    const held = [1, 2, 3, 4, 5, 6, 7, 8].map((peer) => ({ peer, age: 3 }));
    const rules: GbpsRules = { viewSize: 8, heal: 2, swap: 1, selection: 'rand' };
    const [went, gone] = [new Map<number, number>(), new Map<number, number>()];
    const count = (of: Map<number, number>, peer: number) => of.set(peer, (of.get(peer) ?? 0) + 1);
    for (let seed = 0; seed < 800; seed++) {
      const views = viewsOf(held, 8, true);
      const random = Random.stream(seed, 'equals');
      const sent = createBuffer(8);
      fillBuffer(views, 0, SELF, rules, random, sent);
      const names = sentIn(sent)
        .slice(1)
        .map(({ peer }) => peer);
      for (const peer of names) count(went, peer);
      // Three that are younger: two make the oldest go, which of equals is not asked here, the third one that was sent.
      const came = [20, 21, 22].map((peer) => ({ peer, age: 0 }));
      mergeBuffer(views, 0, SELF, rules, random, bufferOf(came, 8), 0, sent);
      const left = new Set(descriptorsOf(views).map(({ peer }) => peer));
      const lost = names.filter((peer) => !left.has(peer));
      expect(lost.length).toBeGreaterThan(0);
      for (const peer of lost) count(gone, peer);
    }
    // Three of eight each time: 300 expected of each, sd 14.
    for (const { peer } of held) expect(Math.abs(went.get(peer)! - 300)).toBeLessThan(70);
    expect(gone.size).toBe(8);
  });
});

test('H and S have one budget', () => {
  const rules = { viewSize: 10, heal: 3, swap: 2, selection: 'rand' } as const;
  expect(() => checkRules(rules)).not.toThrow();
  expect(() => checkRules({ ...rules, swap: 3 })).toThrow(
    /heal: 3 and swap: 3 together exceed half a view of 10/,
  );
  expect(() => checkRules({ ...rules, viewSize: 1, heal: 0, swap: 0 })).toThrow(/view_size: 1/);
});

describe('a descriptor as one number', () => {
  test('holds a peer of its network and an age up to the limit, and the younger is the smaller', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 10_000_000 }),
        fc.nat(),
        fc.nat(70_000),
        fc.nat(70_000),
        (peers, number, age, other) => {
          const bits = peerBitsFor(peers);
          const limit = ageLimit(bits);
          const packed = descriptorOf(number % peers, age, bits);
          expect(packed).toBeGreaterThanOrEqual(0);
          expect(packed | 0).toBe(packed);
          expect(peerOf(packed, bits)).toBe(number % peers);
          expect(ageOf(packed, bits)).toBe(Math.min(age, limit));
          const twin = descriptorOf(number % peers, other, bits);
          expect(packed < twin).toBe(Math.min(age, limit) < Math.min(other, limit));
        },
      ),
    );
    expect(ageLimit(peerBitsFor(32_768))).toBe(AGE_MAX);
    expect(ageLimit(peerBitsFor(1_000_000))).toBe(2047);
  });

  test('grows older as far as it can, and no further', () => {
    fc.assert(
      fc.property(fc.nat(AGE_MAX), fc.nat(70_000), fc.boolean(), (age, by, typed) => {
        const views = viewsOf([{ peer: 7, age }], 2, typed);
        increaseAges(views, 0, by);
        expect(descriptorsOf(views)).toEqual([{ peer: 7, age: Math.min(AGE_MAX, age + by) }]);
      }),
    );
  });
});

test('a view that is no partial view has no room to be exchanged in', () => {
  const rules = { viewSize: VIEW_SIZE_MAX, heal: 0, swap: 0, selection: 'rand' } as const;
  expect(() => checkRules(rules)).not.toThrow();
  const larger = { ...rules, viewSize: VIEW_SIZE_MAX + 1 };
  expect(() => checkRules(larger)).toThrow(/view_size: 10001 .* 10000 at most/);
});
