/**
 * What publish and subscribe promises, seed by seed: small groups whose network loses, duplicates, reorders and parts, whose members crash on disks that
 * lose what was not synced; and every message of every member has to reach every subscriber once, in the order that it chose.
 */

import { chapter } from '../../src/algorithms/pubsub/index.ts';
import { members } from '../../src/algorithms/pubsub/scenarios.ts';
import type { Faults } from '../../src/core/faults/faults.ts';
import { findBugs, withBugs } from '../../src/core/bug.ts';
import { planned } from '../compliance/algorithm.suite.ts';
import { simulatePlan } from './simulate.ts';

/** Members of a group, and messages of each. */
const SIZE = 3;
const MESSAGES = 4;

const ORDERS = ['fifo', 'causal', 'total'] as const;

/** As the chapter's, in less time. */
const FAULTS: Faults = {
  latency: '1-60',
  loss: '10%',
  duplication: '10%',
  reordering: '10%',
  partitions: [{ split: 'halves', every: '1200ms', for: '200-800ms' }],
  crashes: [{ nodes: 'n*', every: '900ms', for: '100-500ms', disk: 'unsynced' }],
  disk: { sync: '1-120ms' },
  heal: '2500ms',
};

/**
 * Runs one seed, of the three orders in turn.
 *
 * @param bugs names of the chapter's bugs that are put in
 * @param stores where it is `beside`, an author may say after a crash once more, under another number, what it does not know that it said
 * @returns what is wrong; undefined when nothing is
 */
export async function sweep(
  seed: number,
  bugs: readonly string[] = [],
  stores: 'before' | 'beside' = 'before',
): Promise<string | undefined> {
  const order = ORDERS[seed % ORDERS.length]!;
  const [all, registry] = [SIZE * MESSAGES, order === 'total' ? 'consensus' : 'local'];
  const subscription = `{ pattern: '#', order: ${order}, history: true }`;
  const work = `publish: ${MESSAGES}, publish_interval: 150, topics: [news, 'sport/run']`;
  const config = members(
    SIZE,
    `stores: ${stores}, registry_by: ${registry}, ${work}, subscribe: [${subscription}], expect: ${all}`,
  );
  const { plan } = planned(chapter, config, { seed, format: 'msgpack' });
  const algorithm = withBugs(plan.algorithm, findBugs(chapter, bugs));
  const run = await simulatePlan(
    { ...plan, algorithm, faults: FAULTS },
    { invariants: chapter.invariants, traced: false, timeoutMs: 60_000 },
  );
  const where = `seed ${seed}, ${order}, stored ${stores}`;
  if (run.violation !== undefined) return `${where}: ${JSON.stringify(run.violation)}`;
  if (run.problems.length > 0) return `${where}: ${JSON.stringify(run.problems)}`;
  const orders = Object.entries(run.nodes).map(([id, { report }]) => {
    const heard = (report['orders'] as Record<string, readonly string[]>)[`${order} #`] ?? [];
    return [id, heard] as const;
  });
  for (const [id, heard] of orders) {
    const { size } = new Set(heard);
    if (size < all || (stores === 'before' && size > all))
      return `${where}: ${id} was delivered ${size} of ${all}`;
    if (heard.length !== size) return `${where}: ${id} was delivered something twice`;
    // Whoever has heard enough is done, and need not hear the last of them.
    const end = Math.min(size, orders[0]![1].length);
    const differs = heard.slice(0, end).join() !== orders[0]![1].slice(0, end).join();
    if (order === 'total' && differs) {
      return `${where}: ${id} has another order than ${orders[0]![0]}`;
    }
  }
  return undefined;
}
