/** What a search does with messages, timers, disks and crashes, and where it ends. */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { defineAlgorithm } from '../../../../src/core/algorithm.ts';
import { driven } from '../../../../src/core/machine-driver.ts';
import { defineMachine, type MachineInput, type Out } from '../../../../src/core/machine.ts';
import { cast, request } from '../../../../src/core/message.ts';
import type { Adversary } from '../../../../src/core/small-world.ts';
import type { SearchOptions } from '../../../../src/runtime/search/search-options.ts';
import { search } from '../../../../src/runtime/search/search.ts';
import { planOf } from '../../../support/simulate.ts';
import { runSearch, storyOf } from './run-search.ts';

const messages = {
  note: cast({ text: v.string() }),
  ask: request({ text: v.string() }, v.string()),
};

interface State {
  readonly id: string;
  readonly notes: string[];
  restored: string[];
}

type Input = MachineInput<typeof messages, {}>;
type Effects = Out<typeof messages, {}, {}>;

/** A machine that keeps what it is told, in order, and does what `act` says. */
function keeper(act: (input: Input, out: Effects, state: State) => void) {
  const machine = defineMachine('keeper', {
    messages,
    init: ({ id }): State => ({ id, notes: [], restored: [] }),
    step(state, input, out) {
      if (input.kind === 'message' && input.type === 'note') state.notes.push(input.message.text);
      if (input.kind === 'start') state.restored = [...input.stored.keys()];
      act(input, out, state);
    },
  });
  return class extends driven(machine) {};
}

/** n1 sends `a` and `b` to n2. */
const two = keeper((input, out, { id }) => {
  if (input.kind !== 'start' || id !== 'n1') return;
  out.send('n2', 'note', { text: 'a' });
  out.send('n2', 'note', { text: 'b' });
});

/** Everything that n2 can have been told, in the order in which it was found. */
async function seenAt(
  algorithm: ReturnType<typeof keeper>,
  adversary: Adversary,
  more: Partial<SearchOptions> = {},
  field: 'notes' | 'restored' = 'notes',
): Promise<string[]> {
  const seen = new Set<string>();
  const plan = planOf(algorithm, { nodes: 2 });
  await runSearch({
    plan,
    adversary,
    properties: [
      {
        name: 'is looked at',
        check: ({ nodes }) => void seen.add(nodes[1]!.state[field]?.join('') ?? ''),
      },
    ],
    ...more,
  });
  return [...seen];
}

describe('messages', () => {
  test('arrive in any order', async () => {
    expect(await seenAt(two, {})).toEqual(['', 'a', 'b', 'ab', 'ba']);
  });

  test('arrive in their order on an ordered network', async () => {
    expect(await seenAt(two, { ordered: true })).toEqual(['', 'a', 'ab']);
  });

  test('of an ordered network are lost one by one', async () => {
    expect(await seenAt(two, { ordered: true, losses: true })).toEqual(['', 'a', 'ab', 'b']);
  });

  test('arrive again and again where they may', async () => {
    const prune = ({ nodes }: { nodes: readonly any[] }) => nodes[1].state.notes.length > 2;
    expect(await seenAt(two, { duplicates: true }, { prune })).toEqual([
      ...['', 'a', 'b', 'aa', 'ab', 'ba', 'bb'],
    ]);
  });

  test('that are alike are counted', async () => {
    const twice = keeper((input, out, { id }) => {
      if (input.kind !== 'start' || id !== 'n1') return;
      out.send('n2', 'note', { text: 'a' });
      out.send('n2', 'note', { text: 'a' });
    });
    expect(await seenAt(twice, {})).toEqual(['', 'a', 'aa']);
  });

  test('to nobody fail the node, as they do live', async () => {
    const lost = keeper((input, out) => {
      if (input.kind === 'start') out.send('n9', 'note', { text: 'a' });
    });
    const { violation } = await runSearch({ plan: planOf(lost, { nodes: 2 }) });
    expect(violation).toMatchObject({
      invariant: 'No machine throws',
      detail: 'n1: n1 has no neighbour n9',
    });
  });

  test('that the schema refuses are seen by nobody', async () => {
    const wrong = keeper((input, out, { id }) => {
      if (input.kind !== 'start' || id !== 'n1') return;
      out.send('n2', 'note', { text: 7 as never });
    });
    expect(await seenAt(wrong, {})).toEqual(['']);
  });
});

describe('requests', () => {
  const asking = keeper((input, out, { id, notes }) => {
    if (input.kind === 'start' && id === 'n1') out.request('n2', 'ask', { text: 'who?' });
    if (input.kind === 'message' && input.type === 'ask') out.answer(input.ticket, 'ask', id);
    if (input.kind === 'reply') notes.push(input.reply ?? input.error!);
  });

  test('are answered, or time out first', async () => {
    const seen = new Set<string>();
    const { outcome } = await runSearch({
      plan: planOf(asking, { nodes: 2 }),
      properties: [{ name: '', check: ({ nodes }) => void seen.add(nodes[0]!.state.notes.join()) }],
    });
    expect(outcome).toBe('complete');
    expect([...seen]).toEqual(['', 'RequestTimeout', 'n2']);
  });

  test('cannot time out where no timeout may happen', async () => {
    const { figures } = await runSearch({
      plan: planOf(asking, { nodes: 2 }),
      adversary: { timeouts: 0 },
    });
    expect(figures.states).toBe(3);
  });
});

