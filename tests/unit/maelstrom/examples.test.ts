/** The examples under every workload that they are for, in weather that they withstand; and nodes with a mistake each, in the same. */

import { describe, expect, vi } from 'vitest';
import { Flooding } from '../../../examples/maelstrom/flooding.ts';
import { GSet } from '../../../examples/maelstrom/g-set.ts';
import { KafkaLog } from '../../../examples/maelstrom/kafka-log.ts';
import { LinKv } from '../../../examples/maelstrom/lin-kv.ts';
import { RaftKv } from '../../../examples/maelstrom/raft-kv.ts';
import { PnCounter } from '../../../examples/maelstrom/pn-counter.ts';
import { TreeBroadcast } from '../../../examples/maelstrom/tree-broadcast.ts';
import { UniqueIds } from '../../../examples/maelstrom/unique-ids.ts';
import type { AlgorithmClass } from '../../../src/core/algorithm.ts';
import { someOf, test, testOften } from '../../support/often.ts';
import { runAlgorithm, runAnswers, type Answers } from '../../support/maelstrom.ts';

vi.setConfig({ testTimeout: 30_000 });

const STORM = { latencyMs: 10, latencyKind: 'exponential', partitionMs: 1000 } as const;

describe('The examples pass, while partitions come and go', () => {
  const EXAMPLES: readonly (readonly [string, AlgorithmClass])[] = [
    ['unique-ids', UniqueIds],
    ['broadcast', TreeBroadcast],
    ['g-set', GSet],
    ['g-counter', PnCounter],
    ['pn-counter', PnCounter],
    ['lin-kv', LinKv],
    ['lin-kv', RaftKv],
    ['kafka', KafkaLog],
  ];

  testOften.each(EXAMPLES)('%s', async (workload, algorithm) => {
    for (const seed of someOf([1, 2], 1)) {
      const result = await runAlgorithm(algorithm, { workload, seed, nodeCount: 3, ...STORM });
      expect(result).toMatchObject({ ok: true, problems: [] });
      if (workload !== 'unique-ids') expect(result.faults_fired.partition).toBeGreaterThan(0);
    }
  });

  test('unique ids survive crashes: the number of lives is on the disk', async () => {
    const crashes = [{ nodes: 'any 1', every: '500ms', for: '200ms' }];
    // Several clients a node: whoever asked just before a crash waits for its answer for long.
    const asked = { workload: 'unique-ids', nodeCount: 3, concurrency: 60, faults: { crashes } };
    const result = await runAlgorithm(UniqueIds, asked);
    expect(result).toMatchObject({ valid: true, problems: [] });
    expect(result.faults_fired.crash).toBeGreaterThan(2);
    // With a disk that forgets, the same ids come again.
    const amnesia = [{ ...crashes[0]!, disk: 'amnesia' as const }];
    const forgetful = await runAlgorithm(UniqueIds, { ...asked, faults: { crashes: amnesia } });
    expect(forgetful.verdict!.counts).toHaveProperty('duplicate');
  });

  test('unique ids are there for everybody, always: availability total', async () => {
    const asked = { workload: 'unique-ids', nodeCount: 3, isTotallyAvailable: true, ...STORM };
    expect(await runAlgorithm(UniqueIds, asked)).toMatchObject({ ok: true });
    const { ok, problems } = await runAlgorithm(LinKv, { ...asked, workload: 'lin-kv' });
    expect(ok).toBe(false);
    expect(problems.join()).toMatch(
      /availability total: \d+ of \d+ (read|write|cas) did not succeed/,
    );
  });
});

test('The efficient broadcast is one: 25 nodes, 100 ms a hop', async () => {
  const asked = {
    workload: 'broadcast',
    nodeCount: 25,
    rate: 100,
    limitMs: 10_000,
    latencyMs: 100,
  };
  const result = await runAlgorithm(TreeBroadcast, asked, 'gather_ms: 150');
  const { net, verdict } = result;
  const latency = verdict!.facts['stable_latency_ms'] as Record<string, number>;
  expect(result.ok).toBe(true);
  expect(net.msgs_per_op).toBeLessThan(20);
  expect(latency['0.5']).toBeLessThan(1000);
  expect(latency['1']).toBeLessThan(2000);
});

