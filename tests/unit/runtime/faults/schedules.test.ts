/** When things happen: episodes at a rate, outages, wrong clocks. */

import { describe, expect, test } from 'vitest';
import type { Faults } from '../../../../src/core/faults/faults.ts';
import { resolveFaults } from '../../../../src/core/faults/resolve.ts';
import type { Clock } from '../../../../src/core/ports.ts';
import { Episodes } from '../../../../src/runtime/faults/episodes.ts';
import { Outages, type Outage } from '../../../../src/runtime/faults/outages.ts';
import { skewedClock } from '../../../../src/runtime/faults/skewed-clock.ts';
import { unsupportedLive } from '../../../../src/runtime/faults/unsupported-live.ts';
import { fc } from '../../../support/property.ts';
import { FOUR } from './support.ts';

const seeds = fc.integer({ min: 0, max: 1_000_000 });

describe('episodes', () => {
  const often = (everyMs: number, forMs: number) =>
    ({ kind: 'often', everyMs, forMs: { kind: 'constant', value: forMs } }) as const;

  test('follow one another without touching, until all is healed', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const episodes = new Episodes(often(50, 20), seed, 'x', 10_000);
        let endedMs = 0;
        for (let next = episodes.next(); next !== undefined; next = episodes.next()) {
          expect(next.fromMs).toBeGreaterThanOrEqual(endedMs);
          expect(next.toMs).toBeGreaterThanOrEqual(next.fromMs);
          endedMs = next.toMs;
        }
        expect(endedMs).toBeLessThanOrEqual(10_000);
        expect(endedMs).toBeGreaterThan(8000);
      }),
      { numRuns: 50 },
    );
  });

  test('come at the rate that was asked for', () => {
    const episodes = new Episodes(often(100, 50), 1, 'x', Infinity);
    let last = episodes.next()!;
    for (let i = 1; i < 5000; i++) last = episodes.next()!;
    // 5000 of 150 ms each; five standard errors of 100 ms · √5000.
    expect(Math.abs(last.toMs - 750_000)).toBeLessThan(5 * 100 * Math.sqrt(5000));
  });

  test('end at times that a simulation can reach', () => {
    const forMs = { kind: 'exponential', mean: 3, min: 0, max: 100 } as const;
    const episodes = new Episodes({ kind: 'often', everyMs: 7, forMs }, 1, 'x', Infinity);
    for (let i = 0; i < 1000; i++) {
      const { fromMs, toMs } = episodes.next()!;
      for (const time of [fromMs, toMs]) expect(Math.round(time * 1000) / 1000).toBe(time);
    }
  });
});

describe('outages', () => {
  const outagesOf = (faults: Faults, count: number, seed = 1): Outage[] => {
    const outages = new Outages(resolveFaults(faults, FOUR, seed));
    const list: Outage[] = [];
    for (let next = outages.next(); next !== undefined; next = outages.next()) {
      list.push(next);
      if (list.length === count) break;
    }
    return list;
  };

  test('come in the order of time, whatever the order of the plan', () => {
    const crashes = [
      { node: 'n1', at: '2s', for: '1s' },
      { nodes: ['n2', 'n3'], at: '1s' },
    ];
    expect(outagesOf({ crashes }, 9)).toEqual([
      { node: 'n2', fromMs: 1000, toMs: Infinity, disk: 'kept' },
      { node: 'n3', fromMs: 1000, toMs: Infinity, disk: 'kept' },
      { node: 'n1', fromMs: 2000, toMs: 3000, disk: 'kept' },
    ]);
  });

  test('never bring down who is down', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const crashes = [
          { every: 100, for: '50-500' },
          { every: 100, for: '50-500', nodes: ['n1', 'n2'] },
          { node: 'any 1', at: 500, for: 1000 },
        ];
        const back = new Map<string, number>();
        let lastMs = 0;
        for (const { node, fromMs, toMs } of outagesOf({ crashes }, 100, seed)) {
          expect(fromMs).toBeGreaterThanOrEqual(lastMs);
          expect(fromMs).toBeGreaterThanOrEqual(back.get(node) ?? 0);
          back.set(node, toMs);
          lastMs = fromMs;
        }
      }),
      { numRuns: 100 },
    );
  });

  test('end when all is healed', () => {
    const list = outagesOf({ crashes: [{ every: 100, for: 1000 }], heal: '5s' }, 1000);
    expect(list.length).toBeGreaterThan(2);
    for (const { toMs } of list) expect(toMs).toBeLessThanOrEqual(5000);
  });
});

