/**
 * State counts that others have published, reached by this search. They depend on every detail of a model; where the chapters' machines
 * differ from it, the files beside this one say how, and why the count is still theirs.
 *
 * Sources: Stateright (examples/2pc.rs, paxos.rs, single-copy-register.rs, linearizable-register.rs; src/actor/model.rs), and for two
 * resource managers the state graph of TwoPhase that Spectacle publishes from TLC.
 */

import * as v from 'valibot';
import { describe, expect, test, vi } from 'vitest';
import { driven } from '../../../../src/core/machine-driver.ts';
import { defineMachine } from '../../../../src/core/machine.ts';
import { cast } from '../../../../src/core/message.ts';
import { chapter } from '../../../../src/algorithms/two_phase_commit/index.ts';
import type { SearchOptions } from '../../../../src/runtime/search/search-options.ts';
import { planOf } from '../../../support/simulate.ts';
import { linearizable, operations, registerPlan, withClients } from './register.ts';
import { runSearch } from './run-search.ts';
import { abd, paxosAbstraction, paxosServer, singleCopy } from './servers.ts';
import { twoPhaseAbstraction, twoPhasePlan } from './two-phase.ts';

// For a busy machine; the largest takes a second.
vi.setConfig({ testTimeout: 60_000 });

describe('two-phase commit, as TwoPhase has it', () => {
  const model = (participants: number, more: Partial<SearchOptions> = {}) =>
    runSearch({
      plan: twoPhasePlan(participants),
      adversary: { duplicates: true },
      abstraction: twoPhaseAbstraction,
      invariants: chapter.invariants,
      ...more,
    });
  const alike = (participants: number) =>
    Array.from({ length: participants }, (_, index) => `r${index + 1}`);

  for (const [participants, states] of [
    [2, 56],
    [3, 288],
    [5, 8832],
  ] as const) {
    test(`${participants} resource managers: ${states}`, async () => {
      const { outcome, figures } = await model(participants);
      expect([outcome, figures.states]).toEqual(['complete', states]);
    });
  }

  test('3 resource managers, the newest situation first: 288', async () => {
    const { outcome, figures } = await model(3, { strategy: 'depth' });
    expect([outcome, figures.states]).toEqual(['complete', 288]);
  });

  test('5 that are alike: every class of situations once, 56 + 6 + 252', async () => {
    // While the coordinator works a participant is in one of 4 conditions, afterwards in one of 2 (commit) or 6 (abort): multisets of 5.
    const { outcome, figures } = await model(5, { symmetry: { nodes: alike(5) } });
    expect([outcome, figures.states]).toEqual(['complete', 56 + 6 + 252]);
  });
});

describe('single-decree Paxos: the chapter’s machine', () => {
  const plan = registerPlan(withClients('paxos_register', paxosServer, 3), 3, 2);

  for (const strategy of ['breadth', 'depth'] as const) {
    test(`2 clients, 3 servers, ${strategy} first: 16 668`, async () => {
      const { outcome, figures, goals } = await runSearch({
        plan,
        strategy,
        abstraction: paxosAbstraction,
        history: operations(linearizable),
        goals: [
          {
            name: 'value chosen',
            reached: ({ messages }) => messages.some(({ type }) => type === 'get_ok'),
          },
        ],
      });
      expect([outcome, figures.states]).toEqual(['complete', 16_668]);
      if (strategy === 'breadth') expect(goals[0]!.steps).toHaveLength(1 + 8);
    });
  }
});

describe('registers', () => {
  test('a single copy, 2 clients: 93', async () => {
    const plan = registerPlan(withClients('single_copy', singleCopy, 1), 1, 2);
    const { outcome, figures } = await runSearch({ plan, history: operations(linearizable) });
    expect([outcome, figures.states]).toEqual(['complete', 93]);
  });

  test('two single copies are no register: written to one, read from the other', async () => {
    const plan = registerPlan(withClients('single_copies', singleCopy, 2), 2, 2);
    const { violation } = await runSearch({ plan, history: operations(linearizable) });
    expect(violation?.invariant).toBe('The register is linearizable');
    expect(violation?.steps.map(({ what }) => what)).toEqual([
      'all nodes start',
      't0 → s0 put {"id":2,"value":"A"} arrives',
      's0 → t0 put_ok {"id":2} arrives',
      't0 → s1 get {"id":4} arrives',
      's1 → t0 get_ok {"id":4,"value":""} arrives',
    ]);
  });

  test('Attiya, Bar-Noy and Dolev, 2 clients, 2 servers: 544', async () => {
    const plan = registerPlan(withClients('abd', abd, 2), 2, 2);
    const { outcome, figures } = await runSearch({ plan, history: operations(linearizable) });
    expect([outcome, figures.states]).toEqual(['complete', 544]);
  });
});

describe('a counter that goes to and fro', () => {
  const machine = defineMachine('to_and_fro', {
    messages: { ping: cast({ count: v.number() }), pong: cast({ count: v.number() }) },
    init: ({ id }) => ({ id, count: 0 }),
    step(state, input, out) {
      if (input.kind === 'start' && state.id === 'n1') out.send('n2', 'ping', { count: 0 });
      if (input.kind !== 'message' || input.message.count !== state.count) return;
      const { count } = input.message;
      if (input.type === 'pong' && state.id === 'n1') out.send('n2', 'ping', { count: count + 1 });
      else if (input.type === 'ping' && state.id === 'n2') out.send('n1', 'pong', { count });
      else return;
      state.count++;
    },
  });
  class ToAndFro extends driven(machine) {}
  const count = (most: number, adversary: NonNullable<SearchOptions['adversary']>) =>
    runSearch({
      plan: planOf(ToAndFro, { nodes: 2 }),
      adversary,
      prune: ({ nodes }) => nodes.some(({ state }) => state.count > most),
    });

  test('over a network that loses and repeats: 14, and 4 094', async () => {
    const harsh = { duplicates: true, losses: true };
    expect((await count(1, harsh)).figures.states).toBe(14);
    expect((await count(5, harsh)).figures.states).toBe(4094);
  });

  test('over one that does neither: 11', async () => {
    expect((await count(5, {})).figures.states).toBe(11);
  });
});
