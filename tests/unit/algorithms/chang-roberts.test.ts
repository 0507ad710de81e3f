import { describe, expect, test } from 'vitest';
import {
  changRoberts,
  type ChangRobertsState,
  type Role,
} from '../../../src/algorithms/chang_roberts/chang-roberts.ts';
import { chapter } from '../../../src/algorithms/chang_roberts/index.ts';
import { invariants, type VisibleState } from '../../../src/algorithms/chang_roberts/invariants.ts';
import { describeInvariants, situation, type Sketch } from './bad-views.ts';
import { Bench, brief } from './machine-bench.ts';

const ring = ['n1', 'n2', 'n3', 'n4'];

/** n2 of a ring of four; n3 is the next. */
function node(settings: object = {}): Bench<ChangRobertsState> {
  return new Bench(changRoberts, {
    id: 'n2',
    nodes: ring,
    neighbours: ['n3'],
    settings: { node_id: 5, ...settings },
  });
}

const election = (elector: number, hops: number) => ({ elector, hops });

describe('the place', () => {
  test('more than one neighbour is no ring, and the error says what to write', () => {
    const seat = { id: 'n2', nodes: ring, settings: { node_id: 5 } };
    expect(() => new Bench(changRoberts, seat)).toThrow(/n2 has 3 .*'neighbours: \[n3\]' under n2/);
  });

  test('a ring of one elects itself and sends nothing', () => {
    const bench = new Bench(changRoberts, { id: 'n1', nodes: ['n1'], settings: { node_id: 5 } });
    expect(brief(bench.start())).toEqual(['terminate']);
    expect(bench.visible()).toMatchObject({ role: 'leader', leader: 5 });
  });
});

describe('standing up', () => {
  test('after a random time within the limit', () => {
    const [effect] = node({ start_delay_max: 50 }).start();
    expect(effect).toMatchObject({ kind: 'timer', name: 'stand up' });
    const { delayMs } = effect as { delayMs: number };
    expect(delayMs).toBeGreaterThanOrEqual(0);
    expect(delayMs).toBeLessThan(50);
  });

  test('at once when there is no delay', () => {
    expect(brief(node({ start_delay_max: 0 }).start())).toContain('send n3 election');
  });

  test('once, whatever the timer says later', () => {
    const bench = node();
    bench.start();
    expect(brief(bench.timer('stand up'))).toContain('send n3 election');
    expect(brief(bench.timer('stand up'))).toEqual([]);
  });
});

describe('a candidature comes by', () => {
  test('a greater one is passed on, one hop further', () => {
    const bench = node({ start_delay_max: 0 });
    bench.start();
    const effects = bench.receive('n1', 'election', election(9, 2));
    expect(effects).toEqual([
      { kind: 'send', to: 'n3', type: 'election', message: { elector: 9, hops: 3 } },
    ]);
    expect(bench.visible()).toMatchObject({ role: 'beaten', forwarded: 1, leader: null });
  });

  test('a sleeper that is beaten does not stand up any more', () => {
    const bench = node();
    bench.start();
    bench.receive('n1', 'election', election(9, 1));
    expect(brief(bench.timer('stand up'))).toEqual([]);
  });

  test('a smaller one is swallowed', () => {
    const bench = node({ start_delay_max: 0 });
    bench.start();
    expect(brief(bench.receive('n1', 'election', election(4, 1)))).toEqual([]);
    expect(bench.visible()).toMatchObject({ role: 'candidate', swallowed: 1 });
  });

  test('a sleeper that swallows stands up in its stead', () => {
    const bench = node();
    bench.start();
    const effects = bench.receive('n1', 'election', election(4, 1));
    expect(brief(effects)).toEqual(['cancel stand up', 'send n3 election']);
    expect(effects.at(-1)).toMatchObject({ message: { elector: 5, hops: 1 } });
  });

  test('a beaten node swallows and stays beaten', () => {
    const bench = node();
    bench.receive('n1', 'election', election(9, 1));
    expect(brief(bench.receive('n1', 'election', election(4, 1)))).toEqual([]);
    expect(bench.visible()['role']).toBe('beaten');
  });

  test('the own one, all the way round, makes a leader; a second copy changes nothing', () => {
    const bench = node({ start_delay_max: 0 });
    bench.start();
    expect(brief(bench.receive('n1', 'election', election(5, 4)))).toEqual(['send n3 elected']);
    expect(bench.visible()).toMatchObject({ role: 'leader', leader: 5 });
    expect(brief(bench.receive('n1', 'election', election(5, 4)))).toEqual([]);
  });

  test('the own number too early is somebody else’s', () => {
    const bench = node({ start_delay_max: 0 });
    bench.start();
    expect(() => bench.receive('n1', 'election', election(5, 2))).toThrow(/same node_id/);
    expect(bench.visible()['role']).toBe('candidate');
  });

  test('a candidature that circles is noticed', () => {
    expect(() => node().receive('n1', 'election', election(9, 5))).toThrow(/5 hops among 4 nodes/);
  });
});

