/** Time and chance, as an algorithm meets them. */

import { describe, expect, test } from 'vitest';
import { defineAlgorithm } from '../../../src/core/algorithm.ts';
import { cast } from '../../../src/core/message.ts';
import { Random } from '../../../src/core/random.ts';
import { events, resultOf, simulate, type Run } from '../../support/simulate.ts';

/** One node that does what a test wants, and reports what it found. */
class Alone extends defineAlgorithm('alone', { messages: { hello: cast({}) } }) {
  readonly found: unknown[] = [];
  override async onStart() {
    await this.play();
    this.terminate();
  }
  async play(): Promise<void> {}
  handlers = this.on({ hello: () => {} });
  override report() {
    return { found: this.found };
  }
}

const found = (run: Run) => resultOf(run, 'n1').report['found'];

describe('timers', () => {
  test('fire once, in order of their times, and then of their making', async () => {
    class Timing extends Alone {
      override async play() {
        const began = this.now();
        const fire = (name: string) => () => this.found.push(`${name} at ${this.now() - began}`);
        this.after(30, fire('late'));
        this.after(10, fire('first'));
        this.after(10, fire('second'));
        this.after(0, fire('now'));
        this.after(-5, fire('past'));
        this.after(NaN, fire('never meant'));
        await this.sleep(100);
      }
    }
    expect(found(await simulate(Timing, { nodes: 1 }))).toEqual([
      'now at 0',
      'past at 0',
      'never meant at 0',
      'first at 10',
      'second at 10',
      'late at 30',
    ]);
  });

  test('that were cancelled do not fire', async () => {
    class Cancelling extends Alone {
      override async play() {
        const fire = (name: string) => () => this.found.push(name);
        const once = this.after(10, fire('cancelled'));
        once.cancel();
        once.cancel();
        const done = this.after(5, fire('fired'));
        this.after(20, () => done.cancel());
        const every = this.every(7, fire('tick'));
        this.after(30, () => every.cancel());
        await this.sleep(100);
      }
    }
    expect(found(await simulate(Cancelling, { nodes: 1 }))).toEqual([
      'fired',
      ...['tick', 'tick', 'tick', 'tick'],
    ]);
  });

  test('can be cancelled by what they call', async () => {
    class Once extends Alone {
      override async play() {
        const timer = this.every(10, () => {
          this.found.push('tick');
          timer.cancel();
        });
        await this.sleep(100);
      }
    }
    expect(found(await simulate(Once, { nodes: 1 }))).toEqual(['tick']);
  });

  test('do not fire after the end', async () => {
    let ticks = 0;
    class Ticking extends Alone {
      override async play() {
        if (this.id === 'n1') this.every(10, () => ticks++);
      }
    }
    const run = await simulate(Ticking, { nodes: 2, latencyMs: { min: 1, max: 1 } });
    const ended = events(run, 'status').filter(({ status }) => status === 'terminated');
    const atEnd = ticks;
    await new Promise((resolve) => setImmediate(resolve));
    expect(ticks).toBe(atEnd);
    const timers = events(run, 'timer');
    expect(timers.every(({ time }) => time <= ended[0]!.time)).toBe(true);
  });

  test('are written down in the trace', async () => {
    class Timing extends Alone {
      override async play() {
        this.after(12, () => {});
        await this.sleep(20);
      }
    }
    expect(events(await simulate(Timing, { nodes: 1 }), 'timer')).toMatchObject([
      { time: 12, node: 'n1', path: 'alone' },
    ]);
  });
});

describe('sleeping', () => {
  test('takes as long as it should', async () => {
    class Sleeping extends Alone {
      override async play() {
        for (const ms of [5, 0, 2.5]) {
          await this.sleep(ms);
          this.found.push(this.now());
        }
      }
    }
    expect(found(await simulate(Sleeping, { nodes: 1 }))).toEqual([5, 5, 7.5]);
  });

  test('can be given up, at any time', async () => {
    class Waking extends Alone {
      override async play() {
        const controller = new AbortController();
        this.after(7, () => controller.abort());
        for (let i = 0; i < 2; i++) {
          await this.sleep(50, controller.signal).catch((error: Error) => {
            this.found.push(`${error.name} at ${this.now()}`);
          });
        }
      }
    }
    const run = await simulate(Waking, { nodes: 1 });
    expect(found(run)).toEqual(['Aborted at 7', 'Aborted at 7']);
  });

  test('leaves nothing behind at its signal', async () => {
    const controller = new AbortController();
    class Sound extends Alone {
      override async play() {
        await this.sleep(5, controller.signal);
        controller.abort();
        await this.sleep(5);
        this.found.push('still here');
      }
    }
    expect(found(await simulate(Sound, { nodes: 1 }))).toEqual(['still here']);
  });
});

