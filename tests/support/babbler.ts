/** An algorithm that does at random whatever algorithms can do, from its node's own random stream: each seed is another small algorithm. */

import * as v from 'valibot';
import { cast, defineAlgorithm, request, signed, type Timer } from '../../src/index.ts';

const rumour = signed('Rumour', { word: v.number() });

/** Does `budget` things, then ends. */
export class Babbler extends defineAlgorithm('babbler', {
  messages: {
    say: cast({ word: v.number(), bytes: v.instance(Uint8Array) }),
    whisper: cast({ word: v.number() }, { via: 'gossip' }),
    tell: cast({ rumour: rumour, others: v.array(rumour) }),
    ask: request({ word: v.number() }, v.number()),
  },
  delivers: { word: cast({ word: v.number() }) },
  settings: { budget: v.number() },
}) {
  heard = 0;
  sum = 0;
  left = this.settings.budget;
  readonly known: unknown[] = [];
  timer: Timer | undefined;
  readonly mine = this.sign(rumour, { word: this.random.integer(0, 99) });

  override async onStart(): Promise<void> {
    this.heard = Number((await this.store.get('heard')) ?? 0);
    await this.live();
  }

  async live(): Promise<void> {
    while (this.left > 0) {
      this.left--;
      await this.act(this.random.integer(0, 9));
    }
    await this.store.put('heard', this.heard);
    this.terminate();
  }

  async act(what: number): Promise<void> {
    const word = this.random.integer(0, 99);
    const [id] = this.random.shuffled([...this.peers.keys()]);
    const peer = this.peer(id!);
    switch (what) {
      case 0:
        return this.toAll.say({ word, bytes: new Uint8Array(this.random.bytes(word)) });
      case 1:
        return peer.say({ word, bytes: new Uint8Array(word) });
      case 2:
        return this.toAll.whisper({ word });
      case 3:
        return peer.tell({ rumour: this.mine, others: this.known.slice(0, 3) as never[] });
      case 4:
        return this.ask(peer, word);
      case 5:
        return this.sleep(this.random.between(0, 4));
      case 6:
        return this.store.putAll({ [`k${word % 5}`]: word, [`k${word % 3}`]: undefined });
      case 7:
        this.sum += (await this.store.entries('k')).length;
        this.log.info(`${this.sum} at ${this.now()}`);
        return undefined;
      case 8:
        this.timer?.cancel();
        this.timer = this.after(this.random.between(0, 3), () => void this.deliver.word({ word }));
        return undefined;
      default:
        return this.askInVain(peer, word);
    }
  }

  async ask(peer: { ask(message: object, options: object): Promise<number> }, word: number) {
    try {
      this.sum += await peer.ask({ word }, { timeoutMs: 10 });
    } catch (error) {
      this.log.debug((error as Error).name);
    }
  }

  async askInVain(peer: { ask(message: object, options: object): Promise<number> }, word: number) {
    const controller = new AbortController();
    this.after(1, () => controller.abort());
    try {
      this.sum += await peer.ask(
        { word: 1000 + word },
        { signal: controller.signal, timeoutMs: 20 },
      );
    } catch (error) {
      this.log.debug((error as Error).name);
    }
  }

  handlers = this.on({
    say: (_src, { word, bytes }) => {
      this.heard++;
      this.sum += word + bytes.length;
    },
    whisper: (_src, { word }) => {
      this.sum ^= word;
    },
    tell: async (_src, { rumour: one, others }) => {
      this.known.push(one, ...others.slice(0, 1));
      await this.store.put('last', one.word);
    },
    ask: async (src, { word }) => {
      if (word >= 1000) await this.sleep(5);
      return word + src.length;
    },
  });

  override state(): object {
    const { heard, sum, left, known, mine } = this;
    return { heard, sum, left, known: known.slice(-2), mine };
  }

  override report(): object {
    return { heard: this.heard, sum: this.sum };
  }
}
