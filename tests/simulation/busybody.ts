/** An algorithm that uses everything there is to use: what has to be the same twice is tried with it. */

import * as v from 'valibot';
import { defineAlgorithm } from '../../src/core/algorithm.ts';
import { Refusal } from '../../src/core/errors.ts';
import { cast, request } from '../../src/core/message.ts';
import { signed } from '../../src/core/signed.ts';

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
export class Busybody extends defineAlgorithm('busybody', {
  messages,
  children: { postman: Postman },
}) {
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
    await this.store.putAll({ [text]: this.heard.size, last: this.now() });
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
