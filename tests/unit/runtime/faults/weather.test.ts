import { describe, expect, test } from 'vitest';
import type { Faults } from '../../../../src/core/faults/faults.ts';
import type { FaultKind } from '../../../../src/core/faults/kinds.ts';
import { fc } from '../../../support/property.ts';
import { arrivals, every, FOUR, weatherOf, type Sending } from './support.ts';

/** A message is farther off than so many standard errors once in a million tries. */
const ERRORS_MAX = 5;

const share = fc.constantFrom(0, 0.1, 0.5, 1);
const latency = fc.constantFrom<NonNullable<Faults['latency']>>(
  5,
  '1-200',
  { exponential: 50 },
  { normal: 50, deviation: 40 },
);

/** Any plan about links that leaves their order alone. */
const orderly: fc.Arbitrary<Faults> = fc.record({
  latency,
  loss: share,
  duplication: share,
  bandwidth: fc.constantFrom(1000, 1_000_000),
  partitions: fc.constantFrom<NonNullable<Faults['partitions']>>(
    [],
    [{ isolate: 'n1', at: 100, for: 300 }],
    [{ split: 'random', every: 100, for: '1-100' }],
  ),
  heal: fc.constantFrom(300, 100_000),
});

const sendings = (links = fc.constantFrom('n2', 'n3')): fc.Arbitrary<Sending[]> =>
  fc
    .array(
      fc.record({
        gapMs: fc.double({ min: 0, max: 20, noNaN: true }),
        to: links,
        via: fc.constantFrom('control', 'data', 'gossip'),
        bytes: fc.integer({ min: 0, max: 100 }),
      }),
      { minLength: 1, maxLength: 60 },
    )
    .map((list) => {
      let nowMs = 0;
      return list.map(({ gapMs, ...rest }) => ({ ...rest, nowMs: (nowMs += gapMs) }));
    });

const seeds = fc.integer({ min: 0, max: 1_000_000 });

