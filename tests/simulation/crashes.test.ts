/** Nodes that go down in the middle, and come back as new incarnations or never. */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { defineAlgorithm } from '../../src/core/algorithm.ts';
import type { DiskFate } from '../../src/core/faults/faults.ts';
import type { GlobalView, Invariant } from '../../src/core/invariant.ts';
import { cast, request } from '../../src/core/message.ts';
import { events, resultOf, statuses } from '../support/simulate.ts';
import { firings, stormy } from './stormy.ts';

/** Ticks, stores each tick, and tells n1; ends after a time. */
class Ticker extends defineAlgorithm('ticker', {
  messages: { tick: cast({ number: v.number() }), ask: request({}, v.number()) },
}) {
  ticks = 0;
  lives: number[] = [];
  heard: number[] = [];
  asked: (number | string)[] = [];

  override async onStart() {
    this.ticks = Number((await this.store.get('ticks')) ?? 0);
    const lives = Number((await this.store.get('lives')) ?? 0);
    await this.store.put('lives', lives + 1);
    this.lives = [lives, this.restarted ? 1 : 0];
    this.every(10, async () => {
      this.ticks++;
      void this.peers.get('n1')?.tick({ number: this.ticks });
      await this.store.put('ticks', this.ticks);
    });
    this.after(300, () => this.terminate());
    if (this.id === 'n1') this.every(20, () => this.ask());
  }

  async ask() {
    try {
      this.asked.push(await this.peer('n2').ask({}, { timeoutMs: 50 }));
    } catch (error) {
      this.asked.push((error as Error).name);
    }
  }

  handlers = this.on({
    tick: (src, { number }) => {
      if (src === 'n2') this.heard.push(number);
    },
    ask: async () => {
      await this.sleep(5);
      return this.ticks;
    },
  });

  override state() {
    return { ticks: this.ticks };
  }

  override report() {
    const { ticks, lives, heard, asked } = this;
    return { ticks, lives, heard, asked };
  }
}

const down = { node: 'n2', at: 105, for: 100 };
const latencyMs = { min: 2, max: 2 };

describe('a node that crashes and comes back', () => {
  test('is a new incarnation that knows it, with what it had stored', async () => {
    const run = await stormy(Ticker, { crashes: [down] }, { latencyMs });
    expect(run.ok).toBe(true);
    const { report } = resultOf(run, 'n2');
    expect(report['lives']).toEqual([1, 1]);
    // Some ten ticks before, and thirty after; none in between.
    expect(report['ticks']).toBeGreaterThan(35);
    expect(report['ticks']).toBeLessThan(42);
    expect(run.faults_fired).toEqual({ crash: 1, restart: 1 });
    const [crash] = firings(run, 'crash');
    const [restart] = firings(run, 'restart');
    expect(crash).toMatchObject({ node: 'n2', time: 105, detail: 'until 205 ms' });
    expect(restart).toMatchObject({ node: 'n2', time: 205, detail: 'as incarnation 1' });
  });

  test('does nothing in between: no timer, no answer, no message of its', async () => {
    const run = await stormy(Ticker, { crashes: [down] }, { latencyMs });
    const own = run.trace.filter(({ node, time }) => node === 'n2' && time > 105 && time < 205);
    expect(new Set(own.map(({ kind }) => kind))).toEqual(new Set(['drop']));
    expect(own.every((event) => event.kind === 'drop' && event.reason === 'down')).toBe(true);
    expect(resultOf(run, 'n1').report['asked']).toContain('RequestTimeout');
  });

  test('counts on: no number in the trace stands for two things', async () => {
    const run = await stormy(Ticker, { crashes: [{ nodes: ['n1', 'n2'], at: 105, for: 20 }] });
    const sequences = run.trace.filter(({ node }) => node === 'n2').map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, i) => i + 1));
    const sent = events(run, 'send').map(({ message, to }) => `${message} ${to}`);
    expect(new Set(sent).size).toBe(sent.length);
    const total = Object.values(run.nodes).reduce((sum, node) => sum + node.messages_sent, 0);
    expect(total).toBe(sent.length);
  });

  test('does not get what was meant for the incarnation before', async () => {
    const slow = { min: 50, max: 50 };
    const run = await stormy(Ticker, { crashes: [{ ...down, for: 10 }] }, { latencyMs: slow });
    const missed = events(run, 'drop').filter(({ node }) => node === 'n2');
    expect(missed.length).toBeGreaterThan(0);
    for (const { reason, detail, time } of missed) {
      expect(reason).toBe('down');
      expect(detail).toBe(
        time < 115 ? 'the node is down' : 'it was meant for an earlier incarnation',
      );
    }
    // What was on its way for 50 ms when the node came back is among them.
    expect(missed.some(({ time }) => time > 115)).toBe(true);
    expect(resultOf(run, 'n2').dropped.down).toBe(missed.length);
  });

  test('does not draw the numbers again that it drew before', async () => {
    class Drawer extends defineAlgorithm('drawer', {}) {
      override async onStart() {
        const drawn = ((await this.store.get('drawn')) ?? []) as number[];
        await this.store.put('drawn', [...drawn, this.random.next()]);
        this.after(100, () => this.terminate());
      }
      handlers = this.on({});
      override report() {
        return { drawn: this.drawn };
      }
      drawn: number[] = [];
      override async onExit() {
        this.drawn = (await this.store.get('drawn')) as number[];
      }
    }
    const run = await stormy(Drawer, { crashes: [{ node: 'n2', at: 50, for: 10 }] });
    const drawn = resultOf(run, 'n2').report['drawn'] as number[];
    expect(drawn).toHaveLength(2);
    expect(drawn[0]).not.toBe(drawn[1]);
  });

  test('again and again, on any node', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const faults = { crashes: [{ every: 60, for: '1-60' }], heal: 400 };
      const run = await stormy(Ticker, faults, { seed, nodes: 4, latencyMs });
      expect(run.ok, JSON.stringify(statuses(run))).toBe(true);
      expect(run.faults_fired.crash).toBe(run.faults_fired.restart);
    }
  });

  test('runs out of time like any other when it comes back too late', async () => {
    const faults = { crashes: [{ node: 'n2', at: 105, for: '1h' }] };
    const run = await stormy(Ticker, faults, { latencyMs, timeoutMs: 1000 });
    expect(run.ok).toBe(false);
    expect(resultOf(run, 'n2')).toMatchObject({ status: 'timeout', error: 'it was down' });
    expect(resultOf(run, 'n2').fault).toBeUndefined();
    expect(resultOf(run, 'n1').status).toBe('timeout');
  });
});

