/** How many connections a page makes within a while. */

import { describe, expect, test } from 'vitest';
import { ConnectionBudget } from '../../../../src/net/rtc/connection-budget.ts';
import { HandClock } from '../../../support/hand-clock.ts';
import { fc } from '../../../support/property.ts';

describe('a budget of connections', () => {
  test('gives tokens at once while it has some, and later in the order of asking', async () => {
    const clock = new HandClock();
    const budget = new ConnectionBudget(clock, 2, 1000);
    const begun: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      budget.take(() => begun.push(`${name} ${clock.now()}`));
    expect(begun).toEqual(['a 0', 'b 0']);
    await clock.advance(5000);
    expect(begun).toEqual(['a 0', 'b 0', 'c 1000', 'd 1000', 'e 2000']);
  });

  test('forgets whoever gives the turn up', async () => {
    const clock = new HandClock();
    const budget = new ConnectionBudget(clock, 1, 1000);
    const begun: string[] = [];
    budget.take(() => begun.push('a'));
    const giveUp = budget.take(() => begun.push('b'));
    budget.take(() => begun.push('c'));
    giveUp();
    giveUp();
    await clock.advance(1000);
    expect(begun).toEqual(['a', 'c']);
    await clock.advance(10_000);
    expect(begun).toEqual(['a', 'c']);
  });

  test('one who does not wait gets a token, or none', async () => {
    const clock = new HandClock();
    const budget = new ConnectionBudget(clock, 1, 1000);
    expect([budget.tryTake(), budget.tryTake()]).toEqual([true, false]);
    await clock.advance(1000);
    expect([budget.tryTake(), budget.tryTake()]).toEqual([true, false]);
  });

  test('within any window there are never more connections than tokens, and nobody waits for ever', async () => {
    const asks = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(asks, fc.integer({ min: 1, max: 5 }), async (pauses, tokens) => {
        const clock = new HandClock();
        const budget = new ConnectionBudget(clock, tokens, 1000);
        const begun: number[] = [];
        for (const pause of pauses) {
          await clock.advance(pause);
          budget.take(() => begun.push(clock.now()));
        }
        await clock.advance(pauses.length * 1000);
        expect(begun).toHaveLength(pauses.length);
        for (let i = tokens; i < begun.length; i++) {
          expect(begun[i]! - begun[i - tokens]!).toBeGreaterThanOrEqual(1000);
        }
      }),
      { numRuns: 60 },
    );
  });
});
