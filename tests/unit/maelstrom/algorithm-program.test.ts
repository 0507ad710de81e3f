/** A Parley algorithm in Maelstrom's protocol: what its messages look like there, and what becomes of those that do not fit. */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { defineAlgorithm, type AlgorithmClass } from '../../../src/core/algorithm.ts';
import { Refusal } from '../../../src/core/errors.ts';
import { cast, request } from '../../../src/core/message.ts';
import { signed } from '../../../src/core/signed.ts';
import { Random } from '../../../src/core/random.ts';
import { AlgorithmProgram } from '../../../src/maelstrom/algorithm-program.ts';
import type { Body, Message } from '../../../src/maelstrom/message.ts';
import type { Port } from '../../../src/maelstrom/program.ts';
import { Turn } from '../../../src/runtime/turn.ts';
import { MemoryStore } from '../../../src/storage/memory.ts';

const oath = signed('Oath', { text: v.string() });

class Layer extends defineAlgorithm('layer', { messages: { data: cast({ text: v.string() }) } }) {
  heard: string[] = [];
  handlers = this.on({ data: (_src, { text }) => void this.heard.push(text) });
}

class Sample extends defineAlgorithm('sample', {
  messages: {
    read: request({ key: v.string() }, v.object({ value: v.number() })),
    name: request({}, v.string()),
    forget: request({}, v.object({})),
    refuse: request({ why: v.string() }, v.object({})),
    ask: request({ type_of: v.string() }, v.object({ answer: v.string() })),
    tell: cast({ bytes: v.optional(v.boolean()), reserved: v.optional(v.boolean()) }),
    note: cast({ content: v.any() }),
    swear: cast({ oath }),
  },
  children: { layer: Layer },
  service: true,
}) {
  handlers = this.on({
    read: (_src, { key }) => ({ value: key.length }),
    name: () => 'sample',
    forget: () => ({}),
    refuse: (_src, { why }) => {
      throw new Refusal(why);
    },
    ask: async () => {
      try {
        return { answer: await this.peer('n1').name() };
      } catch (error) {
        return { answer: (error as Error).message };
      }
    },
    tell: (_src, { bytes, reserved }) => {
      if (reserved === true) void this.peer('n1').swear({ oath: this.sign(oath, { text: 'x' }) });
      else if (bytes === true) void this.peer('n1').note({ content: new Uint8Array(1) });
      else void this.children.layer.peer('n1').data({ text: 'below' });
    },
    swear: () => {},
    note: (_src, { content }) => {
      if (content instanceof Uint8Array) void this.peer('n1').note({ content: [...content] });
    },
  });
}

/** A node with the hands of the test around it: nothing happens but what is called. */
class Bench {
  readonly sent: Message[] = [];
  readonly problems: string[] = [];
  readonly program: AlgorithmProgram;
  readonly #events: (() => unknown)[] = [];

  constructor(algorithm: AlgorithmClass = Sample) {
    const port: Port = {
      id: 'n0',
      incarnation: 0,
      random: Random.stream(1, 'test'),
      store: new MemoryStore(),
      turn: new Turn(),
      now: () => 0,
      after: (delayMs, callback) => {
        // No time passes here.
        if (delayMs === 0) this.#events.push(callback);
        return { cancel: () => {} };
      },
      sleep: () => Promise.resolve(),
      knows: () => true,
      send: (dest, body) => void this.sent.push({ src: 'n0', dest, body }),
      log: () => {},
      fail: (problem) => void this.problems.push(problem),
    };
    this.program = new AlgorithmProgram(port, { algorithm, settings: '', seed: 1 });
  }

  async hear(src: string, body: Record<string, unknown>): Promise<Body[]> {
    const before = this.sent.length;
    this.program.receive({ src, dest: 'n0', body: body as Body });
    await new Promise((resolve) => setImmediate(resolve));
    for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
      event();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return this.sent.slice(before).map((message) => message.body);
  }

  async init(): Promise<this> {
    const answers = await this.hear('c0', {
      ...{ type: 'init', msg_id: 1, node_id: 'n0', node_ids: ['n0', 'n1'] },
    });
    expect(answers).toEqual([{ type: 'init_ok', in_reply_to: 1 }]);
    return this;
  }
}

