/** Layers: children under named fields, their hooks, their deliveries, and whose message is whose. */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { defineAlgorithm } from '../../../src/core/algorithm.ts';
import { cast, request } from '../../../src/core/message.ts';
import { signed } from '../../../src/core/signed.ts';
import { HandHosted } from '../../support/hand-hosted.ts';
import { events, resultOf, simulate } from '../../support/simulate.ts';

const order: string[] = [];

/** Carries texts, delivers them up with its own name, and asks its parent what they mean. */
class Carrier extends defineAlgorithm('carrier', {
  messages: { text: cast({ text: v.string() }), ping: request({}, v.string()) },
  settings: { mark: v.optional(v.string()) },
  delivers: {
    got: cast({ from: v.string(), text: v.string() }),
    meaning: request({ text: v.string() }, v.string()),
  },
}) {
  readonly meanings: string[] = [];
  override onStart() {
    order.push(`${this.id} ${this.path} starts`);
  }
  override onExit() {
    order.push(`${this.id} ${this.path} exits`);
  }
  async send(text: string) {
    await this.toAll.text({ text: `${text} (${this.settings.mark ?? 'unmarked'})` });
  }
  handlers = this.on({
    text: async (from, { text }) => {
      await this.deliver.got({ from, text });
      this.meanings.push(await this.deliver.meaning({ text }));
    },
    ping: () => `${this.path} of ${this.id}`,
  });
  override report() {
    return { meanings: this.meanings };
  }
}

/** Two of them, which deliver the same types, and messages of its own with the same names. */
class Pair extends defineAlgorithm('pair', {
  messages: { text: cast({ text: v.string() }), ping: request({}, v.string()) },
  children: { left: Carrier, right: Carrier },
}) {
  readonly heard: string[] = [];
  override async onStart() {
    order.push(`${this.id} ${this.path} starts`);
    if (this.id !== 'n1') return;
    await this.children.left.send('to the left');
    await this.children.right.send('to the right');
    await this.toAll.text({ text: 'to the top' });
  }
  override onExit() {
    order.push(`${this.id} ${this.path} exits`);
  }
  handlers = this.on({
    text: (src, { text }) => {
      this.heard.push(`top: ${text} from ${src}`);
    },
    ping: () => `top of ${this.id}`,
  });
  delivered = this.from({
    left: {
      got: ({ from, text }) => {
        this.heard.push(`left: ${text} from ${from}`);
      },
      meaning: ({ text }) => `left means ${text.length}`,
    },
    right: {
      got: ({ from, text }) => {
        this.heard.push(`right: ${text} from ${from}`);
      },
      meaning: async ({ text }) => {
        await this.sleep(3);
        return `right means ${text.length}`;
      },
    },
  });
  override report(): object {
    const { left, right } = this.children;
    return { heard: this.heard, left: left.report(), right: right.report() };
  }
}

const stopMs = { timeoutMs: 500 };

describe('layers', () => {
  test('each child gets its own messages, and its parent knows from whom a delivery comes', async () => {
    const run = await simulate(Pair, { ...stopMs, latencyMs: { min: 1, max: 1 } });
    expect(resultOf(run, 'n2').report).toEqual({
      heard: [
        'left: to the left (unmarked) from n1',
        'right: to the right (unmarked) from n1',
        'top: to the top from n1',
      ],
      left: { meanings: ['left means 22'] },
      right: { meanings: ['right means 23'] },
    });
  });

  test('messages are counted by path', async () => {
    const run = await simulate(Pair, stopMs);
    expect(resultOf(run, 'n2').messages_received).toEqual({
      pair: 1,
      'pair.left': 1,
      'pair.right': 1,
    });
    expect(resultOf(run, 'n1').messages_received).toEqual({
      pair: 0,
      'pair.left': 0,
      'pair.right': 0,
    });
    const paths = new Set(events(run, 'deliver').map(({ path }) => path));
    expect([...paths].toSorted()).toEqual(['pair', 'pair.left', 'pair.right']);
  });

  test('hooks are called for every layer: starting from below, ending from above', async () => {
    order.length = 0;
    class Brief extends Pair {
      override async onStart() {
        await super.onStart();
        this.terminate();
      }
    }
    await simulate(Brief, { nodes: 1 });
    expect(order).toEqual([
      'n1 pair.right starts',
      'n1 pair.left starts',
      'n1 pair starts',
      'n1 pair exits',
      'n1 pair.left exits',
      'n1 pair.right exits',
    ]);
  });

  test('settings of a child stand in its own block', async () => {
    const own = (mark: string) => ({ own: { mark }, children: {} });
    const run = await simulate(Pair, {
      ...stopMs,
      settings: () => ({ own: {}, children: { left: own('L'), right: own('R') } }),
    });
    const { heard } = resultOf(run, 'n2').report as { heard: string[] };
    expect(heard.map((line) => /\((\w)\)/.exec(line)?.[1])).toEqual(
      expect.arrayContaining(['L', 'R']),
    );
  });

  test('equal names at different paths are different messages', async () => {
    class Asking extends Pair {
      answers: string[] = [];
      override async onStart() {
        if (this.id !== 'n1') return;
        const peers = [this, this.children.left, this.children.right].map((it) => it.peer('n2'));
        this.answers = await Promise.all(peers.map((peer) => peer.ping()));
      }
      override report() {
        return { answers: this.answers };
      }
    }
    const run = await simulate(Asking, stopMs);
    expect(resultOf(run, 'n1').report['answers']).toEqual([
      'top of n2',
      'pair.left of n2',
      'pair.right of n2',
    ]);
  });

  test('an answer of another layer is none', async () => {
    class Asking extends Pair {
      answer = 'none';
      override async onStart() {
        this.answer = await this.peer('n2').ping();
      }
      override report() {
        return { answer: this.answer };
      }
    }
    const node = new HandHosted(Asking);
    await node.startAll();
    const answers = node.sent[0]!.envelope.number;
    const answer = { kind: 'reply', type: 'ping', answers } as const;
    await node.deliver('n2', { ...answer, path: 'pair.left', body: 'left' });
    expect(node.runner.result()).toMatchObject({
      dropped: { unexpected: 1 },
      report: { answer: 'none' },
    });
    await node.deliver('n2', { ...answer, path: 'pair', body: 'top' });
    expect(node.runner.result().report).toEqual({ answer: 'top' });
  });

  test('only the top says that a node has done its part', async () => {
    class Hasty extends Carrier {
      override onStart() {
        this.terminate();
      }
    }
    class Above extends defineAlgorithm('above', { children: { lower: Hasty } }) {
      override onStart() {
        this.after(100, () => this.terminate());
      }
      handlers = this.on({});
      delivered = this.from({ lower: { got: () => {}, meaning: () => '' } });
    }
    const run = await simulate(Above);
    expect(run.ok).toBe(true);
    expect(run.virtualMs).toBeGreaterThan(100);
  });

  test('each layer has a random stream and a store of its own', async () => {
    class Drawing extends defineAlgorithm('drawing', {}) {
      readonly drawn = [this.random.bits(), this.random.bits()];
      override async onStart() {
        await this.store.put('key', this.path);
      }
      handlers = this.on({});
    }
    class Top extends defineAlgorithm('top', { children: { a: Drawing, b: Drawing } }) {
      found: unknown[] = [];
      override async onStart() {
        const { a, b } = this.children;
        await this.sleep(1);
        this.found = [a.drawn, b.drawn, await a.store.get('key'), await this.store.entries()];
        this.terminate();
      }
      handlers = this.on({});
      override report() {
        return { found: this.found };
      }
    }
    const run = await simulate(Top);
    const [a, b, key, entries] = resultOf(run, 'n1').report['found'] as unknown[];
    expect(a).not.toEqual(b);
    expect(key).toBe('top.a');
    expect(entries).toEqual([]);
  });
});

