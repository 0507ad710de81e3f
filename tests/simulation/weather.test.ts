/** Runs in bad weather, with nodes that stand still and clocks that are wrong, until everything is healed. */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { defineAlgorithm } from '../../src/core/algorithm.ts';
import type { Faults } from '../../src/core/faults/faults.ts';
import { FaultsError } from '../../src/core/faults/resolve.ts';
import { cast } from '../../src/core/message.ts';
import { events, resultOf, statuses } from '../support/simulate.ts';
import { firings, stormy } from './stormy.ts';

/** Says a number every 10 ms, twenty times, and keeps when it heard what, by its own clock. */
class Counter extends defineAlgorithm('counter', {
  messages: { count: cast({ number: v.number() }) },
}) {
  readonly heard: [number: number, time: number][] = [];
  readonly ticks: number[] = [];
  override onStart() {
    let number = 0;
    const timer = this.every(10, () => {
      this.ticks.push(Math.round(this.now()));
      if (this.id === 'n1') void this.toAll.count({ number: ++number });
      if (this.ticks.length < 20) return;
      timer.cancel();
      this.after(300, () => this.terminate());
    });
  }
  handlers = this.on({
    count: (_src, { number }) => void this.heard.push([number, Math.round(this.now())]),
  });
  override report() {
    return { heard: this.heard, ticks: this.ticks };
  }
}

const latencyMs = { min: 2, max: 2 };
const twenty = Array.from({ length: 20 }, (_, i) => i + 1);

const heardBy = (run: Awaited<ReturnType<typeof stormy>>, id: string) =>
  resultOf(run, id).report['heard'] as [number, number][];

describe('the barriers', () => {
  class Nothing extends defineAlgorithm('nothing', {}) {
    override onStart() {
      this.terminate();
    }
    handlers = this.on({});
  }

  test('survive loss, copies and disorder: every node starts and ends', async () => {
    for (let seed = 0; seed < 50; seed++) {
      const faults: Faults = { loss: 0.5, duplication: 0.3, reordering: 0.3, latency: '1-100' };
      const run = await stormy(Nothing, faults, { nodes: 5, seed });
      expect(run.ok, `seed ${seed}: ${JSON.stringify(statuses(run))}`).toBe(true);
    }
  });

  test('wait until a partition is over, and say for whom when it never is', async () => {
    const parted = (faults: Faults) => stormy(Nothing, faults, { nodes: 4, latencyMs });
    const healed = await parted({
      partitions: [{ groups: ['n1', ['n2', 'n3', 'n4']], at: 0, for: '2s' }],
    });
    expect(healed.ok).toBe(true);
    expect(healed.virtualMs).toBeGreaterThan(2000);
    const never = await parted({ partitions: [{ isolate: 'n1' }] });
    expect(never.ok).toBe(false);
    expect(resultOf(never, 'n2').error).toBe('time is over; it was waiting for n1 (never came)');
  });

  test('are not counted: what hit them alone has not fired', async () => {
    const run = await stormy(Nothing, { loss: 0.5, expect: 'fired' }, { nodes: 4 });
    expect(run.faults_fired).toEqual({ loss: 0 });
    expect(run.problems).toEqual([
      expect.stringMatching(
        /^the plan expects these faults, and they never fired in \d+ ms: loss: too few/,
      ),
    ]);
    expect(run.ok).toBe(false);
  });
});

describe('a node that stands still', () => {
  const faults: Faults = { pauses: [{ node: 'n2', at: 54, for: 101 }] };

  test('does nothing, and then everything in the order in which it came', async () => {
    const run = await stormy(Counter, faults, { latencyMs });
    expect(run.ok).toBe(true);
    const own = run.trace.filter(({ node, time }) => node === 'n2' && time >= 54 && time < 155);
    expect(own.map(({ kind }) => kind)).toEqual(['fault']);
    const heard = heardBy(run, 'n2');
    expect(heard.map(([number]) => number)).toEqual(twenty);
    expect(heard.filter(([, time]) => time > 55 && time < 155)).toEqual([]);
    expect(heard.filter(([, time]) => time === 155).length).toBeGreaterThan(7);
    // Nobody else noticed.
    expect(heardBy(run, 'n3')).toEqual(heardBy(await stormy(Counter, {}, { latencyMs }), 'n3'));
  });

  test('counts once for each pause in which something had to wait', async () => {
    const run = await stormy(Counter, faults, { latencyMs });
    expect(run.faults_fired).toEqual({ pause: 1 });
    expect(firings(run, 'pause')[0]).toMatchObject({
      node: 'n2',
      detail: 'stands still until 155 ms',
    });
  });

  test('keeps its order when what waits and what comes meet', async () => {
    // The pause ends in the very moment in which the next message arrives.
    for (const endMs of [145, 147, 147.001]) {
      const pauses = [
        { node: 'n2', at: 55, for: endMs - 55 },
        { node: 'n2', at: endMs, for: 5 },
      ];
      const run = await stormy(Counter, { pauses }, { latencyMs });
      expect(
        heardBy(run, 'n2').map(([number]) => number),
        String(endMs),
      ).toEqual(twenty);
    }
  });

  test('times out like any other', async () => {
    const pauses = [{ node: 'n2', at: 55, for: '1h' }];
    const run = await stormy(Counter, { pauses }, { latencyMs, timeoutMs: 1000 });
    expect(run.virtualMs).toBe(1000);
    expect(run.ok).toBe(false);
    expect(resultOf(run, 'n2').status).not.toBe('terminated');
  });

  test('may crash while it does', async () => {
    const crashes = [{ node: 'n2', at: 100, for: 100 }];
    const run = await stormy(Counter, { ...faults, crashes }, { latencyMs });
    expect(run.ok).toBe(true);
    expect(run.faults_fired).toEqual({ pause: 1, crash: 1, restart: 1 });
    expect(events(run, 'drop').some(({ reason }) => reason === 'down')).toBe(true);
  });
});

