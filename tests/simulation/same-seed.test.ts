/** Same seed, same bytes: for an algorithm that uses everything there is to use, in every order that promises allow. */

import { describe, expect, test } from 'vitest';
import { defineAlgorithm } from '../../src/core/algorithm.ts';
import { cast } from '../../src/core/message.ts';
import { syncSigners } from '../../src/net/ed25519.ts';
import {
  firstDifference,
  nodeIds,
  simulate,
  statuses,
  type Run,
  type RunOptions,
} from '../support/simulate.ts';
import { Busybody } from './busybody.ts';

const options: RunOptions = { nodes: 5, latencyMs: { min: 1, max: 30 } };

function expectSame(one: Run, other: Run): void {
  expect(firstDifference(one.lines, other.lines)).toBeUndefined();
  expect(other.hash).toBe(one.hash);
  expect(other.nodes).toEqual(one.nodes);
}

describe('the same seed', () => {
  test('gives the same trace, in both formats', async () => {
    for (const format of ['json', 'msgpack'] as const) {
      for (const seed of [1, 2, 3]) {
        const [one, other] = [
          await simulate(Busybody, { ...options, seed, format }),
          await simulate(Busybody, { ...options, seed, format }),
        ];
        expect(statuses(one)).toEqual(
          Object.fromEntries(nodeIds(5).map((id) => [id, 'terminated'])),
        );
        expect(one.lines.length).toBeGreaterThan(500);
        expectSame(one, other);
      }
    }
  });

  test('gives the same trace when other runs happen at the same time', async () => {
    const alone = await simulate(Busybody, options);
    const together = await Promise.all(
      [1, 9, 1].map((seed) => simulate(Busybody, { ...options, seed })),
    );
    expectSame(alone, together[0]!);
    expectSame(alone, together[2]!);
  });

  test('comes to the same whether or not anybody watches', async () => {
    const watched = await simulate(Busybody, options);
    const unwatched = await simulate(Busybody, { ...options, traced: false });
    expect(unwatched.nodes).toEqual(watched.nodes);
  });

  test('takes the same course in both formats: only sizes differ', async () => {
    const [json, msgpack] = await Promise.all(
      (['json', 'msgpack'] as const).map((format) => simulate(Busybody, { ...options, format })),
    );
    const sizeless = ({ lines }: Run) => lines.map((line) => line.replace(/"bytes":\d+/, ''));
    expect(firstDifference(sizeless(json!), sizeless(msgpack!))).toBeUndefined();
    expect(msgpack!.hash).not.toBe(json!.hash);
  });

  test('takes the same course with real signatures', async () => {
    const ids = nodeIds(5);
    const signerOf = syncSigners(1, ids);
    const ideal = await simulate(Busybody, options);
    const real = await simulate(Busybody, { ...options, signerOf });
    expect(real.nodes['n1']!.report['signers']).toEqual(ids);
    for (const { dropped } of Object.values(real.nodes)) expect(dropped.signature).toBeUndefined();
    expectSame(ideal, real);
  }, 30_000);
});

test('another seed gives other latencies, also where nobody else draws anything', async () => {
  class Greeting extends defineAlgorithm('greeting', { messages: { hello: cast({}) } }) {
    heard = 0;
    override onStart() {
      void this.toAll.hello();
    }
    handlers = this.on({
      hello: () => {
        if (++this.heard === this.peers.size) this.terminate();
      },
    });
  }
  const hashes = new Set<string>();
  for (const seed of [1, 2, 3]) hashes.add((await simulate(Greeting, { seed })).hash);
  expect(hashes.size).toBe(3);
});

test('another seed gives another trace', async () => {
  const hashes = new Set<string>();
  for (const seed of [1, 2, 3, 4])
    hashes.add((await simulate(Busybody, { ...options, seed })).hash);
  expect(hashes.size).toBe(4);
});

test('statements are not taken when their signer uses keys that nobody knows', async () => {
  const ids = nodeIds(5);
  const known = syncSigners(1, ids);
  const strange = syncSigners(2, ids);
  const run = await simulate(Busybody, {
    ...options,
    signerOf: (id) => (id === 'n2' ? { ...known(id), sign: strange(id).sign } : known(id)),
  });
  for (const id of ['n1', 'n3', 'n4', 'n5']) {
    expect(run.nodes[id]!.report['signers']).not.toContain('n2');
    expect(run.nodes[id]!.dropped.signature).toBeGreaterThan(0);
  }
}, 30_000);