describe('the clock', () => {
  test('stands still within a turn, however long the turn computes', async () => {
    class Computing extends Alone {
      override async play() {
        const before = this.now();
        for (let i = 0; i < 100; i++) await Promise.resolve();
        let sum = 0;
        for (let i = 0; i < 1_000_000; i++) sum += i;
        await this.store.put('sum', sum);
        await this.toAll.hello();
        this.found.push(this.now() - before);
      }
    }
    expect(found(await simulate(Computing))).toEqual([0]);
  });

  test('never goes back, and counts whole microseconds', async () => {
    class Fractions extends Alone {
      override async play() {
        let last = this.now();
        for (let i = 0; i < 200; i++) {
          await this.sleep(this.random.between(0, 0.003));
          if (this.now() < last) throw new Error(`from ${last} back to ${this.now()}`);
          last = this.now();
          void this.toAll.hello();
        }
      }
    }
    for (const latencyMs of [
      { min: 0, max: 0 },
      { min: 0, max: 0.002 },
    ]) {
      const run = await simulate(Fractions, { latencyMs, startupDelayMs: 0.0004 });
      expect(run.ok, resultOf(run, 'n1').error).toBe(true);
      let last = 0;
      for (const { time } of run.trace) {
        expect(time).toBeGreaterThanOrEqual(last);
        expect(Math.round(time * 1000) / 1000).toBe(time);
        last = time;
      }
    }
  });

  test('shows each node the same time', async () => {
    class Same extends Alone {
      override async play() {
        await this.sleep(20);
        this.log.info(`${this.now()}`);
      }
    }
    const run = await simulate(Same);
    for (const { time, text } of events(run, 'log')) expect(text).toBe(String(time));
  });
});

describe('what waits for nothing but storage', () => {
  test('goes on in the turn in which it asked', async () => {
    const at: number[] = [];
    class Storing extends Alone {
      override async play() {
        // No async function: the turn has to notice by itself that somebody waits.
        this.after(10, () => {
          void this.store
            .put('a', 1)
            .then(() => this.store.get('a'))
            .then(() => this.store.entries())
            .then(() => at.push(this.now()));
        });
        for (let ms = 11; ms < 40; ms++) this.after(ms, () => {});
        await this.sleep(50);
      }
    }
    await simulate(Storing, { nodes: 1, traced: false });
    expect(at).toEqual([10]);
  });
});

describe('chance', () => {
  class Drawing extends Alone {
    override async play() {
      this.found.push(this.random.bits(), this.random.bits());
    }
  }

  test('differs from node to node, and is the same for the same seed', async () => {
    const [one, same, other] = await Promise.all([
      simulate(Drawing, { seed: 5 }),
      simulate(Drawing, { seed: 5 }),
      simulate(Drawing, { seed: 6 }),
    ]);
    const drawn = (run: Run) => Object.values(run.nodes).map(({ report }) => report['found']);
    expect(drawn(same)).toEqual(drawn(one));
    const all = [...drawn(one), ...drawn(other)].map(String);
    expect(new Set(all).size).toBe(6);
  });

  test('does not depend on what the network draws', async () => {
    const drawn = async (latencyMs: { min: number; max: number }) =>
      found(await simulate(Drawing, { latencyMs }));
    expect(await drawn({ min: 1, max: 1 })).toEqual(await drawn({ min: 0, max: 90 }));
    const stream = Random.stream(1, 'node/n1/alone');
    expect(await drawn({ min: 1, max: 1 })).toEqual([stream.bits(), stream.bits()]);
  });
});
