/** Paxos, after the sentences of `Paxos Made Simple` (Section 2.2 and 2.4): each test is one of them. */

import { describe, expect, test } from 'vitest';
import { paxos, type PaxosState } from '../../../src/algorithms/paxos/paxos.ts';
import { invariants, type VisibleState } from '../../../src/algorithms/paxos/invariants.ts';
import { view } from '../../../src/algorithms/paxos/view.ts';
import type { Effect } from '../../../src/core/machine.ts';
import type { NodeStatus } from '../../../src/core/status.ts';
import { describeInvariants, situation } from './bad-views.ts';
import { Bench, brief } from './machine-bench.ts';

const nodes = ['n1', 'n2', 'n3', 'n4', 'n5'];

function node(id: string, settings: Record<string, unknown> = {}): Bench<PaxosState> {
  return new Bench<PaxosState>(paxos as never, {
    id,
    nodes,
    settings: { retry: 'never', ...settings },
  });
}

const ballot = (round: number, of: string) => ({ round, node: of });

/** The last that was stored. */
function stored(effects: readonly Effect[]): unknown {
  return effects.findLast((effect) => effect.kind === 'put')?.entries;
}

describe('phase 1', () => {
  test('a proposer selects a number and sends a prepare request to a majority: to all', () => {
    const n1 = node('n1', { value: 'red' });
    expect(brief(n1.start())).toEqual(['put', 'toAll prepare']);
    expect(n1.visible()['promised']).toEqual(ballot(1, 'n1'));
  });

  test('an acceptor answers a number greater than any it has answered, with what it accepted last', () => {
    const n5 = node('n5');
    n5.start();
    const effects = n5.receive('n1', 'prepare', { ballot: ballot(1, 'n1') });
    expect(brief(effects)).toEqual(['put', 'send n1 promise']);
    n5.receive('n1', 'accept', { ballot: ballot(1, 'n1'), value: 'red' });
    const answer = n5.receive('n2', 'prepare', { ballot: ballot(2, 'n2') }).at(-1);
    expect(answer).toMatchObject({
      type: 'promise',
      message: { ballot: ballot(2, 'n2'), accepted: { ballot: ballot(1, 'n1'), value: 'red' } },
    });
  });

  test('an acceptor can ignore a prepare request with a number that is not greater', () => {
    const n5 = node('n5');
    n5.start();
    n5.receive('n3', 'prepare', { ballot: ballot(2, 'n3') });
    for (const lower of [ballot(1, 'n4'), ballot(2, 'n2'), ballot(2, 'n3')]) {
      expect(n5.receive('n4', 'prepare', { ballot: lower })).toEqual([]);
    }
    expect(brief(n5.receive('n4', 'prepare', { ballot: ballot(2, 'n4') }))).toContain(
      'send n4 promise',
    );
  });
});

describe('phase 2', () => {
  test('a majority has promised and accepted nothing: the proposer is free to propose its value', () => {
    const n1 = node('n1', { value: 'red' });
    n1.start();
    const promise = { ballot: ballot(1, 'n1'), accepted: null };
    expect(n1.receive('n2', 'promise', promise)).toEqual([]);
    expect(n1.receive('n3', 'promise', promise).at(-1)).toMatchObject({
      kind: 'toAll',
      message: { ballot: ballot(1, 'n1'), value: 'red' },
    });
    expect(n1.receive('n4', 'promise', promise)).toEqual([]);
  });

  test('otherwise its value is that of the highest-numbered proposal among the answers', () => {
    const n5 = node('n5', { value: 'red' });
    n5.restart({ promised: ballot(6, 'n1') });
    const mine = ballot(7, 'n5');
    const accepted = (round: number, value: string) => ({
      ballot: mine,
      accepted: { ballot: ballot(round, 'n2'), value },
    });
    n5.receive('n2', 'promise', accepted(4, 'late'));
    expect(n5.receive('n3', 'promise', accepted(2, 'early')).at(-1)).toMatchObject({
      message: { value: 'late' },
    });
  });

  test('an acceptor accepts unless it has answered a prepare request with a greater number', () => {
    const n5 = node('n5');
    n5.start();
    n5.receive('n2', 'prepare', { ballot: ballot(2, 'n2') });
    expect(n5.receive('n1', 'accept', { ballot: ballot(1, 'n1'), value: 'red' })).toEqual([]);
    const effects = n5.receive('n2', 'accept', { ballot: ballot(2, 'n2'), value: 'blue' });
    expect(brief(effects)).toEqual(['put', 'send n2 accepted']);
    // It need not have heard the prepare request.
    expect(brief(n5.receive('n3', 'accept', { ballot: ballot(3, 'n3'), value: 'blue' }))).toContain(
      'send n3 accepted',
    );
  });

  test('a value is chosen when a majority has accepted it, and everybody is told', () => {
    const n1 = node('n1', { value: 'red' });
    n1.start();
    for (const from of ['n2', 'n3']) {
      n1.receive(from, 'promise', { ballot: ballot(1, 'n1'), accepted: null });
    }
    expect(n1.receive('n2', 'accepted', { ballot: ballot(1, 'n1') })).toEqual([]);
    expect(n1.receive('n2', 'accepted', { ballot: ballot(1, 'n1') })).toEqual([]);
    expect(brief(n1.receive('n4', 'accepted', { ballot: ballot(1, 'n1') }))).toEqual([
      ...['toAll decided', 'cancel retry', 'put', 'deliver chosen', 'terminate'],
    ]);
  });

  test('a proposer that has promised a higher number abandons its own', () => {
    const n1 = node('n1', { value: 'red' });
    n1.start();
    n1.receive('n2', 'prepare', { ballot: ballot(1, 'n2') });
    for (const from of ['n2', 'n3', 'n4', 'n5']) {
      expect(n1.receive(from, 'promise', { ballot: ballot(1, 'n1'), accepted: null })).toEqual([]);
    }
  });
});

