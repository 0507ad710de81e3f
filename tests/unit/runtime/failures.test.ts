/** What a node does when the code of its algorithm breaks. */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { defineAlgorithm } from '../../../src/core/algorithm.ts';
import { cast, request } from '../../../src/core/message.ts';
import { macrotask } from '../../../src/runtime/platform.ts';
import { STANDING_ERROR_LENGTH_MAX } from '../../../src/runtime/lifecycle.ts';
import { events, resultOf, simulate, statuses, type Run } from '../../support/simulate.ts';

const messages = { poke: cast({ how: v.string() }), hang: request({}, v.null()) };

/** `n1` pokes `n2`, which breaks in one way or another; nobody terminates by itself. */
class Fragile extends defineAlgorithm('fragile', { messages }) {
  override onStart(): void | Promise<void> {
    if (this.id === 'n1') void this.peer('n2').poke({ how: 'gently' });
  }
  handlers = this.on({ poke: () => this.poked(), hang: () => new Promise<null>(() => {}) });
  poked(): void | Promise<void> {}
}

/** The node failed, said why, and the others were told and stopped. */
function expectFailure(run: Run, what: string, { node = 'n2' } = {}): void {
  const others = Object.keys(run.nodes).filter((id) => id !== node);
  expect(statuses(run)).toEqual({
    ...Object.fromEntries(others.map((id) => [id, 'stopped'])),
    [node]: 'failed',
  });
  const { error } = resultOf(run, node);
  expect(error).toContain(what);
  expect(error).toContain('failures.test.ts');
  for (const id of others) {
    expect(resultOf(run, id).error).toBe(`${node} failed: ${what}`);
  }
  expect(run.ok).toBe(false);
  expect(run.virtualMs).toBeLessThan(2000);
  const logged = run.logs.filter(({ level }) => level === 'error');
  expect(logged.map((line) => line.node)).toEqual([node]);
  expect(logged[0]!.text).toBe(error);
  const status = events(run, 'status').find((event) => event.status === 'failed');
  expect(status).toMatchObject({ node, detail: what });
}

const boom = (): never => {
  throw new Error('boom');
};

const handler = "handler 'poke' of fragile, message from n1: boom";

describe('the node fails, and the others are told', () => {
  test('when a handler throws', async () => {
    class Throwing extends Fragile {
      override poked() {
        boom();
      }
    }
    expectFailure(await simulate(Throwing), handler);
  });

  test('when the promise of a handler is rejected', async () => {
    class Rejecting extends Fragile {
      override async poked() {
        await this.sleep(20);
        boom();
      }
    }
    expectFailure(await simulate(Rejecting), handler);
  });

  test('when onStart throws', async () => {
    class Starting extends Fragile {
      override onStart() {
        if (this.id === 'n2') boom();
      }
    }
    expectFailure(await simulate(Starting), 'onStart of fragile: boom');
  });

  test('when the promise of onStart is rejected', async () => {
    class Starting extends Fragile {
      override async onStart() {
        await this.sleep(5);
        if (this.id === 'n2') boom();
      }
    }
    expectFailure(await simulate(Starting), 'onStart of fragile: boom');
  });

  test('when a timer throws', async () => {
    class Timing extends Fragile {
      override poked() {
        this.after(10, boom);
      }
    }
    expectFailure(await simulate(Timing), 'a timer of fragile: boom');
  });

  test('when the promise of a timer is rejected', async () => {
    class Timing extends Fragile {
      override poked() {
        this.every(10, async () => boom());
      }
    }
    expectFailure(await simulate(Timing), 'a timer of fragile: boom');
  });

  test('when a promise that nobody awaits is rejected', async () => {
    class Floating extends Fragile {
      override async poked() {
        void this.forgotten();
        await this.sleep(50);
      }
      async forgotten() {
        await this.sleep(10);
        boom();
      }
    }
    expectFailure(await simulate(Floating), 'a promise that nobody awaits: boom');
  });

  test('and nobody else, when a promise is rejected in the last turn of the run', async () => {
    class Last extends Fragile {
      override onStart() {
        if (this.id === 'n1') void this.forgotten();
        this.terminate();
      }
      async forgotten() {
        boom();
      }
    }
    const run = await simulate(Last, { nodes: 1 });
    const escaped: unknown[] = [];
    const listener = (error: unknown) => escaped.push(error);
    process.on('unhandledRejection', listener);
    await macrotask();
    process.off('unhandledRejection', listener);
    expect(escaped).toEqual([]);
    expect(resultOf(run, 'n1').status).toBe('terminated');
  });

  test('when what is sent cannot travel', async () => {
    class Sending extends Fragile {
      override poked() {
        void this.toAll.poke({ how: new Date(0) as never });
      }
    }
    const what =
      "handler 'poke' of fragile, message from n1: how is a Date, which cannot travel; " +
      'use a list or a map';
    expectFailure(await simulate(Sending), what);
  });

  test('when state() throws', async () => {
    class Opaque extends Fragile {
      override state() {
        return this.id === 'n2' ? boom() : {};
      }
    }
    expectFailure(await simulate(Opaque), 'state(): boom');
  });

  test('when state() is no value', async () => {
    class Opaque extends Fragile {
      override state() {
        return this.id === 'n2' ? { votes: new Map() } : {};
      }
    }
    const run = await simulate(Opaque);
    expect(resultOf(run, 'n2').error).toContain('state(): votes is a Map');
  });

  test('when what was thrown is no error', async () => {
    class Odd extends Fragile {
      override poked() {
        // oxlint-disable-next-line typescript/only-throw-error -- that is what is tried
        throw 'just a text';
      }
    }
    const run = await simulate(Odd);
    expect(resultOf(run, 'n2').error).toBe(
      "handler 'poke' of fragile, message from n1: just a text",
    );
  });
});