describe('order', () => {
  test('messages of a link and class arrive in the order in which they were sent', () => {
    fc.assert(
      fc.property(orderly, seeds, sendings(), (faults, seed, list) => {
        const times = arrivals(weatherOf(faults, seed).weather, list);
        const last = new Map<string, number>();
        for (const [at, { to, via, nowMs }] of list.entries()) {
          for (const time of times[at]!) {
            expect(time).toBeGreaterThanOrEqual(nowMs);
            if (via === 'gossip') continue;
            const key = `${to} ${via}`;
            // Delays are differences: adding the time of sending again may cost a last bit.
            expect(time).toBeGreaterThanOrEqual((last.get(key) ?? 0) - 1e-6);
            last.set(key, time);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('gossip is not ordered, and neither class waits for another', () => {
    const { weather } = weatherOf({ latency: '1-200' });
    const gossip = arrivals(weather, every(1, 100, { via: 'gossip' })).flat();
    expect(gossip.some((time, i) => time < (gossip[i - 1] ?? 0))).toBe(true);
    const both = weatherOf({ links: { 'n1->n2': { latency: 500, at: 0, for: 10 } }, latency: 5 });
    const [data, control] = arrivals(both.weather, [{ nowMs: 0 }, { nowMs: 20, via: 'control' }]);
    expect([data, control]).toEqual([[500], [25]]);
  });

  test('a reordered message is overtaken, holds nobody up, and counts when it really was', () => {
    const { weather, fired } = weatherOf({ latency: 10, reordering: { share: 0.3, within: 50 } });
    const list = every(1, 200);
    const times = arrivals(weather, list).map(([time]) => time!);
    for (const [at, time] of times.entries()) {
      expect(time).toBeGreaterThanOrEqual(at + 10 - 1e-6);
      expect(time).toBeLessThanOrEqual(at + 60 + 1e-6);
    }
    const overtaken = times.filter((time, at) => times.slice(at + 1).some((later) => later < time));
    expect(fired.map(({ fault }) => fault)).toEqual(overtaken.map(() => 'reordering'));
    expect(overtaken.length).toBeGreaterThan(30);
    const late = times.filter((time, at) => time > at + 10 + 1e-6).length;
    expect(late).toBeLessThan(100);
  });

  test('late messages that nobody follows were not reordered', () => {
    const { weather, fired } = weatherOf({ latency: 10, reordering: 1 });
    arrivals(weather, every(1000, 50));
    expect(fired).toEqual([]);
    expect(weather.counts).toEqual({ reordering: 0 });
  });
});

describe('each fault by itself', () => {
  /** Faults that are added to `latency: 1-50` and to each other. */
  const additions: readonly Faults[] = [
    { loss: 0.3 },
    { duplication: 0.3 },
    { reordering: 0.3 },
    { partitions: [{ split: 'random', every: 50, for: '1-50' }] },
    { partitions: [{ isolate: 'n2', at: 100, for: 100 }] },
    { links: { 'n1->n3': { loss: 0.5 } } },
    { pauses: [{ every: 50, for: 10 }] },
    { crashes: [{ node: 'n2', at: 5 }] },
    { byzantine: { n1: 'equivocate' } },
    { clocks: { n1: { drift: 0.5 } } },
  ];
  const base: Faults = { latency: '1-50' };
  const list = every(3, 200);

  /** What a single message comes to: its arrival in time, and what fired at it. */
  function fates(faults: Faults, seed = 5) {
    const { weather, fired } = weatherOf(faults, seed);
    const times = arrivals(weather, list);
    return list.map((_, at) => {
      const message = `n1#${at + 1}`;
      const kinds = fired.filter((each) => each.message === message).map(({ fault }) => fault);
      return { times: times[at]!, kinds: new Set(kinds) };
    });
  }

  test.each(additions)('leaves every other message where it was: %j', (addition) => {
    const before = fates(base);
    const after = fates({ ...base, ...addition });
    for (const [at, { times, kinds }] of after.entries()) {
      if (kinds.has('loss') || kinds.has('partition')) expect(times).toEqual([]);
      else if (addition.reordering === undefined) expect(times[0]).toBe(before[at]!.times[0]);
      else expect(times[0]).toBeGreaterThanOrEqual(before[at]!.times[0]!);
    }
    if (addition.reordering !== undefined) {
      const moved = after.filter(({ times }, at) => times[0] !== before[at]!.times[0]);
      expect(moved.length / list.length).toBeLessThan(0.45);
    }
  });

  test.each(additions)('changes nothing of what others do: %j', (addition) => {
    const hits = (faults: Faults, kind: FaultKind) =>
      fates({ ...base, ...faults }).map(({ kinds }) => kinds.has(kind));
    const alone = {
      loss: hits({ loss: 0.2 }, 'loss'),
      twice: hits({ duplication: 0.2 }, 'duplication'),
    };
    if (addition.loss === undefined) {
      const together = fates({ ...base, ...addition, loss: 0.2 });
      for (const [at, { kinds }] of together.entries()) {
        // What is cut off cannot be lost as well.
        if (!kinds.has('partition')) expect(kinds.has('loss')).toBe(alone.loss[at]);
      }
    }
    if (addition.duplication === undefined) {
      const together = fates({ ...base, ...addition, duplication: 0.2 });
      for (const [at, { kinds, times }] of together.entries()) {
        if (times.length > 0) expect(kinds.has('duplication')).toBe(alone.twice[at]);
      }
    }
    if (addition.reordering === undefined) {
      const late = fates({ ...base, reordering: 0.2 });
      const together = fates({ ...base, ...addition, reordering: 0.2 });
      for (const [at, { times }] of together.entries()) {
        if (times.length > 0) expect(times[0]).toBe(late[at]!.times[0]);
      }
    }
  });

  test('and of messages, however often the barriers speak', () => {
    const faults: Faults = { ...base, loss: 0.2, duplication: 0.2, reordering: 0.2 };
    const alone = arrivals(weatherOf(faults).weather, list);
    const { weather } = weatherOf(faults);
    const beside = list.map((sending, at) => {
      const barrier = {
        from: 'n1',
        to: 'n2',
        via: 'data',
        bytes: 0,
        nowMs: sending.nowMs,
      } as const;
      for (let i = 0; i < at % 3; i++) weather.fate(barrier);
      const message = `n1#${at + 1}`;
      return weather.fate({ ...barrier, bytes: 100, message }).map((ms) => sending.nowMs + ms);
    });
    expect(beside).toEqual(alone);
  });

  test('a barrier comes behind the data that was sent before it', () => {
    const { weather } = weatherOf({ latency: '1-200' });
    let last = 0;
    for (let nowMs = 0; nowMs < 300; nowMs++) {
      last = Math.max(last, arrivals(weather, [{ nowMs }])[0]![0]!);
      const [delayMs] = weather.fate({ from: 'n1', to: 'n2', via: 'data', bytes: 0, nowMs });
      expect(nowMs + delayMs!).toBeGreaterThanOrEqual(last - 1e-6);
    }
  });

  test('and each link by itself: traffic elsewhere changes nothing here', () => {
    fc.assert(
      fc.property(orderly, seeds, sendings(), (faults, seed, mixed) => {
        const here = mixed.filter(({ to }) => to === 'n2');
        const together = arrivals(weatherOf(faults, seed).weather, mixed);
        const alone = arrivals(weatherOf(faults, seed).weather, here);
        expect(together.filter((_, at) => mixed[at]!.to === 'n2')).toEqual(alone);
      }),
      { numRuns: 200 },
    );
  });
});

describe('how often', () => {
  const COUNT = 20_000;
  const error = (p: number) => Math.sqrt((p * (1 - p)) / COUNT);

  test('messages are lost and doubled as often as was asked for', () => {
    const { weather } = weatherOf({ loss: '10%', duplication: '25%' });
    const times = arrivals(weather, every(1, COUNT));
    const lost = times.filter(({ length }) => length === 0).length;
    const doubled = times.filter(({ length }) => length === 2).length;
    expect(Math.abs(lost / COUNT - 0.1)).toBeLessThan(ERRORS_MAX * error(0.1));
    expect(Math.abs(doubled / COUNT - 0.225)).toBeLessThan(ERRORS_MAX * error(0.225));
    expect(weather.counts).toEqual({ loss: lost, duplication: doubled });
  });

  test('latencies have the mean that was asked for', () => {
    for (const [spread, mean, deviation] of [
      ['10-30', 20, 20 / Math.sqrt(12)],
      [{ exponential: 40 }, 40, 40],
      [{ normal: 100, deviation: 10 }, 100, 10],
      [25, 25, 0],
    ] as const) {
      const { weather } = weatherOf({ latency: spread });
      const list = every(0, COUNT, { via: 'gossip' });
      const average =
        arrivals(weather, list)
          .flat()
          .reduce((sum, time) => sum + time, 0) / COUNT;
      const allowed = ERRORS_MAX * (deviation / Math.sqrt(COUNT)) + 0.001;
      expect(Math.abs(average - mean), JSON.stringify(spread)).toBeLessThan(allowed);
    }
  });

  test('everything that is counted is told, with its message; barriers suffer and are not counted', () => {
    const faults: Faults = { loss: 0.5, duplication: 0.5, reordering: 0.5, bandwidth: 1e6 };
    const { weather, fired } = weatherOf(faults);
    const list = every(1, 300);
    arrivals(weather, list);
    for (const [kind, count] of Object.entries(weather.counts)) {
      expect(fired.filter(({ fault }) => fault === kind)).toHaveLength(count);
      expect(count).toBeGreaterThan(0);
    }
    for (const { node, to, message } of fired) {
      expect([node, to]).toEqual(['n1', 'n2']);
      expect(message).toMatch(/^n1#\d+$/);
    }
    const silent = weatherOf(faults);
    const fates = list.map(({ nowMs }) =>
      silent.weather.fate({ from: 'n1', to: 'n2', via: 'data', bytes: 0, nowMs }),
    );
    expect(fates.some(({ length }) => length === 0)).toBe(true);
    expect(silent.fired).toEqual([]);
  });
});

describe('bandwidth', () => {
  test('a message takes the line as long as its bytes, and the next waits for it', () => {
    const { weather, fired } = weatherOf({ latency: 10, bandwidth: 1000 });
    const times = arrivals(weather, [
      { nowMs: 0, bytes: 100 },
      { nowMs: 0, bytes: 50 },
      { nowMs: 1000, bytes: 10 },
    ]);
    expect(times).toEqual([[110], [160], [1020]]);
    expect(fired).toHaveLength(3);
  });

  test('nothing has no size', () => {
    const { weather, fired } = weatherOf({ latency: 10, bandwidth: 1000 });
    expect(arrivals(weather, [{ nowMs: 0, bytes: 0 }])).toEqual([[10]]);
    expect(fired).toEqual([]);
  });
});

describe('partitions', () => {
  const reached = (faults: Faults, nowMs: number, seed = 1) => {
    const { weather } = weatherOf({ latency: 1, ...faults }, seed);
    return FOUR.flatMap((from) =>
      FOUR.filter((to) => to !== from)
        .filter((to) => weather.fate({ from, to, via: 'data', bytes: 1, nowMs }).length > 0)
        .map((to) => `${from}${to}`),
    );
  };
  const all = reached({}, 0);

  test('hold from their beginning to their end', () => {
    const partitions = [{ cut: 'n1->n2', at: 100, for: 50 }];
    expect(reached({ partitions }, 99.999)).toEqual(all);
    expect(reached({ partitions }, 100)).toEqual(all.filter((link) => link !== 'n1n2'));
    expect(reached({ partitions }, 149.999)).not.toContain('n1n2');
    expect(reached({ partitions }, 150)).toEqual(all);
  });

  test('without a time they hold for the whole run, or until all is healed', () => {
    const partitions = [{ isolate: 'n1' }];
    expect(reached({ partitions }, 1e6)).toHaveLength(6);
    expect(reached({ partitions, heal: '5s' }, 4999)).toHaveLength(6);
    expect(reached({ partitions, heal: '5s' }, 5000)).toEqual(all);
  });

  test.each([
    ['halves', [3]],
    ['one', [3]],
    ['random', [3, 4]],
  ] as const)('a split into %s parts the nodes as it says', (split, cutPairs) => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const open = reached({ partitions: [{ split }] }, 0, seed);
      const cut = all.filter((link) => !open.includes(link));
      expect(cutPairs.map((pairs) => 2 * pairs)).toContain(cut.length);
      seen.add(cut.join());
    }
    expect(seen.size).toBeGreaterThan(2);
  });

  test('one way, the other direction stays open', () => {
    for (let seed = 0; seed < 20; seed++) {
      const open = reached({ partitions: [{ split: 'one', one_way: true }] }, 0, seed);
      expect(open).toHaveLength(9);
    }
  });

  test('are the same for everybody who asks, however seldom: live nodes each have their own weather', () => {
    const faults: Faults = { partitions: [{ split: 'random', every: 100, for: '10-200' }] };
    const [often, seldom] = [weatherOf(faults, 3).weather, weatherOf(faults, 3).weather];
    const cutAt = (weather: typeof often, nowMs: number) =>
      weather.fate({ from: 'n1', to: 'n3', via: 'gossip', bytes: 1, nowMs }).length === 0;
    const states = Array.from({ length: 5000 }, (_, nowMs) => cutAt(often, nowMs));
    expect(states.includes(true) && states.includes(false)).toBe(true);
    for (let nowMs = 0; nowMs < 5000; nowMs += 97) expect(cutAt(seldom, nowMs)).toBe(states[nowMs]);
  });
});

describe('rules', () => {
  test('of links override those of nodes, and these the run’s, each for what it says', () => {
    const faults: Faults = {
      latency: 10,
      loss: 1,
      nodes: { n2: { latency: 20 } },
      links: { 'n1->n2': { loss: 0 }, 'n1->n3': { latency: 30, loss: 0 } },
    };
    const { weather } = weatherOf(faults);
    expect(arrivals(weather, [{ nowMs: 0 }])).toEqual([[20]]);
    expect(arrivals(weather, [{ nowMs: 0, to: 'n3' }])).toEqual([[30]]);
    expect(arrivals(weather, [{ nowMs: 0, from: 'n2', to: 'n1' }])).toEqual([[]]);
  });

  test('hold for their time alone', () => {
    const { weather } = weatherOf({
      latency: 10,
      links: { 'n1->n2': { latency: 50, at: 100, for: 100 } },
    });
    const list = [0, 99, 100, 199, 200].map((nowMs) => ({ nowMs, via: 'gossip' as const }));
    expect(arrivals(weather, list)).toEqual([[10], [109], [150], [249], [210]]);
  });

  test('end when all is healed: then messages only take the run’s latency', () => {
    const { weather } = weatherOf({
      latency: 10,
      loss: 1,
      duplication: 1,
      bandwidth: 10_000,
      partitions: [{ split: 'one' }],
      links: { 'n1->n3': { latency: 500, loss: 0 } },
      heal: '1s',
    });
    expect(arrivals(weather, [{ nowMs: 0 }, { nowMs: 1000 }])).toEqual([[], [1010]]);
    // What was sent before keeps its place in the line.
    expect(arrivals(weather, [{ nowMs: 999, to: 'n3' }])).toEqual([[1509, 1509]]);
    expect(arrivals(weather, [{ nowMs: 1000, to: 'n3' }])).toEqual([[1509]]);
  });
});

describe('pauses', () => {
  test('a node stands still from their beginning to their end', () => {
    const { weather } = weatherOf({ pauses: [{ node: 'n2', at: 100, for: 50 }] });
    expect(weather.mayPause('n1')).toBe(false);
    expect(weather.mayPause('n2')).toBe(true);
    expect(weather.pausedUntil('n2', 99)).toBe(99);
    expect(weather.pausedUntil('n2', 100)).toBe(150);
    expect(weather.isPaused('n1', 120)).toBe(false);
    expect(weather.isPaused('n2', 149)).toBe(true);
    expect(weather.isPaused('n2', 150)).toBe(false);
  });

  test('at a rate, one node at a time, each of them sooner or later', () => {
    const { weather } = weatherOf({ pauses: [{ every: 100, for: 100 }] });
    const seen = new Set<string>();
    let paused = 0;
    for (let nowMs = 0; nowMs < 20_000; nowMs += 10) {
      const still = FOUR.filter((node) => weather.isPaused(node, nowMs));
      expect(still.length).toBeLessThanOrEqual(1);
      paused += still.length;
      for (const node of still) seen.add(node);
    }
    expect([...seen].toSorted()).toEqual(FOUR);
    // Half of the time: as long on average as the time in between.
    expect(paused / 2000).toBeGreaterThan(0.35);
    expect(paused / 2000).toBeLessThan(0.65);
  });
});
