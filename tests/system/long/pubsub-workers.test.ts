/**
 * Publish and subscribe by thirty worker nodes in four tabs, over data channels between neighbours, while live faults cut them in two halves
 * again and again: afterwards every message has come to everybody once, in causal order.
 */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { NODES_PER_PAGE_MAX } from '../../../src/net/limits.ts';
import { LiveLab } from '../../support/live-page.ts';
import type { LiveRun } from '../../support/live-run.ts';

const NODES = Array.from({ length: 30 }, (_, at) => `n${at + 1}`);
const HALF = NODES.length / 2;
const PUBLISH = 3;

/** Each has six neighbours: the two beside it on both sides, and those a third of the ring away. */
const STEPS = [1, 2, 10];

let lab: LiveLab;
beforeAll(async () => {
  lab = await LiveLab.open();
});
afterAll(() => lab?.close());

/** Thirty nodes that publish for six seconds, hear everything and note its order. */
function configOf(nodes: readonly string[]): string {
  const settings = `registry_by: local, report_orders: true, publish: ${PUBLISH}, publish_interval: 3000, subscribe: [{ pattern: news, history: true }], expect: ${nodes.length * PUBLISH}`;
  const layers = 'dissemination: { durable: false }, registry: { priority: 0 }';
  return nodes
    .map((id, at) => {
      const around = STEPS.flatMap((step) => [step, nodes.length - step]);
      const neighbours = around.map((step) => nodes[(at + step) % nodes.length]);
      return `${id}: { neighbours: [${neighbours.join(', ')}], ${settings}, ${layers} }`;
    })
    .join('\n');
}

/** Nodes some of whose messages the partition took. */
function cutNodes({ reports }: LiveRun): number {
  const isCut = (count: number | undefined): boolean => (count ?? 0) > 0;
  return reports.filter((one) => one.kind === 'ended' && isCut(one.faults?.partition)).length;
}

test('thirty workers, cut in two again and again: everything comes to everybody, once and in order', async () => {
  // A node's times count from its own start, which differs by seconds: so cuts come and go, now one way, now both.
  const cut = { groups: [NODES.slice(0, HALF), NODES.slice(HALF)], every: '6s', for: '2s' };
  const run = await lab.newRun({
    ...{ algorithm: 'pubsub', config: configOf(NODES), patienceMs: 270_000 },
    faults: { partitions: [cut] },
  });
  for (let at = 0; at < NODES.length; at += NODES_PER_PAGE_MAX) {
    await run.start(await run.openTab(), ...NODES.slice(at, at + NODES_PER_PAGE_MAX));
  }
  const results = await run.results(NODES);
  expect(cutNodes(run), 'nodes whose messages the partition took').toBeGreaterThan(HALF);
  const numbers = Array.from({ length: PUBLISH }, (_, at) => at + 1);
  for (const [id, { status, report }] of Object.entries(results)) {
    expect(status, id).toBe('terminated');
    // `LIFE/ORIGIN:SEQUENCE`
    const heard = (report['orders'] as Record<string, readonly string[]>)['causal news']!;
    const named = heard.map((name) => name.slice(name.indexOf('/') + 1));
    expect(named, id).toHaveLength(NODES.length * PUBLISH);
    for (const author of NODES) {
      const own = named.filter((name) => name.startsWith(`${author}:`));
      expect(own, `of ${author} at ${id}`).toEqual(numbers.map((number) => `${author}:${number}`));
    }
  }
  expect(run.pageErrors).toEqual([]);
  await run.close();
});
