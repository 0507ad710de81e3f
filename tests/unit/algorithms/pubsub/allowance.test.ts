/** The buckets against their promise, and what a score forgives. */

import { expect, test } from 'vitest';
import { Allowance, Bucket } from '../../../../src/algorithms/pubsub/allowance.ts';
import { Conduct, type Offence } from '../../../../src/algorithms/pubsub/conduct.ts';
import { fc } from '../../../support/property.ts';

const RATE = { messages: 50, bytes: 4000, burst: 2 };

/** Batches offered at these times. */
const offers = fc.array(
  fc.record({
    pauseMs: fc.oneof(fc.constant(0), fc.nat(200), fc.integer({ min: -1000, max: 5000 })),
    messages: fc.integer({ min: 1, max: 40 }),
    bytes: fc.integer({ min: 1, max: 6000 }),
  }),
  { minLength: 1, maxLength: 80 },
);

test('in any stretch of time there pass no more than rate, burst and one batch; and after the wait there passes one', () => {
  fc.assert(
    fc.property(offers, (given) => {
      const allowance = new Allowance(RATE, 0);
      const passed: { atMs: number; messages: number; bytes: number }[] = [];
      let [nowMs, elapsedMs] = [0, 0];
      for (const { pauseMs, messages, bytes } of given) {
        nowMs += pauseMs;
        elapsedMs += Math.max(0, pauseMs);
        if (allowance.waitMs(nowMs) > 0) continue;
        allowance.take(messages, bytes, nowMs);
        passed.push({ atMs: elapsedMs, messages, bytes });
      }
      for (const kind of ['messages', 'bytes'] as const) {
        for (const [from, { atMs }] of passed.entries()) {
          let sum = 0;
          for (const each of passed.slice(from)) {
            const most = RATE[kind] * (RATE.burst + (each.atMs - atMs) / 1000);
            // What was there when it began lets one batch through whole.
            expect(sum).toBeLessThanOrEqual(most);
            sum += each[kind];
          }
        }
      }
      expect(allowance.waitMs(nowMs + allowance.waitMs(nowMs))).toBe(0);
    }),
  );
});

test('whoever keeps to the rate is never refused, whatever the size of its batches', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1 }), (sizes) => {
      const bucket = new Bucket(RATE.messages, RATE.messages * RATE.burst, 0);
      let nowMs = 0;
      for (const size of sizes) {
        expect(bucket.waitMs(nowMs)).toBe(0);
        bucket.take(size, nowMs);
        nowMs += (size * 1000) / RATE.messages;
      }
    }),
  );
});

test('a score falls and recovers, and whoever is ignored is heard again when it has behaved for long enough', () => {
  const offence = fc.constantFrom<Offence>('forged', 'malformed', 'replayed', 'flooded');
  const deeds = fc.array(fc.record({ pauseMs: fc.nat(20_000), offence: fc.option(offence) }));
  fc.assert(
    fc.property(deeds, (given) => {
      const said: string[] = [];
      let nowMs = 0;
      const conduct = new Conduct({
        nodes: new Set(['bad']),
        now: () => nowMs,
        tell: (_, detail) => said.push((detail as { is: string }).is),
      });
      for (const { pauseMs, offence: deed } of given) {
        const before = conduct.score('bad');
        nowMs += pauseMs;
        const rested = Math.min(0, before + pauseMs / 500);
        expect(conduct.score('bad')).toBeCloseTo(rested);
        conduct.look();
        if (deed !== null) conduct.note('bad', deed);
        const score = conduct.score('bad');
        expect(score).toBeGreaterThanOrEqual(-200);
        if (deed !== null && rested > -195) expect(score).toBeLessThan(rested);
        if (score < -100) expect(conduct.isIgnored('bad')).toBe(true);
        if (rested > -50 && score > -50) expect(conduct.isIgnored('bad')).toBe(false);
      }
      nowMs += 100_000;
      conduct.look();
      expect([conduct.score('bad'), conduct.isIgnored('bad')]).toEqual([0, false]);
      expect(said).toEqual(said.map((_, index) => (index % 2 === 0 ? 'ignored' : 'heard')));
      conduct.note('stranger', 'forged');
      expect(conduct.score('stranger')).toBe(0);
    }),
  );
});