test('Flooding loses what it does not send again', async () => {
  const result = await runAlgorithm(Flooding, { workload: 'broadcast', ...STORM, limitMs: 10_000 });
  expect(result).toMatchObject({ ok: false, valid: false });
  expect(result.verdict!.counts).toHaveProperty('lost');
});

describe('A mistake is told by its name', () => {
  let count = 0;
  const seen = new Map<string, number[]>();
  const own = (id: string): number[] => {
    const there = seen.get(id) ?? [];
    seen.set(id, there);
    return there;
  };

  const MISTAKES: readonly (readonly [string, string, (id: string) => Answers])[] = [
    ['echo', 'wrong-echo', () => ({ echo: () => ({ echo: 'no' }) })],
    ['unique-ids', 'duplicate', () => ({ generate: () => ({ id: count++ % 7 }) })],
    [
      'broadcast',
      'lost',
      (id) => ({
        broadcast: ({ body }) => {
          own(id).push(body['message'] as number);
          return {};
        },
        read: () => ({ messages: own(id) }),
      }),
    ],
    ['broadcast', 'phantom', () => ({ read: () => ({ messages: [1_000_000] }) })],
    ['g-counter', 'wrong-sum', () => ({ read: () => ({ value: 1 }) })],
    ['lin-kv', 'not-linearizable', () => ({ read: () => ({ value: count++ % 5 }) })],
    [
      'kafka',
      'inconsistent-offset',
      () => ({
        send: () => ({ offset: 1 }),
        poll: () => ({ msgs: { 0: [[1, 'one']] } }),
        list_committed_offsets: () => ({ offsets: {} }),
      }),
    ],
    [
      'txn-rw-register',
      'internal',
      () => ({
        txn: ({ body }) => ({
          txn: (body['txn'] as [string, number, unknown][]).map(([f, k, v]) => [
            f,
            k,
            f === 'r' ? -1 : v,
          ]),
        }),
      }),
    ],
  ];

  test.each(MISTAKES)('%s: %s', async (workload, mistake, answers) => {
    count = 0;
    seen.clear();
    const result = await runAnswers(({ id }) => answers(id), { workload, nodeCount: 2 });
    expect(result.ok).toBe(false);
    expect(Object.keys(result.verdict?.counts ?? {})).toContain(mistake);
  });

  test('a node that answers with something else is quoted', async () => {
    const result = await runAnswers(() => ({ read: () => ({ messages: 'none' }) }), {
      workload: 'broadcast',
      nodeCount: 1,
    });
    expect(result.problems).toContainEqual(
      expect.stringMatching(/^n0 answers 'read' with {.*}: 'messages' should be a list$/),
    );
  });

  test('an operation that never succeeds is named', async () => {
    const refuse: Answers = { generate: () => undefined };
    const result = await runAnswers(() => refuse, {
      workload: 'unique-ids',
      nodeCount: 1,
      limitMs: 6000,
    });
    expect(result.problems).toContainEqual(
      expect.stringMatching(/^no generate ever succeeded, of \d+$/),
    );
  });

  test('a node that does not take its init is named', async () => {
    const result = await runAnswers(() => ({ init: () => undefined }), { workload: 'echo' });
    expect(result.problems).toContain('n0 cannot be started: n0 did not answer within 1000 ms');
  });
});

test('The same seed gives the same history, another seed another', async () => {
  const run = async (seed: number) =>
    (await runAlgorithm(TreeBroadcast, { workload: 'broadcast', seed, ...STORM })).history_sha256;
  const [first, second, other] = [await run(1), await run(1), await run(2)];
  expect(second).toBe(first);
  expect(other).not.toBe(first);
});