describe('what an acceptor must remember', () => {
  test('is stored before the answer is sent', () => {
    const n5 = node('n5');
    n5.start();
    const promised = n5.receive('n1', 'prepare', { ballot: ballot(1, 'n1') });
    expect(stored(promised)).toMatchObject({ promised: ballot(1, 'n1'), accepted: null });
    const accepted = n5.receive('n1', 'accept', { ballot: ballot(1, 'n1'), value: 'red' });
    expect(stored(accepted)).toMatchObject({ accepted: { value: 'red' } });
  });

  test('is what it has when it comes back', () => {
    const n5 = node('n5');
    n5.restart({ promised: ballot(3, 'n2'), accepted: { ballot: ballot(2, 'n1'), value: 'red' } });
    expect(n5.receive('n1', 'prepare', { ballot: ballot(3, 'n1') })).toEqual([]);
    expect(n5.receive('n4', 'prepare', { ballot: ballot(3, 'n4') }).at(-1)).toMatchObject({
      message: { accepted: { value: 'red' } },
    });
  });

  test('a proposer that comes back uses no number twice', () => {
    const n1 = node('n1', { value: 'red' });
    const effects = n1.restart({ promised: ballot(1, 'n1') });
    expect(effects).toContainEqual(
      expect.objectContaining({ type: 'prepare', message: { ballot: ballot(2, 'n1') } }),
    );
  });

  test('a decision that was stored is known at once', () => {
    const decision = { ballot: ballot(1, 'n1'), value: 'red' };
    expect(brief(node('n5').restart({ chosen: decision }))).toEqual([
      'deliver chosen',
      'terminate',
    ]);
  });
});

describe('coming to an end', () => {
  test('whoever knows the decision answers questions with it, and answers with nothing', () => {
    const n5 = node('n5');
    n5.start();
    n5.receive('n1', 'decided', { ballot: ballot(1, 'n1'), value: 'red' });
    for (const [type, message] of [
      ['prepare', { ballot: ballot(9, 'n2') }],
      ['accept', { ballot: ballot(9, 'n2'), value: 'blue' }],
    ] as const) {
      expect(n5.receive('n2', type, message)).toMatchObject([
        { to: 'n2', type: 'decided', message: { value: 'red' } },
      ]);
    }
    expect(n5.receive('n2', 'accepted', { ballot: ballot(9, 'n2') })).toEqual([]);
  });

  test('the pause before another round is random, and twice as long each time', () => {
    const n1 = node('n1', { value: 'red', retry: 100 });
    const pauses = [n1.start(), ...Array.from({ length: 9 }, () => n1.timer('retry'))].map(
      (effects) => effects.find((effect) => effect.kind === 'timer')!.delayMs,
    );
    pauses.forEach((pause, attempt) => {
      const longest = 100 * Math.min(2 ** (attempt + 1), 64);
      expect(pause).toBeGreaterThanOrEqual(longest / 2);
      expect(pause).toBeLessThanOrEqual(longest);
    });
    expect(new Set(pauses).size).toBe(pauses.length);
  });

  test('a node that wants nothing finishes what others began', () => {
    const n5 = node('n5', { retry: 100 });
    n5.start();
    n5.timer('retry');
    const mine = ballot(1, 'n5');
    n5.receive('n1', 'promise', { ballot: mine, accepted: null });
    expect(n5.receive('n2', 'promise', { ballot: mine, accepted: null })).toEqual([]);
    const accepted = { ballot: ballot(0, 'n1'), value: 'red' };
    expect(n5.receive('n3', 'promise', { ballot: mine, accepted }).at(-1)).toMatchObject({
      type: 'accept',
      message: { value: 'red' },
    });
  });
});