describe('the result comes by', () => {
  test('it is noted, passed on, and the node is done', () => {
    const bench = node();
    bench.receive('n1', 'election', election(9, 1));
    expect(brief(bench.receive('n1', 'elected', { leader: 9 }))).toEqual([
      'send n3 elected',
      'terminate',
    ]);
    expect(changRoberts.report(bench.state as never)).toEqual({ leader: 9, node_id: 5 });
    expect(brief(bench.receive('n1', 'elected', { leader: 9 }))).toEqual([]);
  });

  test('back at the leader it ends there', () => {
    const bench = node({ start_delay_max: 0 });
    bench.start();
    bench.receive('n1', 'election', election(5, 4));
    expect(brief(bench.receive('n1', 'elected', { leader: 5 }))).toEqual(['terminate']);
  });
});

test('every order of ids on a ring of five elects the greatest, with the paper’s bounds', () => {
  const totals: number[] = [];
  for (const ids of permutations([1, 2, 3, 4, 5])) totals.push(electionsOn(ids));
  expect(totals.length).toBe(120);
  expect(Math.min(...totals)).toBe(2 * 5 - 1);
  expect(Math.max(...totals)).toBe((5 * 6) / 2);
  // n·H(n) on the average, exactly: 5 · (1 + 1/2 + 1/3 + 1/4 + 1/5) · 120 orders.
  expect(totals.reduce((sum, each) => sum + each)).toBe(1370);
});

/** Runs a ring by hand, everybody awake; returns the number of election messages. */
function electionsOn(ids: readonly number[]): number {
  const names = ids.map((_, index) => `n${index}`);
  const benches = new Map(
    ids.map((nodeId, index) => [
      names[index]!,
      new Bench(changRoberts, {
        id: names[index]!,
        nodes: names,
        neighbours: [names[(index + 1) % ids.length]!],
        settings: { node_id: nodeId, start_delay_max: 0 },
      }),
    ]),
  );
  const queue = [...benches].flatMap(([id, bench]) =>
    bench.start().map((effect) => ({ id, effect })),
  );
  let elections = 0;
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { id, effect } = next;
    if (effect.kind !== 'send') continue;
    if (effect.type === 'election') elections++;
    const caused = benches.get(effect.to)!.receive(id, effect.type, effect.message as object);
    queue.push(...caused.map((each) => ({ id: effect.to, effect: each })));
  }
  for (const bench of benches.values()) expect(bench.visible()['leader']).toBe(Math.max(...ids));
  return elections;
}

function permutations(items: readonly number[]): number[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

const node1 = (
  nodeId: number,
  role: Role,
  leader: number | null,
): Sketch<VisibleState> & { settings: Record<string, unknown> } => ({
  state: { node_id: nodeId, role, leader, forwarded: 0, swallowed: 0 },
  settings: { node_id: nodeId },
});

const good = { n1: node1(3, 'beaten', null), n2: node1(7, 'leader', 7), n3: node1(5, 'beaten', 7) };

describeInvariants(invariants, situation(good), {
  'At most one node is leader': [
    situation({ ...good, n1: node1(3, 'leader', 3) }),
    /n1 and n2 are leaders/,
  ],
  'The leader has the greatest node_id': [
    situation({ ...good, n2: node1(7, 'beaten', 5), n3: node1(5, 'leader', 5) }),
    /n3 leads with 5, and there is a 7/,
  ],
  'Whoever names a leader names the one that was elected': [
    situation({ ...good, n1: node1(3, 'beaten', 5) }),
    /n1 names 5, and n2 was elected/,
  ],
  'A node has done its part only when it knows the leader': [
    situation({ ...good, n1: { ...node1(3, 'beaten', null), status: 'finished' } }),
    /n1 is finished and names no leader/,
  ],
});

test('nobody is named before somebody was elected', () => {
  const view = situation({ n1: node1(3, 'beaten', 7), n2: node1(7, 'candidate', null) });
  expect(invariants[2]!.check(view)).toMatch(/nobody was elected/);
});

test('the picture shows the part, the number and the leader', () => {
  expect(chapter.view!(good.n2.state)).toMatchObject({
    role: 'leader',
    badges: ['id 7', 'leader 7'],
  });
  expect(chapter.view!(good.n1.state).badges).toEqual(['id 3']);
});
