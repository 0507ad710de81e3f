/** Exploring: what fails is found, and what is left of it after shrinking still fails in the same way. */

import * as v from 'valibot';
import { describe, expect, test, vi } from 'vitest';
import { defineAlgorithm } from '../../../src/core/algorithm.ts';
import { GOOD_END } from '../../../src/core/bug.ts';
import type { Choice } from '../../../src/core/choices/choices.ts';
import type { Faults } from '../../../src/core/faults/faults.ts';
import type { Invariant } from '../../../src/core/invariant.ts';
import { cast } from '../../../src/core/message.ts';
import { storyOf } from '../../../src/check/trace/story.ts';
import {
  EVENTS_MAX,
  perform,
  performTraced,
  type Attempt,
} from '../../../src/runtime/explore/attempt.ts';
import { minimize } from '../../../src/runtime/explore/delta-debugging.ts';
import { explicit } from '../../../src/runtime/explore/explicit.ts';
import { inevitability } from '../../../src/runtime/explore/inevitable.ts';
import { shrink } from '../../../src/runtime/explore/shrink.ts';
import { planOf } from '../../support/simulate.ts';
import { fc } from '../../support/property.ts';

/** For a busy machine; a run takes milliseconds. */
vi.setConfig({ testTimeout: 120_000 });

/**
 * Everybody says five numbers to everybody. It is wrong to believe that links never double, lose or mix up: whoever hears n1's numbers
 * otherwise than in order says so.
 */
class Naive extends defineAlgorithm('naive', {
  messages: { number: cast({ count: v.number() }) },
}) {
  readonly heard: number[] = [];

  override onStart() {
    let count = 0;
    const say = () => {
      void this.toAll.number({ count });
      if (++count < 5) this.after(5, say);
      else this.after(500, () => this.terminate());
    };
    say();
  }

  handlers = this.on({
    number: (src, { count }) => {
      if (src === 'n1') this.heard.push(count);
    },
  });

  override state() {
    return { heard: [...this.heard] };
  }
}

const inOrder: Invariant<{ heard?: readonly number[] }> = {
  name: 'Numbers come in order',
  check: ({ nodes }) => {
    for (const { id, state } of nodes) {
      const { heard = [] } = state;
      if (heard.some((count, at) => count !== at)) return `${id} heard ${heard.join(', ')}`;
    }
    return undefined;
  },
};

function attemptOf(faults: Faults, more: Partial<Attempt> = {}, seed = 1): Attempt {
  const plan = { ...planOf(Naive, { nodes: 5, seed }), faults };
  return {
    ...{ plan, invariants: [inOrder], choices: [], schedule: { kind: 'latency' } },
    ...{ timeoutMs: 30_000, serviceMs: 10_000 },
    ...more,
  };
}

const HARSH: Faults = {
  latency: '1-50',
  loss: '5%',
  duplication: '5%',
  reordering: '10%',
  partitions: [{ split: 'random', every: '30ms', for: '5-20ms' }],
  pauses: [{ every: '30ms', for: '5-20ms' }],
  crashes: [{ nodes: 'any 1', at: '60ms', for: '30ms' }],
};

describe('delta debugging', () => {
  test('leaves what it takes, and no item more', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(60), { maxLength: 40 }),
        fc.func(fc.integer({ min: 0, max: 4 })),
        async (items, pick) => {
          const needed = items.filter((item) => pick(item) === 0);
          const left = await minimize(items, async (some) =>
            needed.every((item) => some.includes(item)),
          );
          expect(left).toEqual(needed);
        },
      ),
    );
  });

  test('is minimal though items depend on one another', async () => {
    const items = Array.from({ length: 30 }, (_, i) => i);
    // An even number is of use only together with its successor.
    const does = (some: readonly number[]) =>
      some.every((item) => item % 2 === 1 || some.includes(item + 1)) &&
      [3, 17, 18, 19].every((item) => some.includes(item));
    const left = await minimize(items, async (some) => does(some));
    expect(left.toSorted((a, b) => a - b)).toEqual([3, 17, 18, 19]);
  });

  test('ends when it may ask no more, with what it has', async () => {
    let asked = 0;
    const left = await minimize([1, 2, 3, 4, 5, 6, 7, 8], async (some) => {
      if (++asked > 3) return undefined;
      return some.includes(1);
    });
    expect(left).toContain(1);
    expect(asked).toBe(4);
  });
});