describe('timers', () => {
  const ticking = keeper((input, out, state) => {
    if (input.kind === 'start' && state.id === 'n2') {
      out.timer('slow', 100);
      out.timer('fast', 1);
    }
    if (input.kind === 'timer') state.notes.push(`${input.name}@${input.now} `);
  });

  test('fire in any order, and take the clock with them', async () => {
    expect(await seenAt(ticking, {})).toEqual([
      ...['', 'fast@1 ', 'slow@100 ', 'fast@1 slow@100 ', 'slow@100 fast@100 '],
    ]);
  });

  test('fire so often and no more', async () => {
    expect(await seenAt(ticking, { timeouts: 1 })).toEqual(['', 'fast@1 ', 'slow@100 ']);
  });
});

describe('crashes', () => {
  const storing = keeper((input, out, state) => {
    if (input.kind !== 'start') return;
    if (state.id === 'n1') out.send('n2', 'note', { text: 'a' });
    else if (!input.restarted) {
      out.put({ first: 1 });
      out.put({ second: 2 });
    }
  });

  test('leave what was stored, and lose what was on its way', async () => {
    const adversary = { crashes: 1, mayCrash: ['n2'] };
    expect(await seenAt(storing, adversary, {}, 'restored')).toEqual(['', 'firstsecond']);
    // The message of n1 was for the first life of n2.
    const told = await runSearch({
      plan: planOf(storing, { nodes: 2 }),
      adversary,
      properties: [
        {
          name: 'after a restart there is no message',
          check: ({ nodes: [, n2] }) =>
            n2!.state.restored?.length > 0 && n2!.state.notes.length > 0 ? 'there is' : undefined,
        },
      ],
    });
    expect(told.outcome).toBe('complete');
  });

  test('on slow disks leave every beginning of what was written', async () => {
    const adversary = { crashes: 1, mayCrash: ['n2'], slowDisks: true };
    expect(await seenAt(storing, adversary, {}, 'restored')).toEqual(['', 'first', 'firstsecond']);
  });

  test('on slow disks: a node takes nothing while it waits for a `put`', async () => {
    const { figures } = await runSearch({
      plan: planOf(storing, { nodes: 2 }),
      adversary: { slowDisks: true },
    });
    // Two writes and a message behind them: a line of four situations.
    expect(figures.states).toBe(4);
  });

  test('happen between a `write` and the news that it is durable, for which nothing waits', async () => {
    const writing = keeper((input, out, state) => {
      if (input.kind === 'start' && state.id === 'n2' && !input.restarted) {
        out.write({ first: 1 });
        out.write({ second: 2 });
      }
      if (input.kind === 'written') state.notes.push('w');
    });
    expect(await seenAt(writing, { slowDisks: true })).toEqual(['', 'w', 'ww']);
    expect(await seenAt(writing, {})).toEqual(['ww']);
    const adversary = { crashes: 1, mayCrash: ['n2'], slowDisks: true };
    expect(await seenAt(writing, adversary, {}, 'restored')).toEqual(['', 'first', 'firstsecond']);
  });

  test('are seen by invariants: the node is crashed, and its state what it was', async () => {
    const { violation } = await runSearch({
      plan: planOf(two, { nodes: 2 }),
      adversary: { crashes: 1, mayCrash: ['n2'] },
      invariants: [
        {
          name: 'Nobody crashes who knows something',
          check: ({ nodes }) => {
            const known = nodes.find(({ fault, state }) => fault === 'crashed' && state.notes[0]);
            return known === undefined ? undefined : `${known.id} knew ${known.state.notes}`;
          },
        },
      ],
    });
    expect(violation?.detail).toBe('n2 knew a');
    expect(violation?.steps.at(-1)?.what).toBe('n2 crashes');
  });
});

