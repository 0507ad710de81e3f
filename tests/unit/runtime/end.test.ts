/** How a node's life ends: by itself, with all others, or when time is over. */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { defineAlgorithm } from '../../../src/core/algorithm.ts';
import { cast, request } from '../../../src/core/message.ts';
import { Diary } from '../../support/diary.ts';
import { HandHosted } from '../../support/hand-hosted.ts';
import { events, reports, resultOf, simulate, statuses } from '../../support/simulate.ts';

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
    expect(node.runner.result().report['entries']).toEqual([]);
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