describe('a node that crashes for good', () => {
  const gone = { crashes: [{ node: 'n2', at: 105 }] };

  test('is departed, and the others go on without it', async () => {
    const run = await stormy(Ticker, gone, { latencyMs });
    expect(statuses(run)).toEqual({ n1: 'terminated', n2: 'departed', n3: 'terminated' });
    expect(resultOf(run, 'n2')).toMatchObject({
      fault: 'crashed',
      error: 'it crashed at 105 ms, for good',
    });
    expect(run.ok).toBe(true);
    expect(run.faults_fired).toEqual({ crash: 1 });
  });

  test('is missed first by silence and then for certain', async () => {
    class Caller extends defineAlgorithm('caller', { messages: { call: request({}, v.null()) } }) {
      ends: string[] = [];
      override async onStart() {
        if (this.id !== 'n1') return this.terminate();
        await this.sleep(200);
        for (let i = 0; i < 3; i++) {
          const call = this.peer('n2').call({}, { timeoutMs: 600 });
          await call.catch((error: Error) =>
            this.ends.push(`${error.name} ${Math.round(this.now())}`),
          );
        }
        this.terminate();
      }
      handlers = this.on({ call: () => null });
      override report() {
        return { ends: this.ends };
      }
    }
    const run = await stormy(Caller, gone, { latencyMs });
    // One waits for its time, the next until it is known, the third not at all.
    expect(resultOf(run, 'n1').report['ends']).toEqual([
      expect.stringMatching(/^RequestTimeout 8\d\d$/),
      'PeerGone 1105',
      'PeerGone 1105',
    ]);
  });

  test('comes back after all when everything is healed', async () => {
    const run = await stormy(Ticker, { ...gone, heal: 250 }, { latencyMs });
    expect(run.faults_fired).toEqual({ crash: 1, restart: 1 });
    expect(firings(run, 'restart')[0]).toMatchObject({ time: 250 });
    expect(statuses(run)).toEqual({ n1: 'terminated', n2: 'terminated', n3: 'terminated' });
  });

  test('is no crash when the node had ended before', async () => {
    const run = await stormy(Ticker, { crashes: [{ node: 'n2', at: 2000 }] }, { latencyMs });
    expect(run.faults_fired).toEqual({ crash: 0 });
    expect(run.ok).toBe(true);
  });

  test('may be one that never began', async () => {
    const run = await stormy(Ticker, { crashes: [{ node: 'n2', at: 0.5 }] }, { latencyMs });
    expect(run.ok).toBe(true);
    expect(statuses(run)).toMatchObject({ n1: 'terminated', n2: 'departed' });
  });
});