describe('layers in layers', () => {
  /** The middle layer turns what the lowest delivers into its own delivery, and passes its question on. */
  class Middle extends defineAlgorithm('middle', {
    children: { lowest: Carrier },
    delivers: {
      heard: cast({ line: v.string() }),
      explain: request({ text: v.string() }, v.string()),
    },
  }) {
    handlers = this.on({});
    delivered = this.from({
      lowest: {
        got: async ({ from, text }) => {
          await this.deliver.heard({ line: `${text} from ${from} through ${this.path}` });
        },
        meaning: async ({ text }) => `middle: ${await this.deliver.explain({ text })}`,
      },
    });
  }
  class Top extends defineAlgorithm('top', { children: { middle: Middle } }) {
    readonly lines: string[] = [];
    override async onStart() {
      if (this.id === 'n1') await this.children.middle.children.lowest.send('deep');
    }
    handlers = this.on({});
    delivered = this.from({
      middle: {
        heard: ({ line }) => {
          this.lines.push(line);
        },
        explain: ({ text }) => `top: ${text.length}`,
      },
    });
    override report() {
      return { lines: this.lines, meanings: this.children.middle.children.lowest.meanings };
    }
  }

  test('deliveries rise to the top, and answers come down again', async () => {
    const run = await simulate(Top, stopMs);
    expect(resultOf(run, 'n3').report).toEqual({
      lines: ['deep (unmarked) from n1 through top.middle'],
      meanings: ['middle: top: 15'],
    });
    expect(resultOf(run, 'n3').messages_received).toEqual({
      top: 0,
      'top.middle': 0,
      'top.middle.lowest': 1,
    });
  });

  test('the whole tree is built for each node of its own', async () => {
    const run = await simulate(Top, { ...stopMs, nodes: 2 });
    expect(resultOf(run, 'n1').report).toEqual({ lines: [], meanings: [] });
  });
});

describe('statements and layers', () => {
  const vote = signed('Vote', { value: v.boolean() });
  class Bearer extends defineAlgorithm('bearer', {
    messages: { carry: cast({ what: v.any() }) },
    delivers: { arrived: cast({ what: v.any() }) },
  }) {
    handlers = this.on({ carry: (_, { what }) => this.deliver.arrived({ what }) });
  }
  class Council extends defineAlgorithm('council', {
    children: { bearer: Bearer, other: Bearer },
  }) {
    readonly votes: string[] = [];
    override async onStart() {
      if (this.id === 'n1') await this.children.bearer.toAll.carry({ what: this.vote() });
    }
    vote(): unknown {
      return this.sign(vote, { value: true });
    }
    handlers = this.on({});
    delivered = this.from({
      bearer: { arrived: ({ what }) => this.arrived(what) },
      other: { arrived: ({ what }) => this.arrived(what) },
    });
    arrived(what: unknown): void {
      this.votes.push(String(this.parse(vote, what)));
    }
    override report() {
      return { votes: this.votes };
    }
  }

  test('a layer below carries the statements of those above it', async () => {
    const run = await simulate(Council, stopMs);
    expect(resultOf(run, 'n2').report).toEqual({ votes: ['Vote(value=true) (signed by n1)'] });
  });

  test('but not those of a layer beside it', async () => {
    class Mixed extends Council {
      override vote() {
        return this.children.other.sign(vote, { value: true });
      }
    }
    const run = await simulate(Mixed, stopMs);
    expect(resultOf(run, 'n2').report).toEqual({ votes: [] });
    expect(resultOf(run, 'n2').dropped).toEqual({ signature: 1 });
  });
});