describe('shrinking', () => {
  const schedules: Attempt['schedule'][] = [
    { kind: 'latency' },
    { kind: 'walk' },
    { kind: 'pct', depth: 3, steps: 100 },
  ];

  test.each(schedules)('is sound under the schedule $kind', async (schedule) => {
    let found = 0;
    for (let seed = 0; seed < 12; seed++) {
      const attempt = attemptOf(HARSH, { schedule }, seed);
      const { failure } = await perform(attempt);
      if (failure === undefined) continue;
      found++;
      const shrunk = await shrink(attempt, failure);
      const again = await perform(shrunk.attempt);
      expect(again.failure?.property, `seed ${seed}`).toBe(failure.property);
      expect(again.failure).toEqual(shrunk.failure);
      expect(shrunk.isDone).toBe(true);
      if (failure.property !== inOrder.name) continue;
      // One thing that goes wrong on one link is all it takes, or two that do together.
      expect(shrunk.attempt.choices.length, `seed ${seed}`).toBeLessThanOrEqual(2);
      expect(shrunk.attempt.plan.nodes.length, `seed ${seed}`).toBeLessThanOrEqual(3);
      expect(shrunk.attempt.plan.faults, `seed ${seed}`).toEqual({});
      expect(shrunk.attempt.schedule).toEqual({ kind: 'latency' });
    }
    expect(found).toBeGreaterThan(8);
  });

  test('takes away nothing that it takes', async () => {
    const lost: Choice = { message: 'n1#3', to: 'n4', arrives: [] };
    const attempt = attemptOf({ latency: '1-3' }, { choices: [lost] });
    const { failure } = await perform(attempt);
    const { attempt: small } = await shrink(attempt, failure!);
    expect(small.choices).toEqual([lost]);
    expect(small.plan.nodes.map(({ id }) => id)).toEqual(['n1', 'n4']);
  });

  test('keeps to its budget', async () => {
    const attempt = attemptOf(HARSH, {}, 3);
    const { failure } = await perform(attempt);
    const shrunk = await shrink(attempt, failure!, { runsMax: 4 });
    expect(shrunk.runs).toBe(4);
    expect(shrunk.isDone).toBe(false);
    expect((await perform(shrunk.attempt)).failure?.property).toBe(failure!.property);
  });

  test('does not take one bad end for another', async () => {
    // Nobody comes to an end while n2 is cut off: that is late, and not failed.
    const attempt = attemptOf(
      { partitions: [{ isolate: 'n2' }], pauses: [{ every: '50ms', for: '10ms' }] },
      { timeoutMs: 2000 },
    );
    const { failure } = await perform(attempt);
    expect(failure).toMatchObject({ property: GOOD_END, way: 'late' });
    const shrunk = await shrink(attempt, failure!);
    expect(shrunk.failure.way).toBe('late');
    expect(shrunk.attempt.plan.faults).toEqual({ partitions: [{ isolate: 'n2' }] });
  });
});

test('made explicit, random faults are gone from the plan and the run is the same', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const attempt = attemptOf({ ...HARSH, crashes: [] }, {}, seed);
    const decided: Choice[] = [];
    const before = await performTraced(attempt, { decided: (choice) => decided.push(choice) });
    const after = await performTraced(explicit(attempt, decided));
    expect(after.failure).toEqual(before.failure);
    expect(after.virtualMs).toBe(before.virtualMs);
  }
});

test('a story ends with the violation, and tells of a broadcast in one line', async () => {
  const choices: Choice[] = [{ message: 'n1#3', to: 'n4', arrives: [] }];
  const { trace } = await performTraced(attemptOf({}, { choices }));
  const story = storyOf(trace);
  expect(story.length).toBeLessThanOrEqual(12);
  expect(story.at(-1)).toMatchObject({ node: 'n4', text: /^violation: Numbers come in order/ });
  const texts = storyOf(trace, 100).map(({ text }) => text);
  expect(texts.filter((text) => text.startsWith('fault: loss (n1#3 to n4)'))).toHaveLength(1);
  expect(
    texts.filter((text) => text.startsWith('sends number to n2, n3, n4, n5')).length,
  ).toBeGreaterThan(0);
  expect(story.map(({ time }) => time)).toEqual(
    story.map(({ time }) => time).toSorted((a, b) => a - b),
  );
});

test('a run in which time stands still fails, and does not go on for ever', async () => {
  class Restless extends defineAlgorithm('restless', { messages: {} }) {
    override onStart() {
      const again = () => void this.after(0, again);
      again();
    }
    handlers = this.on({});
  }
  const attempt = { ...attemptOf({}), plan: planOf(Restless, { nodes: 1 }), invariants: [] };
  const { failure, events } = await perform(attempt);
  expect(events).toBe(EVENTS_MAX);
  expect(failure).toMatchObject({
    property: GOOD_END,
    way: 'problem',
    detail: expect.stringMatching(/^no rest: 2000000 events/),
  });
});

describe('when it became inevitable', () => {
  test('is when the message was lost, and not before', async () => {
    const choices: Choice[] = [{ message: 'n1#3', to: 'n4', arrives: [] }];
    const attempt = attemptOf({}, { choices });
    const { trace, failure } = await performTraced(attempt);
    const lostMs = trace.find((event) => event.kind === 'fault')!.time;
    const options = { runs: 5, moments: 40 };
    const moments = await inevitability(attempt, failure!.property, trace, options);
    for (const { virtual_ms, probability } of moments) {
      expect(probability, `${virtual_ms} ms, lost at ${lostMs}`).toBe(virtual_ms > lostMs ? 1 : 0);
    }
    expect(moments[0]!.probability).toBe(0);
    expect(moments.at(-1)!.probability).toBe(1);
  });

  test('lies between 0 and 1 where chance is left', async () => {
    const attempt = attemptOf({ loss: '2%' }, {}, 2);
    let seed = 2;
    let found = await performTraced(attempt);
    while (found.failure?.property !== inOrder.name) {
      found = await performTraced(attemptOf({ loss: '2%' }, {}, ++seed));
    }
    const failing = attemptOf({ loss: '2%' }, {}, seed);
    const options = { runs: 20, moments: 3 };
    const moments = await inevitability(failing, inOrder.name, found.trace, options);
    expect(moments[0]!.probability).toBeGreaterThan(0);
    expect(moments[0]!.probability).toBeLessThan(1);
    expect(moments.at(-1)!.probability).toBe(1);
  });
});
