/** What a layer hands to the one above, and what it gets back. */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { defineAlgorithm } from '../../../src/core/algorithm.ts';
import { Refusal } from '../../../src/core/errors.ts';
import { cast, request } from '../../../src/core/message.ts';
import { events, resultOf, simulate, statuses } from '../../support/simulate.ts';

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
