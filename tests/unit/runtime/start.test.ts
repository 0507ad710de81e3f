/** How a node's life begins. */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { defineAlgorithm } from '../../../src/core/algorithm.ts';
import { cast } from '../../../src/core/message.ts';
import { EARLY_MESSAGES_MAX } from '../../../src/runtime/mailroom.ts';
import { Diary } from '../../support/diary.ts';
import { HandHosted } from '../../support/hand-hosted.ts';
import { resultOf, simulate, statuses } from '../../support/simulate.ts';

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