describe('What it is asked', () => {
  test('is answered with the fields of its reply', async () => {
    const bench = await new Bench().init();
    expect(await bench.hear('c1', { type: 'read', key: 'abc', msg_id: 7 })).toEqual([
      { type: 'read_ok', in_reply_to: 7, value: 3 },
    ]);
    expect(await bench.hear('c1', { type: 'forget', msg_id: 8 })).toEqual([
      { type: 'forget_ok', in_reply_to: 8 },
    ]);
    expect(await bench.hear('c1', { type: 'name', msg_id: 9 })).toEqual([
      { type: 'name_ok', in_reply_to: 9, reply: 'sample' },
    ]);
    expect(await bench.hear('c1', { type: 'read', key: 'abc' })).toEqual([]);
  });

  test.each([
    ['precondition-failed: it is 3', 22],
    ['key-does-not-exist', 20],
    ['timeout: nobody knows', 0],
    ['not today', 14],
  ])('is refused: %s', async (why, code) => {
    const bench = await new Bench().init();
    expect(await bench.hear('c1', { type: 'refuse', why, msg_id: 2 })).toEqual([
      { type: 'error', in_reply_to: 2, code, text: why },
    ]);
  });

  test('and is nothing it knows, or does not fit, is refused for it', async () => {
    const bench = await new Bench().init();
    const [unknown] = await bench.hear('c1', { type: 'dance', msg_id: 2 });
    expect(unknown).toMatchObject({ type: 'error', code: 10, in_reply_to: 2 });
    const [malformed] = await bench.hear('c1', { type: 'read', key: 5, msg_id: 3 });
    expect(malformed).toMatchObject({ type: 'error', code: 12, in_reply_to: 3 });
    expect(bench.problems).toEqual([]);
  });
});

describe('What it asks', () => {
  const asking = async (answer: Record<string, unknown>) => {
    const bench = await new Bench().init();
    const [asked] = await bench.hear('c1', { type: 'ask', type_of: 'x', msg_id: 5 });
    expect(asked).toMatchObject({ type: 'name' });
    return bench.hear('n1', { ...answer, in_reply_to: asked!['msg_id'] });
  };

  test('comes back as it went, to whoever waits for it', async () => {
    expect(await asking({ type: 'name_ok', reply: 'other' })).toEqual([
      { type: 'ask_ok', in_reply_to: 5, answer: 'other' },
    ]);
  });

  test('comes back as an error that says who said it', async () => {
    const [answer] = await asking({ type: 'error', code: 11, text: 'busy' });
    expect(answer).toMatchObject({ type: 'ask_ok', answer: 'n1: busy' });
  });

  test('an answer that nobody waits for is left', async () => {
    const bench = await new Bench().init();
    expect(await bench.hear('n1', { type: 'name_ok', in_reply_to: 99, reply: 'x' })).toEqual([]);
  });
});

describe('What it says', () => {
  test('for a layer bears the layer’s name, and finds it', async () => {
    const bench = await new Bench().init();
    expect(await bench.hear('c1', { type: 'tell' })).toEqual([
      { type: 'layer.data', text: 'below' },
    ]);
    expect(await bench.hear('n1', { type: 'layer.data', text: 'above' })).toEqual([]);
    expect(bench.problems).toEqual([]);
  });

  test('with bytes is said in JSON, and comes back as bytes', async () => {
    const bench = await new Bench().init();
    const [said] = await bench.hear('c1', { type: 'tell', bytes: true });
    expect(said).toEqual({ type: 'note', content: { $bytes: 'AA==' } });
    expect(await bench.hear('n1', said!)).toEqual([{ type: 'note', content: [0] }]);
    expect(await bench.hear('n1', { type: 'note', content: { $bytes: '!' } })).toEqual([]);
  });

  test('and is signed, ends the node with the reason', async () => {
    const bench = await new Bench().init();
    await bench.hear('c1', { type: 'tell', reserved: true });
    expect(bench.problems).toEqual([
      expect.stringContaining("sample says 'swear' with a signed value, which cannot be said"),
    ]);
  });
});

test.each([
  [{ type: 'read', key: 'a', msg_id: 1 }, "'read' came from c1 before 'init'"],
  [{ type: 'init', node_id: 'n0', msg_id: 1 }, "'init' needs node_id"],
  [{ type: 'init', node_id: 'n7', node_ids: ['n0'], msg_id: 1 }, "'init' needs node_id"],
])('%j is refused', (body, problem) => {
  const { program } = new Bench();
  expect(() => program.receive({ src: 'c1', dest: 'n0', body })).toThrow(problem);
});