describe('a wrong clock', () => {
  const clocks = (clock: NonNullable<Faults['clocks']>[string]): Faults => ({
    clocks: { n2: clock },
  });

  test('is what the node sees; the trace tells when things really happened', async () => {
    const run = await stormy(Counter, clocks({ offset: '1h' }), { latencyMs });
    const right = await stormy(Counter, {}, { latencyMs });
    const shift = (times: readonly number[]) => times.map((time) => time - 3_600_000);
    const ticks = (of: typeof run) => resultOf(of, 'n2').report['ticks'] as number[];
    expect(shift(ticks(run))).toEqual(ticks(right));
    const times = (of: typeof run) =>
      of.trace.filter(({ kind }) => kind !== 'fault').map(({ time }) => time);
    expect(times(run)).toEqual(times(right));
    expect(resultOf(run, 'n2').elapsed_ms).toBe(resultOf(right, 'n2').elapsed_ms);
    expect(run.faults_fired).toEqual({ clock: 1 });
  });

  test('that runs fast makes its timers fire early', async () => {
    const run = await stormy(Counter, clocks({ drift: 1 }), { latencyMs });
    const own = events(run, 'timer').filter(({ node }) => node === 'n2');
    const others = events(run, 'timer').filter(({ node }) => node === 'n3');
    const gap = (list: typeof own) => Math.round((list[10]!.time - list[0]!.time) / 10);
    expect([gap(own), gap(others)]).toEqual([5, 10]);
  });
});

describe('healing', () => {
  test('ends everything, and the run comes to its end', async () => {
    class Stubborn extends defineAlgorithm('stubborn', {
      messages: { hello: cast({}), heard: cast({}) },
    }) {
      readonly missing = new Set<string>();
      override onStart() {
        for (const id of this.peers.keys()) this.missing.add(id);
        this.every(20, () => {
          for (const id of this.missing) void this.peer(id).hello();
          if (this.missing.size === 0) this.terminate();
        });
      }
      handlers = this.on({
        hello: (src) => void this.peer(src).heard(),
        heard: (src) => void this.missing.delete(src),
      });
    }
    for (let seed = 0; seed < 20; seed++) {
      const faults: Faults = {
        ...{ latency: '1-50', loss: 0.9, reordering: 0.2, duplication: 0.2 },
        partitions: [{ split: 'random' }],
        crashes: [
          { every: 300, for: '10-200' },
          { node: 'any 1', at: 500 },
        ],
        pauses: [{ every: 100, for: 100 }],
        clocks: { n1: { drift: 0.5 } },
        heal: '3s',
        progress: '2s',
      };
      const run = await stormy(Stubborn, faults, { nodes: 4, seed });
      expect(run.ok, `seed ${seed}: ${JSON.stringify(statuses(run))}`).toBe(true);
      expect(run.virtualMs).toBeGreaterThan(3000);
    }
  });

  test('demands progress: who has not ended in time has failed the run', async () => {
    class Hopeful extends defineAlgorithm('hopeful', { messages: { hello: cast({}) } }) {
      override onStart() {
        if (this.id === 'n1') this.after(100, () => void this.toAll.hello());
      }
      handlers = this.on({ hello: () => this.terminate() });
    }
    const faults: Faults = {
      loss: 1,
      links: { 'n1->n3': { loss: 0 } },
      heal: '1s',
      progress: '2s',
    };
    const run = await stormy(
      Hopeful,
      { ...faults, nodes: { n2: { loss: 1, at: 50 } } },
      { latencyMs },
    );
    expect(run.ok).toBe(false);
    expect(run.virtualMs).toBeGreaterThanOrEqual(3000);
    expect(run.problems).toEqual([
      'no progress: 2000 ms after everything was healed, n1, n2, n3 had not ended',
    ]);
  });

  test('gives the run its whole time again', async () => {
    class Slow extends defineAlgorithm('slow', {}) {
      override onStart() {
        this.after(1500, () => this.terminate());
      }
      handlers = this.on({});
    }
    const options = { latencyMs, timeoutMs: 1000 };
    expect((await stormy(Slow, {}, options)).ok).toBe(false);
    expect((await stormy(Slow, { heal: '1s' }, options)).ok).toBe(true);
  });
});

test('a plan that cannot be is refused before anything runs', async () => {
  await expect(stormy(Counter, { crashes: [{ node: 'n9', at: 5 }] })).rejects.toThrow(FaultsError);
  await expect(stormy(Counter, { loss: 2 })).rejects.toThrow(/^loss: a share lies between/);
});

test('nobody expects what did not fire of a run that was broken off', async () => {
  const controller = new AbortController();
  controller.abort();
  const run = await stormy(Counter, { loss: 1e-9, expect: 'fired' }, { signal: controller.signal });
  expect(run.ok).toBe(false);
  expect(run.problems).toEqual([]);
});