test('a layer above proposes, and is answered with what was chosen, be it another’s', () => {
  const n1 = node('n1');
  n1.start();
  expect(brief(n1.call('propose', { value: 'red' }))).toEqual(['put', 'toAll prepare']);
  expect(n1.call('propose', { value: 'green' })).toEqual([]);
  const told = n1.receive('n2', 'decided', { ballot: ballot(1, 'n2'), value: 'blue' });
  expect(told.filter(({ kind }) => kind === 'answer')).toMatchObject([
    { reply: 'blue' },
    { reply: 'blue' },
  ]);
  expect(n1.call('propose', { value: 'red' })).toMatchObject([{ kind: 'answer', reply: 'blue' }]);
});

test('every node must be everybody’s neighbour', () => {
  const seat = { id: 'n1', nodes, neighbours: ['n2'], settings: {} };
  expect(() => new Bench(paxos as never, seat)).toThrow(/n1 lacks n3, n4, n5/);
});

const sketch = (more: Partial<VisibleState> = {}, status: NodeStatus = 'running') => ({
  status,
  state: {
    ...{ wanted: 'red', promised: ballot(9, 'n1'), accepted: null, chosen: null, round: null },
    ...more,
  },
});
const proposal = (round: number, value: string) => ({ ballot: ballot(round, 'n1'), value });
const chosen = sketch({ accepted: proposal(1, 'red'), chosen: proposal(1, 'red') }, 'finished');

describeInvariants(invariants, situation({ n1: chosen, n2: chosen, n3: sketch() }), {
  'Agreement: no two nodes hold different values to be chosen': [
    situation({ n1: chosen, n2: sketch({ wanted: 'blue', chosen: proposal(2, 'blue') }) }),
    /'red' in ballot 1.n1 \(n1\) is chosen, and 'blue' in ballot 2.n1 \(n2\)/,
  ],
  'Validity: what is chosen was proposed': [
    situation({ n1: sketch({ chosen: proposal(1, 'grey') }) }),
    /n1 holds 'grey' to be chosen, and nobody wanted it/,
  ],
  'In one ballot one value is proposed': [
    situation({
      n1: sketch({ accepted: proposal(1, 'red') }),
      n2: sketch({ accepted: proposal(1, 'blue') }),
    }),
    /'red' in ballot 1.n1 \(n1\), and 'blue' in ballot 1.n1 \(n2\)/,
  ],
  'What is proposed in a higher ballot than a decision is what was decided': [
    situation({ n1: chosen, n2: sketch({ accepted: proposal(2, 'blue') }) }),
    /'red' in ballot 1.n1 \(n1\) is chosen, and then 'blue' in ballot 2.n1 \(n2\)/,
  ],
  'An acceptor accepts nothing above what it has promised': [
    situation({ n1: sketch({ promised: ballot(1, 'n1'), accepted: proposal(2, 'red') }) }),
    /n1 accepted 2.n1 and promised 1.n1/,
  ],
  'A node has done its part only when it knows what is chosen': [
    situation({ n1: sketch({}, 'finished') }),
    /n1 is finished and knows of no decision/,
  ],
});

test('a node shows what it has promised, accepted and learned', () => {
  const n1 = node('n1', { value: 'red' });
  n1.start();
  expect(view(n1.visible() as never)).toMatchObject({
    role: 'proposer',
    badges: ['promised 1.n1'],
  });
  n1.receive('n2', 'decided', { ballot: ballot(2, 'n2'), value: 'blue' });
  expect(view(n1.visible() as never)).toMatchObject({ role: 'learner', rows: { chosen: 'blue' } });
});
