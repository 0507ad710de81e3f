/** The beginning and the end of a node's life. */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { defineAlgorithm } from '../../../src/core/algorithm.ts';
import { cast, request } from '../../../src/core/message.ts';
import { EARLY_MESSAGES_MAX } from '../../../src/runtime/mailroom.ts';
import { HandHosted } from '../../support/hand-hosted.ts';
import { events, reports, resultOf, simulate, statuses } from '../../support/simulate.ts';

/** Writes down what happens to it, in order. */
class Diary extends defineAlgorithm('diary', { messages: { note: cast({ number: v.number() }) } }) {
  readonly entries: string[] = [];
  override onStart() {
    this.entries.push('start');
  }
  handlers = this.on({
    note: (src, { number }) => {
      this.entries.push(`${src}:${number}`);
    },
  });
  override onExit(): void | Promise<void> {
    this.entries.push('exit');
  }
  override report() {
    return { entries: this.entries };
  }
}

const note = (number: number) => ({ type: 'note', body: { number } });
const entries = (node: HandHosted) => node.runner.result().report['entries'];

describe('starting', () => {
  test('nothing is handled before onStart: what comes early waits, in its order', async () => {
    const node = new HandHosted(Diary);
    await node.start();
    for (const number of [1, 2, 3]) await node.deliver('n2', note(number));
    expect(entries(node)).toEqual([]);
    await node.startAll();
    expect(entries(node)).toEqual(['start', 'n2:1', 'n2:2', 'n2:3']);
    expect(node.runner.result().messages_received).toEqual({ diary: 3 });
  });

  test('what comes while the early ones are handed over does not overtake them', async () => {
    const node = new HandHosted(Diary);
    await node.start();
    for (const number of [1, 2, 3]) await node.deliver('n2', note(number));
    // In one moment: the last node becomes ready, and further messages arrive before the node has begun.
    node.at(node.now, () => {
      node.standing('ready');
      for (const number of [4, 5]) node.at(node.now, () => node.receive('n2', note(number)));
    });
    await node.run(node.now);
    expect(entries(node)).toEqual(['start', ...[1, 2, 3, 4, 5].map((number) => `n2:${number}`)]);
  });

  test('messages of all nodes stay in order, whatever their latencies', async () => {
    class Counter extends defineAlgorithm('counter', {
      messages: { count: cast({ number: v.number() }) },
    }) {
      readonly heard = new Map<string, number>();
      override async onStart() {
        for (let number = 1; number <= 20; number++) {
          await this.toAll.count({ number });
          if (number % 5 === 0) await this.sleep(1);
        }
        this.terminate();
      }
      handlers = this.on({
        count: (src, { number }) => {
          expect(number).toBe((this.heard.get(src) ?? 0) + 1);
          this.heard.set(src, number);
        },
      });
      override report() {
        return { heard: [...this.heard.values()] };
      }
    }
    for (const latencyMs of [
      { min: 1, max: 1 },
      { min: 0, max: 0 },
      { min: 0, max: 50 },
    ]) {
      for (let seed = 0; seed < 20; seed++) {
        const run = await simulate(Counter, { nodes: 4, latencyMs, seed });
        expect(run.ok, resultOf(run, 'n1').error).toBe(true);
        expect(resultOf(run, 'n1').report).toEqual({ heard: [20, 20, 20] });
      }
    }
  });

  test('more early messages than the buffer holds are dropped and counted', async () => {
    const node = new HandHosted(Diary);
    await node.start();
    for (let i = 0; i < EARLY_MESSAGES_MAX + 3; i++) node.receive('n2', note(i));
    expect(node.runner.result().dropped).toEqual({ overflow: 3 });
    expect(node.logs.at(-1)).toMatch(/dropped 'note' from n2: .*buffer is full/);
  });

  test('a node waits for every other, and says for whom', async () => {
    const node = new HandHosted(Diary);
    await node.start();
    expect(node.runner.status).toBe('ready');
    expect(node.runner.waitingFor).toEqual(['n2', 'n3']);
    node.runner.receiveLifecycle('n2', { version: 1, seen: 0, rows: [['n2', 0, 'ready', '']] });
    await node.run(node.now);
    expect(node.runner.waitingFor).toEqual(['n3']);
    expect(entries(node)).toEqual([]);
    node.runner.peerGone('n3', 'its tab was closed');
    await node.run(node.now);
    expect(node.runner.status).toBe('running');
    expect(entries(node)).toEqual(['start']);
  });

  test('in a simulation no handler runs before its own onStart, at any latency', async () => {
    class Early extends defineAlgorithm('early', { messages: { hello: cast({}) } }) {
      hasBegun = false;
      greetings = 0;
      override onStart() {
        this.hasBegun = true;
        void this.toAll.hello();
      }
      handlers = this.on({
        hello: () => {
          if (!this.hasBegun) throw new Error('handled before onStart');
          if (++this.greetings === this.peers.size) this.terminate();
        },
      });
    }
    for (let seed = 0; seed < 30; seed++) {
      const run = await simulate(Early, { nodes: 5, seed, latencyMs: { min: 0, max: 300 } });
      expect(run.ok, `seed ${seed}`).toBe(true);
    }
  });

  test('a constructor that throws fails the node', async () => {
    class Broken extends defineAlgorithm('broken', {}) {
      handlers = this.on({});
      readonly value = this.explode();
      explode(): number {
        if (this.id === 'n2') throw new Error('no such thing');
        return 1;
      }
    }
    const run = await simulate(Broken);
    expect(statuses(run)).toEqual({ n1: 'stopped', n2: 'failed', n3: 'stopped' });
    expect(resultOf(run, 'n2').error).toContain('its construction: no such thing');
    expect(resultOf(run, 'n1').error).toContain('n2 failed');
  });

  test('a handler that is not there is noticed at once', async () => {
    class Missing extends defineAlgorithm('missing', { messages: { ping: cast({}) } }) {
      handlers = this.on({} as never);
    }
    const run = await simulate(Missing, { nodes: 1 });
    expect(resultOf(run, 'n1').error).toContain("missing: there is no handler for 'ping'");
  });
});

