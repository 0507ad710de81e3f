/** One member says far more than it may: the others hear of it what it may say, and of one another everything, at once. */

import { expect, test } from 'vitest';
import { chapter } from '../../src/algorithms/pubsub/index.ts';
import type { Delivered } from '../../src/algorithms/pubsub/messages.ts';
import { planned } from '../compliance/algorithm.suite.ts';
import { simulatePlan, type Run } from '../support/simulate.ts';

/** Messages a second that each may say; what two of them say, who keep to it, and the third, who does not. */
const RATE = 50;
const [SAID, FLOOD, PATIENT] = [8, 240, 90];

/** Others are judged a little more generously: what is heard of one at once, and in a second; and a batch goes whole. */
const [AT_ONCE, A_SECOND, ONE_BATCH] = [2 * RATE, 1.25 * RATE, 30];

const BOUND = { publish_rate: RATE, publish_burst: 1 };

function run(count: number, third: object = {}): Promise<Run> {
  const settingsOf = (own: object): object => ({
    ...{ registry_by: 'local', spread: 'direct', expect: 2 * SAID + count },
    subscribe: [{ pattern: '#', history: true }],
    ...{ ...own, registry: { priority: 0 } },
  });
  const correct = settingsOf({ publish: SAID, publish_interval: 100, ...BOUND });
  const n3 = settingsOf({ publish: count, publish_interval: 1, ...third });
  const config = JSON.stringify({ n1: correct, n2: correct, n3 });
  const { plan } = planned(chapter, config, { seed: 1, format: 'msgpack' });
  return simulatePlan(plan, { timeoutMs: 20_000 });
}

/** When each message of these authors was delivered to a node, in order. */
function times({ trace }: Run, node: string, origins: readonly string[]): number[] {
  return trace.flatMap((event) => {
    if (event.node !== node || event.kind !== 'output' || event.type !== 'message') return [];
    const { origin, count } = event.value as unknown as Delivered;
    return origins.includes(origin) ? Array.from({ length: count }, () => event.time) : [];
  });
}

/** What a node tells of this kind, and when. */
const eventsOf = ({ trace }: Run, node: string, kind: string) =>
  trace.flatMap((event) => {
    if (event.node !== node || event.kind !== 'output' || event.type !== 'event') return [];
    const told = event.value as { readonly kind: string; readonly detail: object };
    return told.kind === kind ? [{ atMs: event.time, ...told.detail }] : [];
  });

test('a flood is held to the rate: nothing of it is lost, and nothing of the others waits for it', async () => {
  const flooded = await run(FLOOD);
  expect(flooded.problems).toEqual([]);
  for (const node of ['n1', 'n2']) {
    const flood = times(flooded, node, ['n3']);
    for (const [index, atMs] of flood.entries()) {
      expect(index).toBeLessThanOrEqual(AT_ONCE + (atMs / 1000) * A_SECOND + ONE_BATCH);
    }
    expect(flood).toHaveLength(FLOOD);
    const correct = times(flooded, node, ['n1', 'n2']);
    expect(correct).toHaveLength(2 * SAID);
    expect(correct.at(-1)).toBeLessThan(1000);
    expect(eventsOf(flooded, node, 'conduct')).toMatchObject([{ node: 'n3', is: 'ignored' }]);
  }
  const told = eventsOf(flooded, 'n3', 'limited').map(({ atMs }) => atMs);
  expect(told.length).toBeGreaterThanOrEqual(2);
  expect(told.length).toBeLessThanOrEqual(2 * (flooded.virtualMs / 1000 + 1));
});

test('whoever keeps to its rate waits at home, and nobody thinks the worse of it', async () => {
  const patient = await run(PATIENT, BOUND);
  expect(patient.problems).toEqual([]);
  const heard = times(patient, 'n1', ['n3']);
  expect(heard).toHaveLength(PATIENT);
  for (const [index, atMs] of heard.entries()) {
    expect(index).toBeLessThanOrEqual(RATE + (atMs / 1000) * RATE);
  }
  expect(patient.nodes['n1']!.report).toMatchObject({ limited: 0, ignored: 0 });
  expect(eventsOf(patient, 'n3', 'limited')).toEqual([]);
});