describe('the disk', () => {
  /** Writes pairs, each of two keys and one after the other, and reports what it found when it came back. */
  class Scribe extends defineAlgorithm('scribe', {}) {
    found: Record<string, number> = {};
    confirmed = 0;
    override async onStart() {
      this.found = Object.fromEntries(await this.store.entries()) as Record<string, number>;
      this.after(500, () => this.terminate());
      if (this.restarted) return;
      for (let i = 1; ; i++) {
        await this.store.putAll({ left: i, right: i });
        this.confirmed = i;
      }
    }
    handlers = this.on({});
    override state() {
      return { confirmed: this.confirmed };
    }
    override report() {
      return { found: this.found };
    }
  }

  const crashed = async (disk: DiskFate, seed: number) => {
    const crashes = [{ node: 'n1', at: 100, for: 50, disk }];
    const run = await stormy(Scribe, { disk: { sync: '3-9' }, crashes }, { seed, nodes: 2 });
    expect(run.ok).toBe(true);
    const states = events(run, 'state').filter(({ node, time }) => node === 'n1' && time < 100);
    const { confirmed } = states.at(-1)!.state as { confirmed: number };
    const found = resultOf(run, 'n1').report['found'] as { left?: number; right?: number };
    return { run, confirmed, found };
  };

  test('has everything that was confirmed, and what was under way if it is kept', async () => {
    for (let seed = 0; seed < 10; seed++) {
      const { found, confirmed } = await crashed('kept', seed);
      expect(found).toEqual({ left: confirmed + 1, right: confirmed + 1 });
    }
  });

  test('has lost what was under way, and nothing else', async () => {
    for (let seed = 0; seed < 10; seed++) {
      const { run, found, confirmed } = await crashed('unsynced', seed);
      expect(found).toEqual({ left: confirmed, right: confirmed });
      expect(run.faults_fired.unsynced).toBe(1);
    }
  });

  test('has what was under way in part, with some seeds', async () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 30; seed++) {
      const { run, found, confirmed } = await crashed('torn', seed);
      seen.add(`${found.left! - confirmed} ${found.right! - confirmed}`);
      expect(run.faults_fired.torn).toBe(found.left === found.right ? 0 : 1);
    }
    expect([...seen].toSorted()).toEqual(['0 0', '1 0', '1 1']);
  });

  test('has nothing after amnesia', async () => {
    const { run, found } = await crashed('amnesia', 1);
    expect(found).toEqual({});
    expect(run.faults_fired.amnesia).toBe(1);
  });

  test('without a time for writes, every one that was asked for is there', async () => {
    const crashes = [{ node: 'n2', at: 105, for: 100, disk: 'amnesia' as const }];
    const run = await stormy(Ticker, { crashes }, { latencyMs });
    expect(resultOf(run, 'n2').report['lives']).toEqual([0, 1]);
    expect(run.faults_fired.amnesia).toBe(1);
  });

  test('amnesia of an empty disk is none', async () => {
    class Idle extends defineAlgorithm('idle', {}) {
      override onStart() {
        this.after(300, () => this.terminate());
      }
      handlers = this.on({});
    }
    const crashes = [{ node: 'n2', at: 105, for: 10, disk: 'amnesia' as const }];
    const run = await stormy(Idle, { crashes, expect: 'fired' });
    expect(run.faults_fired).toEqual({ crash: 1, restart: 1, amnesia: 0 });
    expect(run.problems).toEqual([expect.stringContaining('amnesia: nothing was on the disk')]);
    expect(run.ok).toBe(false);
  });
});

test('an invariant sees who is down, in the state in which it went down', async () => {
  const seen: string[] = [];
  const watch: Invariant = {
    name: 'Everything is seen',
    check: ({ nodes }: GlobalView) => {
      const { fault, status, state } = nodes.find(({ id }) => id === 'n2')!;
      seen.push(`${fault ?? 'correct'} ${status} ${String(state['ticks'])}`);
      return undefined;
    },
  };
  const crashes = [
    { node: 'n2', at: 55, for: 20 },
    { node: 'n3', at: 60 },
  ];
  await stormy(Ticker, { crashes }, { latencyMs, invariants: [watch] });
  const crash = seen.findIndex((line) => line.startsWith('crashed'));
  expect(seen[crash]).toBe(seen[crash - 1]!.replace('correct', 'crashed'));
  expect(seen[crash]).toMatch(/^crashed running [45]$/);
  const whileDown = seen.filter((line) => line.startsWith('crashed'));
  expect(new Set(whileDown)).toEqual(new Set([seen[crash]]));
  expect(seen.at(-1)).toMatch(/^correct terminated/);
});