describe('ending', () => {
  test('a node that has finished goes on answering until all have', async () => {
    class Patient extends defineAlgorithm('patient', {
      messages: { ask: request({}, v.string()) },
    }) {
      readonly answers: string[] = [];
      override async onStart() {
        if (this.id === 'n1') return this.terminate();
        await this.sleep(500);
        this.answers.push(await this.peer('n1').ask());
        this.terminate();
      }
      handlers = this.on({ ask: () => `${this.id} is here` });
      override report() {
        return { answers: this.answers };
      }
    }
    const run = await simulate(Patient);
    expect(run.ok).toBe(true);
    expect(reports(run)).toMatchObject({ n2: { answers: ['n1 is here'] } });
  });

  test('onExit runs once, when all have finished, and before the report', async () => {
    const run = await simulate(
      class extends Diary {
        override onStart() {
          super.onStart();
          this.after(this.id === 'n2' ? 300 : 1, () => this.terminate());
        }
      },
    );
    expect(reports(run)).toMatchObject({ n1: { entries: ['start', 'exit'] } });
    const exits = events(run, 'status').filter(({ status }) => status === 'terminated');
    for (const { time } of exits) expect(time).toBeGreaterThan(300);
  });

  test('onExit may take its time', async () => {
    class Slow extends Diary {
      override onStart() {
        this.terminate();
      }
      override async onExit() {
        await this.sleep(40);
        this.entries.push('done');
      }
    }
    const run = await simulate(Slow);
    expect(run.ok).toBe(true);
    expect(reports(run)).toMatchObject({ n3: { entries: ['done'] } });
  });

  test('an onStart that never ends keeps nobody from ending', async () => {
    class Stuck extends defineAlgorithm('stuck', { messages: { stop: cast({}) } }) {
      override async onStart() {
        if (this.id === 'n1') await this.toAll.stop();
        if (this.id === 'n1') this.terminate();
        await new Promise(() => {});
      }
      handlers = this.on({ stop: () => this.terminate() });
    }
    expect(statuses(await simulate(Stuck))).toEqual({
      n1: 'terminated',
      n2: 'terminated',
      n3: 'terminated',
    });
  });

  test('an onExit that never ends does not keep the run from ending', async () => {
    class Endless extends defineAlgorithm('endless', {}) {
      override onStart() {
        this.every(100, () => {});
        this.terminate();
      }
      handlers = this.on({});
      override onExit() {
        return new Promise<void>(() => {});
      }
    }
    const run = await simulate(Endless, { nodes: 2, timeoutMs: 5000 });
    expect(statuses(run)).toEqual({ n1: 'timeout', n2: 'timeout' });
    expect(resultOf(run, 'n1').error).toContain('onExit');
  });

  test('terminate twice is terminate once, and before onStart it is nothing', async () => {
    class Eager extends defineAlgorithm('eager', {}) {
      readonly early = this.terminate();
      override onStart() {
        this.terminate();
        this.terminate();
      }
      handlers = this.on({});
    }
    const run = await simulate(Eager);
    expect(run.ok).toBe(true);
    const seen = events(run, 'status').filter(({ node }) => node === 'n1');
    expect(seen.map(({ status }) => status)).toEqual([
      'joining',
      'ready',
      'running',
      'finished',
      'terminated',
    ]);
  });

  test('a timeout names those who were waited for, and how far they had come', async () => {
    class Uneven extends defineAlgorithm('uneven', {}) {
      override onStart() {
        if (this.id !== 'n2') this.terminate();
      }
      handlers = this.on({});
    }
    const run = await simulate(Uneven, { timeoutMs: 2000 });
    expect(run.ok).toBe(false);
    expect(run.virtualMs).toBe(2000);
    expect(statuses(run)).toEqual({ n1: 'timeout', n2: 'timeout', n3: 'timeout' });
    expect(resultOf(run, 'n1').error).toBe('time is over; it was waiting for n2 (running)');
    expect(resultOf(run, 'n2').error).toContain('did not terminate here');
  });

  test('at the barrier a timeout names those who never came', async () => {
    const node = new HandHosted(Diary);
    await node.start();
    node.runner.receiveLifecycle('n2', { version: 1, seen: 0, rows: [['n2', 0, 'joining', '']] });
    node.at(node.now, () => node.runner.stop('timeout'));
    await node.run(node.now);
    const { status, error } = node.runner.result();
    expect(status).toBe('timeout');
    expect(error).toBe('time is over; it was waiting for n2 (joining), n3 (never came)');
    expect(entries(node)).toEqual([]);
  });
});

