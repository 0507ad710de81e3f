/** Programs as users write them, one process a node: the right ones pass, the wrong ones fail for the reason that they are wrong for. */

import { describe, expect } from 'vitest';
import type { Asked } from '../support/maelstrom.ts';
import { program, runProgram } from '../support/maelstrom-processes.ts';
import { someOf, testOften } from '../support/often.ts';

/** The workload, how many nodes a right program has and a wrong one, and the mistake's name. */
const WORKLOADS: readonly (readonly [
  workload: string,
  right: number,
  wrong: number,
  mistake: string,
])[] = [
  ['echo', 1, 1, 'wrong-echo'],
  ['unique-ids', 3, 3, 'duplicate'],
  ['broadcast', 3, 3, 'lost'],
  ['g-set', 2, 2, 'lost'],
  ['g-counter', 2, 2, 'wrong-sum'],
  ['pn-counter', 2, 2, 'wrong-sum'],
  ['lin-kv', 2, 2, 'not-linearizable'],
  ['kafka', 1, 1, 'lost-write'],
  ['txn-list-append', 1, 2, 'incompatible-order'],
  ['txn-rw-register', 1, 2, 'G-single-realtime'],
];

/** What the others add is the checkers’, which tests/unit/maelstrom tries without processes. */
const EVERYDAY_WORKLOADS = 3;

describe.each(someOf(WORKLOADS, EVERYDAY_WORKLOADS))('%s', (workload, right, wrong, mistake) => {
  const asked: Asked = { workload, rate: 40, limitMs: 5000 };

  testOften('a right program passes', async () => {
    // Who gossips by a timer is given time for it, and a shorter load: all of it passes in real time.
    const gossips = workload === 'g-set';
    const timing = gossips ? { watchMs: 300 } : {};
    const load = gossips ? { rate: 200, limitMs: 1000 } : {};
    const command = program('node.js', workload);
    const result = await runProgram(command, { ...asked, nodeCount: right, ...load }, timing);
    expect(result.time.unasked !== undefined).toBe(gossips);
    expect(result).toMatchObject({ problems: [], valid: true, ok: true });
    const called = Object.values(result.operations).reduce((sum, { ok }) => sum + ok, 0);
    expect(called).toBeGreaterThan(100);
  });

  testOften(`a wrong one is told: ${mistake}`, async () => {
    const command = program('node.js', workload, 'wrong');
    const result = await runProgram(command, { ...asked, nodeCount: wrong, concurrency: 4 });
    expect(result).toMatchObject({ problems: [], valid: false, ok: false });
    expect(Object.keys(result.verdict!.counts)).toContain(mistake);
  });
});