describe('where it ends', () => {
  /** Counts without end. */
  const endless = keeper((input, out, state) => {
    if (input.kind === 'start' || input.kind === 'timer') out.timer('tick', 1);
    if (input.kind === 'timer') state.notes.push('t');
  });
  const plan = planOf(endless, { nodes: 8 });

  test.each([
    ['states', { states: 1000 }],
    ['depth', { depth: 3 }],
    ['bytes', { bytes: 400_000 }],
  ] as const)('at the bound %s, with what it has until there', async (bound, bounds) => {
    const result = await runSearch({ plan, bounds });
    expect(result.outcome).toBe('bounded');
    expect(result.bound).toBe(bound);
    expect(result.figures.states).toBeGreaterThan(100);
    expect(result.figures.depth).toBeGreaterThan(1);
    if (bound === 'depth') expect(result.figures.depth).toBe(3);
  });

  test('at the bound of time', async () => {
    let now = 0;
    const result = await search({ plan, bounds: { timeMs: 500 }, now: () => (now += 1) });
    expect(result).toMatchObject({ outcome: 'bounded', bound: 'timeMs' });
  });

  test('when it is told to, and it tells how far it is', async () => {
    const controller = new AbortController();
    let now = 0;
    const depths: number[] = [];
    const result = await search({
      plan,
      now: () => (now += 20),
      signal: controller.signal,
      onProgress: ({ depth }) => {
        depths.push(depth);
        if (depths.length === 3) controller.abort();
      },
    });
    expect(result.outcome).toBe('stopped');
    expect(depths).toHaveLength(3);
  });

  test('depth first within a depth: finds what breadth first finds there', async () => {
    const count = async (strategy: 'breadth' | 'depth') =>
      (await runSearch({ plan, strategy, bounds: { depth: 4 } })).figures.states;
    expect(await count('depth')).toBe(await count('breadth'));
  });

  test('when every goal was reached, if that is asked', async () => {
    const goal = {
      name: 'three ticks',
      reached: ({ nodes }: { nodes: readonly any[] }) => nodes[2].state.notes.length === 3,
    };
    const result = await runSearch({ plan, goals: [goal], untilGoals: true });
    expect(result.outcome).toBe('goals');
    expect(result.goals[0]!.steps!.map(({ what }) => what).slice(1)).toEqual(
      Array(3).fill("n3: its timer 'tick' fires"),
    );
  });

  test('when random walks meet nothing new', async () => {
    const result = await runSearch({ plan: planOf(two, { nodes: 2 }), strategy: 'random' });
    expect(result).toMatchObject({ outcome: 'bounded', bound: 'walks' });
    expect(result.figures.states).toBe(5);
  });

  test('dead ends are told apart: all have finished, or somebody waits', async () => {
    const onlyOne = keeper((input, out, { notes }) => {
      if (input.kind === 'start') out.toAll('note', { text: 'a' });
      if (input.kind === 'message' && notes.length === 1) out.terminate();
    });
    const calm = await runSearch({ plan: planOf(onlyOne, { nodes: 2 }) });
    expect(calm.ends).toEqual({ finished: 1, stuck: 0 });
    const { ends } = await runSearch({
      plan: planOf(onlyOne, { nodes: 2 }),
      adversary: { losses: true },
    });
    expect(ends).toMatchObject({ finished: 1, stuck: 3, firstStuck: { waiting: ['n1'] } });
    expect(ends.firstStuck!.steps.map(({ what }) => what)).toContain(
      'n2 → n1 note {"text":"a"} is lost',
    );
  });
});

describe('what cannot be searched', () => {
  test('a class', async () => {
    class Plain extends defineAlgorithm('plain', { messages: {} }) {
      handlers = this.on({});
    }
    await expect(runSearch({ plan: planOf(Plain) })).rejects.toThrow(/plain is a class/);
  });

  test('a network that repeats and keeps the order', async () => {
    const adversary = { ordered: true, duplicates: true };
    await expect(runSearch({ plan: planOf(two, { nodes: 2 }), adversary })).rejects.toThrow(
      /cannot keep its order/,
    );
  });

  test('nodes that are said to be alike and are not', async () => {
    const plan = planOf(two, { nodes: 3 });
    const alike = (...nodes: string[]) => runSearch({ plan, symmetry: { nodes } });
    await expect(alike('n1', 'n7')).rejects.toThrow(/n7.* is no node/);
    await expect(alike()).rejects.toThrow(/no nodes are named/);
    await expect(
      runSearch({
        plan: planOf(two, { nodes: 9 }),
        symmetry: { nodes: planOf(two, { nodes: 9 }).nodes.map(({ id }) => id) },
      }),
    ).rejects.toThrow(/too many/);
  });

  test('a property that throws is one that could not be shown', async () => {
    const { violation } = await runSearch({
      plan: planOf(two, { nodes: 2 }),
      properties: [
        {
          name: 'Broken',
          check: () => {
            throw new Error('oh');
          },
        },
      ],
    });
    expect(violation).toMatchObject({ invariant: 'Broken', detail: 'the check itself failed: oh' });
  });
});

test('a story is the shortest, and names what changed', async () => {
  const result = await runSearch({
    plan: planOf(two, { nodes: 2 }),
    properties: [
      {
        name: 'b comes after a',
        check: ({ nodes }) => (nodes[1]!.state.notes[0] === 'b' ? 'it came first' : undefined),
      },
    ],
  });
  expect(storyOf(result)).toEqual(['n1 → n2 note {"text":"b"} arrives']);
  expect(result.violation!.steps[1]!.changes).toEqual([{ field: 'notes', from: [], to: ['b'] }]);
});