describe('a service', () => {
  class Heart extends defineAlgorithm('heart', { messages: { beat: cast({}) }, service: true }) {
    beats = 0;
    override onStart() {
      this.every(100, () => void this.toAll.beat());
    }
    handlers = this.on({
      beat: () => {
        this.beats++;
      },
    });
    override report() {
      return { beats: this.beats };
    }
  }

  test('runs for its time and is stopped, which is a good end', async () => {
    const run = await simulate(Heart, { serviceMs: 1000, latencyMs: { min: 1, max: 1 } });
    expect(run.ok).toBe(true);
    expect(statuses(run)).toEqual({ n1: 'stopped', n2: 'stopped', n3: 'stopped' });
    expect(run.virtualMs).toBe(1000);
    const { report, error } = resultOf(run, 'n1');
    expect(report).toEqual({ beats: 18 });
    expect(error).toBeUndefined();
  });

  test('whose onExit never ends is stopped all the same', async () => {
    class Clinging extends Heart {
      override onExit() {
        return new Promise<void>(() => {});
      }
    }
    const run = await simulate(Clinging, { serviceMs: 500, timeoutMs: 1000 });
    expect(statuses(run)).toEqual({ n1: 'timeout', n2: 'timeout', n3: 'timeout' });
  });

  test('is ended early by whoever started it', async () => {
    const controller = new AbortController();
    class Ending extends Heart {
      override onStart() {
        super.onStart();
        this.after(350, () => controller.abort());
      }
    }
    const run = await simulate(Ending, { signal: controller.signal });
    expect(run.ok).toBe(false);
    expect(run.virtualMs).toBeLessThan(1000);
    expect(resultOf(run, 'n2').error).toBe('the run was ended');
    expect(statuses(run)).toEqual({ n1: 'stopped', n2: 'stopped', n3: 'stopped' });
  });
});

test('a node that came again knows it', async () => {
  class Reborn extends Diary {
    override onStart() {
      this.entries.push(`restarted: ${this.restarted}`);
    }
  }
  for (const incarnation of [0, 2]) {
    const node = new HandHosted(Reborn, { incarnation });
    await node.startAll();
    expect(entries(node)).toEqual([`restarted: ${incarnation > 0}`]);
  }
});