describe('a wrong clock', () => {
  /** A clock that is right, moved by hand. */
  class RightClock implements Clock {
    time = 0;
    waits: number[] = [];
    now() {
      return this.time;
    }
    after(delayMs: number) {
      this.waits.push(delayMs);
      return { cancel: () => {} };
    }
  }

  const skewed = (plan: Partial<Parameters<typeof skewedClock>[1]>, healMs = Infinity) => {
    const right = new RightClock();
    let reads = 0;
    const whole = { offsetMs: 0, drift: 0, atMs: 0, ...plan };
    const clock = skewedClock(right, whole, healMs, () => reads++);
    const at = (timeMs: number) => {
      right.time = timeMs;
      return clock.now();
    };
    return { right, clock, at, reads: () => reads };
  };

  test('is ahead or behind', () => {
    expect(skewed({ offsetMs: 500 }).at(1000)).toBe(1500);
    expect(skewed({ offsetMs: -500 }).at(1000)).toBe(500);
    const { at } = skewed({ offsetMs: 500, atMs: 1000 });
    expect([at(999), at(1000)]).toEqual([999, 1500]);
  });

  test('runs fast or slow, and its timers with it', () => {
    const { at, clock, right } = skewed({ drift: 0.25 });
    expect(at(1000)).toBe(1250);
    clock.after(500, () => {});
    expect(right.waits).toEqual([400]);
  });

  test('runs right after the heal and stays where it is: it does not jump', () => {
    const { at, clock, right } = skewed({ drift: 1 }, 1000);
    expect([at(1000), at(1500)]).toEqual([2000, 2500]);
    clock.after(100, () => {});
    at(900);
    // 100 ms of the right clock show 200, and the rest is as long as it says.
    clock.after(500, () => {});
    expect(right.waits).toEqual([100, 400]);
  });

  test('a timer fires when the clock has advanced by as much as was asked for', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -0.9, max: 1, noNaN: true }),
        fc.nat(3000),
        fc.nat(3000),
        fc.nat(3000),
        (drift, nowMs, delayMs, healMs) => {
          const { at, clock, right } = skewed({ drift }, healMs + 1);
          const before = at(nowMs);
          clock.after(delayMs, () => {});
          expect(at(nowMs + right.waits[0]!) - before).toBeCloseTo(delayMs, 2);
        },
      ),
    );
  });

  test('is noticed only when it shows something wrong', () => {
    const { at, reads } = skewed({ offsetMs: 5, atMs: 100 });
    at(50);
    expect(reads()).toBe(0);
    at(100);
    expect(reads()).toBe(1);
  });
});

describe('live', () => {
  const refused = (faults: Faults) => unsupportedLive(resolveFaults(faults, FOUR, 1));

  test('everything that links do is possible, and standing still', () => {
    expect(
      refused({
        ...{ latency: '1-5', loss: 0.1, duplication: 0.1, reordering: 0.1, bandwidth: 1000 },
        partitions: [{ split: 'halves', every: 100, for: 10 }],
        pauses: [{ every: 100, for: 10 }],
        heal: '5s',
        expect: 'fired',
      }),
    ).toEqual([]);
  });

  test.each<[string, Faults]>([
    ['crashes', { crashes: [{ node: 'n1', at: 5 }] }],
    ['disk', { disk: { sync: 5 } }],
    ['clocks', { clocks: { n1: { offset: 5 } } }],
    ['byzantine', { byzantine: { n1: 'forge' } }],
    ['twins', { twins: 'n1' }],
  ])('%s are refused, in a sentence', (what, faults) => {
    expect(refused(faults)).toEqual([
      expect.stringMatching(new RegExp(`^${what}.* offline runs.*\\.$`)),
    ]);
  });
});
