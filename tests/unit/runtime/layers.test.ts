/** Layers: children under named fields, their hooks, their deliveries, and whose message is whose. */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { defineAlgorithm } from '../../../src/core/algorithm.ts';
import { Refusal } from '../../../src/core/errors.ts';
import { cast, request } from '../../../src/core/message.ts';
import { signed } from '../../../src/core/signed.ts';
import { HandHosted } from '../../support/hand-hosted.ts';
import { events, resultOf, simulate, statuses } from '../../support/simulate.ts';

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

describe('deliveries', () => {
  class Lower extends defineAlgorithm('lower', {
    messages: { go: cast({}) },
    delivers: { number: cast({ number: v.number() }), ask: request({}, v.number()) },
  }) {
    outcome = 'none';
    handlers = this.on({ go: () => {} });
    async ask() {
      try {
        this.outcome = `answer ${await this.deliver.ask()}`;
      } catch (error) {
        this.outcome = `${(error as Error).name}: ${(error as Error).message}`;
      }
    }
  }
  class Upper extends defineAlgorithm('upper', { children: { lower: Lower } }) {
    override async onStart() {
      if (this.id === 'n1') await this.act();
      this.terminate();
    }
    async act(): Promise<void> {}
    handlers = this.on({});
    delivered = this.from({ lower: { number: (it) => this.got(it), ask: () => this.answer() } });
    readonly numbers: number[] = [];
    got({ number }: { readonly number: number }): void | Promise<void> {
      this.numbers.push(number);
    }
    answer(): number | Promise<number> {
      return 7;
    }
    override report() {
      return { outcome: this.children.lower.outcome };
    }
  }
  const outcome = async (algorithm: typeof Upper) => {
    const run = await simulate(algorithm);
    return { run, outcome: resultOf(run, 'n1').report['outcome'] };
  };

  test('are copies: neither side sees what the other does to them later', async () => {
    const kept: number[][] = [];
    class Source extends defineAlgorithm('source', {
      delivers: { list: cast({ list: v.any() }) },
    }) {
      handlers = this.on({});
    }
    class Keeping extends defineAlgorithm('keeping', { children: { source: Source } }) {
      override async onStart() {
        const list = [1];
        await this.children.source.deliver.list({ list });
        list.push(2);
        kept[0]!.push(3);
        expect(list).toEqual([1, 2]);
        this.terminate();
      }
      handlers = this.on({});
      delivered = this.from({ source: { list: ({ list }) => void kept.push(list as number[]) } });
    }
    expect((await simulate(Keeping, { nodes: 1 })).ok).toBe(true);
    expect(kept).toEqual([[1, 3]]);
  });

  test('that do not fit are refused where they are made', async () => {
    class Wrong extends Upper {
      override async act() {
        await this.children.lower.deliver.number({ number: 'one' as never });
      }
    }
    const { run } = await outcome(Wrong);
    expect(resultOf(run, 'n1').error).toContain("upper.lower delivers 'number': number: ");
  });

  test('a parent may say no', async () => {
    class Refusing extends Upper {
      override async act() {
        await this.children.lower.ask();
      }
      override async answer(): Promise<number> {
        await this.sleep(1);
        throw new Refusal('not now');
      }
    }
    const { run, outcome: result } = await outcome(Refusing);
    expect(result).toBe('Refusal: not now');
    expect(run.ok).toBe(true);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('boom');
      },
    ],
    ['rejects', () => Promise.reject(new Error('boom'))],
  ] as const)('a parent’s handler that %s fails the node', async (_, handler) => {
    class Breaking extends Upper {
      override async act() {
        await this.children.lower.deliver.number({ number: 1 });
        await this.sleep(10);
      }
      override got() {
        return handler();
      }
    }
    const { run } = await outcome(Breaking);
    expect(statuses(run)).toMatchObject({ n1: 'failed' });
    expect(resultOf(run, 'n1').error).toContain("upper: 'number' from lower: boom");
  });

  test('at the top are outputs of the run', async () => {
    class Source extends defineAlgorithm('source', {
      delivers: { out: cast({ bytes: v.instance(Uint8Array) }), ask: request({}, v.number()) },
    }) {
      answer: unknown = 'none';
      override async onStart() {
        await this.deliver.out({ bytes: Uint8Array.of(1) });
        this.answer = await this.deliver.ask();
        this.terminate();
      }
      handlers = this.on({});
      override report() {
        return { answer: this.answer ?? 'undefined' };
      }
    }
    const run = await simulate(Source, { nodes: 1 });
    expect(events(run, 'output')).toMatchObject([
      { path: 'source', type: 'out', value: { bytes: { $bytes: '01' } } },
      { path: 'source', type: 'ask', value: {} },
    ]);
    expect(resultOf(run, 'n1').report).toEqual({ answer: 'undefined' });
  });

  test.each([
    ['an event', (lower: Lower) => lower.deliver.number({ number: 1 })],
    ['a question', (lower: Lower) => lower.deliver.ask()],
  ])('whoever waits for %s goes on in the same turn', async (_, deliver) => {
    const at: number[] = [];
    class Waiting extends Upper {
      override async act() {
        const began = this.now();
        // Not an async function: the turn has to notice by itself that somebody waits.
        this.after(10, () => {
          void deliver(this.children.lower).then(() => at.push(this.now() - began));
        });
        for (let ms = 11; ms < 40; ms++) this.after(ms, () => {});
        await this.sleep(50);
      }
    }
    await simulate(Waiting, { traced: false });
    expect(at.map(Math.round)).toEqual([10]);
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
