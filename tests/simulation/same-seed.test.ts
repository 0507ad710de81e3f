/** Same seed, same bytes: for an algorithm that uses everything there is to use, in every order that promises allow. */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { defineAlgorithm } from '../../src/core/algorithm.ts';
import { Refusal } from '../../src/core/errors.ts';
import { cast, request } from '../../src/core/message.ts';
import { signed } from '../../src/core/signed.ts';
import { syncSigners } from '../../src/net/ed25519.ts';
import {
  firstDifference,
  nodeIds,
  simulate,
  statuses,
  type Run,
  type RunOptions,
} from '../support/simulate.ts';

const rumour = signed('Rumour', { text: v.string(), hop: v.number() });

class Postman extends defineAlgorithm('postman', {
  messages: { parcel: cast({ content: v.any() }) },
  delivers: { arrived: request({ from: v.string(), content: v.any() }, v.boolean()) },
}) {
  delivered = 0;
  handlers = this.on({
    parcel: async (from, { content }) => {
      if (await this.deliver.arrived({ from, content })) this.delivered++;
    },
  });
  override state() {
    return { delivered: this.delivered };
  }
}

const messages = {
  tell: cast({ rumours: v.array(rumour) }),
  ask: request({ depth: v.number() }, v.object({ path: v.array(v.string()) })),
};

/** Gossips, asks around, sleeps, stores, gives up: as many awaits in as many shapes as fit. */
class Busybody extends defineAlgorithm('busybody', { messages, children: { postman: Postman } }) {
  readonly heard = new Map<string, number>();
  readonly paths: string[] = [];
  readonly signers = new Set<string>();
  failures = 0;

  override async onStart() {
    const tick = this.every(7, () => this.gossip());
    await Promise.all(Array.from(this.peers.values(), (peer) => this.question(peer.id)));
    await this.sleep(this.random.between(1, 20));
    await Promise.race([this.sleep(5), this.question(this.random.pick([...this.peers.keys()]))]);
    for (const [key, value] of await this.store.entries()) this.heard.set(key, Number(value));
    this.after(60, () => {
      tick.cancel();
      this.terminate();
    });
  }

  async question(id: string): Promise<void> {
    const controller = new AbortController();
    const giveUp = this.after(this.random.between(10, 200), () => controller.abort());
    try {
      const { path } = await this.peer(id).ask(
        { depth: this.random.integer(0, 2) },
        { timeoutMs: 40, signal: controller.signal },
      );
      this.paths.push(path.join('>'));
    } catch (error) {
      this.failures++;
      this.log.debug((error as Error).message);
    } finally {
      giveUp.cancel();
    }
  }

  async gossip() {
    const text = `${this.id} at ${Math.round(this.now())}`;
    await this.store.put(text, this.heard.size);
    await this.toAll.tell({ rumours: [this.sign(rumour, { text, hop: 0 })] });
    await this.children.postman.toAll.parcel({ content: { text, bytes: this.random.bytes(3) } });
  }

  handlers = this.on({
    tell: async (src, { rumours }) => {
      for (const { signer } of rumours) this.signers.add(signer);
      this.heard.set(src, (this.heard.get(src) ?? 0) + 1);
      await Promise.resolve();
      if (rumours.length > 2 || this.random.chance(0.5)) return;
      const own = this.sign(rumour, { text: `${this.id} too`, hop: rumours.length });
      const next = this.random.pick([...this.peers.keys()]);
      await this.peer(next).tell({ rumours: [...rumours, own] });
    },
    ask: async (src, { depth }) => {
      if (this.random.chance(0.1)) throw new Refusal(`${this.id} is busy`);
      await this.sleep(this.random.between(0, 15));
      if (depth === 0) return { path: [this.id] };
      const others = [...this.peers.keys()].filter((id) => id !== src);
      try {
        const { path } = await this.peer(this.random.pick(others)).ask({ depth: depth - 1 });
        return { path: [this.id, ...path] };
      } catch (error) {
        throw new Refusal(`${this.id} asked: ${(error as Error).message}`);
      }
    },
  });

  delivered = this.from({
    postman: {
      arrived: async ({ from }) => {
        await this.store.put(`from ${from}`, this.now());
        return from < this.id;
      },
    },
  });

  override state() {
    return { heard: Object.fromEntries(this.heard), paths: this.paths, failures: this.failures };
  }

  override report() {
    return { ...this.state(), signers: [...this.signers].toSorted() };
  }
}

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