describe('at the end', () => {
  test('an onExit that throws fails the node', async () => {
    class Exiting extends Fragile {
      override onStart() {
        this.terminate();
      }
      override onExit() {
        if (this.id === 'n2') boom();
      }
    }
    const run = await simulate(Exiting);
    expect(resultOf(run, 'n2').status).toBe('failed');
    expect(resultOf(run, 'n2').error).toContain('onExit of fragile: boom');
    expect(run.ok).toBe(false);
  });

  test('an onExit that rejects fails the node', async () => {
    class Exiting extends Fragile {
      override onStart() {
        this.terminate();
      }
      override async onExit() {
        await this.sleep(5);
        if (this.id === 'n2') boom();
      }
    }
    expect(statuses(await simulate(Exiting))).toMatchObject({ n2: 'failed' });
  });

  test.each([
    ['throws', boom],
    ['is no value', () => ({ at: new Date(0) })],
  ])('a report that %s fails the node, and the others keep theirs', async (_, report) => {
    class Reporting extends Fragile {
      override onStart() {
        this.terminate();
      }
      override report() {
        return this.id === 'n2' ? report() : { fine: true };
      }
    }
    const run = await simulate(Reporting);
    expect(statuses(run)).toEqual({ n1: 'terminated', n2: 'failed', n3: 'terminated' });
    expect(resultOf(run, 'n2').error).toContain('report(): ');
    expect(resultOf(run, 'n1').report).toEqual({ fine: true });
    expect(run.ok).toBe(false);
  });
});

test('a failed node does nothing more', async () => {
  class Zombie extends Fragile {
    override async onStart() {
      for (let timeoutMs = 1; timeoutMs < 200; timeoutMs += 5) {
        this.peer(this.id === 'n3' ? 'n1' : 'n3')
          .hang({}, { timeoutMs })
          .catch(() => this.log.info('alive, and tired of waiting'));
      }
      this.every(10, () => this.log.info('alive'));
      this.after(1, async () => {
        for (;;) {
          await this.sleep(10);
          this.log.info('still alive');
        }
      });
      await super.onStart();
    }
    override poked() {
      boom();
    }
  }
  const run = await simulate(Zombie, { latencyMs: { min: 50, max: 50 } });
  const failedAt = events(run, 'status').find(({ status }) => status === 'failed')!.time;
  const later = events(run, 'log').filter(({ node, time }) => node === 'n2' && time > failedAt);
  expect(later).toEqual([]);
  const before = events(run, 'log').filter(({ node, time }) => node === 'n2' && time < failedAt);
  expect(before.length).toBeGreaterThan(2);
});

test('others are told no more than a table may carry', async () => {
  class Verbose extends Fragile {
    override poked() {
      throw new Error('x'.repeat(10_000));
    }
  }
  const run = await simulate(Verbose);
  expect(resultOf(run, 'n2').error).toContain('x'.repeat(10_000));
  const told = resultOf(run, 'n1').error!;
  expect(told).toContain('xxx');
  expect(told.length).toBeLessThanOrEqual('n2 failed: '.length + STANDING_ERROR_LENGTH_MAX);
});

test('only the first failure counts', async () => {
  class Twice extends Fragile {
    override poked() {
      void this.second();
      boom();
    }
    async second() {
      throw new Error('second');
    }
  }
  const run = await simulate(Twice);
  expect(resultOf(run, 'n2').error).toContain('message from n1: boom');
  expect(events(run, 'status').filter(({ status }) => status === 'failed')).toHaveLength(1);
});
