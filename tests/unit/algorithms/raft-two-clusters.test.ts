/** Two clusters among the nodes of one run: each has its leader and its log, and neither takes anything from the other. */

import { expect, test } from 'vitest';
import { chapter } from '../../../src/algorithms/raft/index.ts';
import { cluster } from '../../../src/algorithms/raft/cluster.ts';
import { attemptOf } from '../../../src/lab/link/linked-run.ts';
import { simulationOf } from '../../../src/runtime/explore/attempt.ts';

const members = { left: ['n1', 'n2', 'n3'], right: ['n4', 'n5', 'n6', 'n7'] };

const own = Object.fromEntries(
  Object.entries(members).flatMap(([name, ids]) =>
    ids.map((id) => [id, `cluster: ${name}, voters: [${ids.join(', ')}]`]),
  ),
);

async function run(seed: number) {
  const run = {
    ...{ algorithm: 'raft', runId: 'two', format: 'json' as const, seed },
    config: cluster(7, 'commands: 6, command_interval: 40, snapshot_entries: 5', own),
    faults: {
      latency: '1-40',
      loss: '5%',
      partitions: [{ split: 'random' as const, every: '700ms', for: '200-500ms' }],
      heal: '3s',
    },
    ...{ timeoutMs: 30_000, serviceMs: 10_000 },
  };
  // The chapter's invariants are about one cluster.
  return simulationOf(attemptOf(run, { ...chapter, invariants: [] })).run();
}

test.each([1, 2, 3, 4, 5])('seed %i', async (seed) => {
  const { ok, nodes } = await run(seed);
  expect(ok).toBe(true);
  for (const ids of Object.values(members)) {
    const reports = ids.map((id) => nodes[id]!.report);
    expect(ids).toContain(reports[0]!['leader']);
    for (const report of reports) {
      expect(report['members']).toEqual(ids);
      const texts = Object.values(report['machine'] as object)
        .join(' ')
        .split(' ')
        .filter(Boolean);
      expect(new Set(texts.map((text) => text.split('.')[0]))).toEqual(new Set(ids));
    }
  }
});
