/** Two-phase commit: who may decide what, and what is on the disk when it is said. */

import { describe, expect, test } from 'vitest';
import {
  twoPhaseCommit,
  type TwoPhaseCommitState,
} from '../../../src/algorithms/two_phase_commit/two-phase-commit.ts';
import {
  invariants,
  type VisibleState,
} from '../../../src/algorithms/two_phase_commit/invariants.ts';
import type { Phase } from '../../../src/algorithms/two_phase_commit/rules.ts';
import { view } from '../../../src/algorithms/two_phase_commit/view.ts';
import type { NodeStatus } from '../../../src/core/status.ts';
import { describeInvariants, situation } from './bad-views.ts';
import { Bench, brief } from './machine-bench.ts';

const nodes = ['n1', 'n2', 'n3'];

function node(id: string, settings: Record<string, unknown> = {}): Bench<TwoPhaseCommitState> {
  const own = { coordinator: id === 'n1', ...settings };
  return new Bench<TwoPhaseCommitState>(twoPhaseCommit as never, { id, nodes, settings: own });
}

const phaseOf = (bench: Bench<TwoPhaseCommitState>) => bench.visible()['phase'];

describe('the coordinator', () => {
  test('asks all, and commits when all have said yes: first on its disk, then aloud', () => {
    const n1 = node('n1');
    expect(brief(n1.start())).toEqual(['toAll prepare', 'timer patience', 'timer resend']);
    expect(n1.receive('n2', 'vote', { yes: true })).toEqual([]);
    expect(n1.receive('n2', 'vote', { yes: true })).toEqual([]);
    const effects = n1.receive('n3', 'vote', { yes: true });
    expect(brief(effects)).toEqual(['cancel patience', 'put', 'toAll decision', 'timer resend']);
    expect(effects).toContainEqual({ kind: 'put', entries: { phase: 'committed' } });
  });

  test('aborts at the first no, and when it has waited long enough', () => {
    for (const end of [
      (n1: Bench<TwoPhaseCommitState>) => n1.receive('n3', 'vote', { yes: false }),
      (n1: Bench<TwoPhaseCommitState>) => n1.timer('patience'),
    ]) {
      const n1 = node('n1');
      n1.start();
      n1.receive('n2', 'vote', { yes: true });
      expect(end(n1)).toContainEqual({
        kind: 'toAll',
        type: 'decision',
        message: { commit: false },
      });
      // It does not change its mind.
      expect(n1.receive('n3', 'vote', { yes: true })).toEqual([]);
      expect(n1.timer('patience')).toEqual([]);
    }
  });

  test('asks those again who have not answered, in either phase, and is done when all have', () => {
    const n1 = node('n1');
    n1.start();
    n1.receive('n2', 'vote', { yes: true });
    expect(brief(n1.timer('resend'))).toEqual(['send n3 prepare', 'timer resend']);
    n1.receive('n3', 'vote', { yes: true });
    n1.receive('n3', 'ack', {});
    expect(brief(n1.timer('resend'))).toEqual(['send n2 decision', 'timer resend']);
    expect(brief(n1.receive('n2', 'ack', {}))).toEqual(['cancel resend', 'put', 'terminate']);
  });

  test('comes back: tells its decision again, presumes abort without one, rests when all is over', () => {
    const commit = { kind: 'toAll', type: 'decision', message: { commit: true } };
    expect(node('n1').restart({ phase: 'committed' })).toContainEqual(commit);
    const presumed = node('n1').restart({});
    expect(presumed).toContainEqual({ ...commit, message: { commit: false } });
    expect(presumed).toContainEqual({ kind: 'put', entries: { phase: 'aborted' } });
    expect(brief(node('n1').restart({ phase: 'committed', over: true }))).toEqual(['terminate']);
  });

  test('must reach all others', () => {
    const seat = { id: 'n1', nodes, neighbours: ['n2'], settings: { coordinator: true } };
    expect(() => new Bench(twoPhaseCommit as never, seat)).toThrow(/n1 lacks n3/);
  });
});

describe('a participant', () => {
  test('stores its yes before it says so, and says the same again', () => {
    const n2 = node('n2');
    n2.start();
    expect(brief(n2.receive('n1', 'prepare', {}))).toEqual(['put', 'send n1 vote']);
    expect(n2.receive('n1', 'prepare', {})).toEqual([
      { kind: 'send', to: 'n1', type: 'vote', message: { yes: true } },
    ]);
  });

  test('that cannot commit aborts, and says no', () => {
    const n2 = node('n2', { vote: 'no' });
    n2.start();
    expect(brief(n2.receive('n1', 'prepare', {}))).toEqual([
      ...['cancel patience', 'put', 'terminate', 'send n1 vote'],
    ]);
    expect(phaseOf(n2)).toBe('aborted');
  });

  test('may abort alone before its vote, and not after', () => {
    const tired = node('n2');
    tired.start();
    tired.timer('patience');
    expect(phaseOf(tired)).toBe('aborted');
    expect(tired.receive('n1', 'prepare', {}).at(-1)).toMatchObject({ message: { yes: false } });
    const bound = node('n3');
    bound.start();
    bound.receive('n1', 'prepare', {});
    bound.timer('patience');
    expect(phaseOf(bound)).toBe('prepared');
  });

  test('does as it is told, and acknowledges each time', () => {
    const n2 = node('n2');
    n2.start();
    n2.receive('n1', 'prepare', {});
    expect(brief(n2.receive('n1', 'decision', { commit: true }))).toEqual([
      ...['cancel patience', 'put', 'terminate', 'send n1 ack'],
    ]);
    expect(brief(n2.receive('n1', 'decision', { commit: true }))).toEqual(['send n1 ack']);
    // A question that comes late.
    expect(n2.receive('n1', 'prepare', {})).toEqual([]);
    expect(phaseOf(n2)).toBe('committed');
  });

  test('comes back in doubt when it had said yes, and done when it had heard', () => {
    const doubting = node('n2');
    doubting.restart({ phase: 'prepared' });
    doubting.timer('patience');
    expect(phaseOf(doubting)).toBe('prepared');
    expect(brief(node('n2').restart({ phase: 'aborted' }))).toEqual(['terminate']);
  });
});

const sketch = (phase: Phase | null, status: NodeStatus = 'running') => {
  return { status, state: { role: 'participant', phase } as VisibleState };
};
const coordinator = (phase: Phase) => {
  return { state: { role: 'coordinator', phase, yes: ['n2', 'n3'], acks: [] } as VisibleState };
};

describeInvariants(
  invariants,
  situation({
    n1: coordinator('committed'),
    n2: sketch('prepared'),
    n3: sketch('committed', 'finished'),
  }),
  {
    'Atomicity: no node commits what another aborts': [
      situation({ n1: coordinator('aborted'), n2: sketch('committed') }),
      /n2 has committed, and n1 has aborted/,
    ],
    'Nobody commits unless every participant has voted yes': [
      situation({ n1: coordinator('committed'), n2: sketch('working') }),
      /n1 has committed, and n2 has not voted/,
    ],
    'The coordinator commits before anybody else': [
      situation({ n1: coordinator('working'), n2: sketch('committed') }),
      /n2 has committed, and n1 is working/,
    ],
    'A node has done its part only when the transaction is over for it': [
      situation({ n1: coordinator('working'), n2: sketch('prepared', 'finished') }),
      /n2 is finished and prepared/,
    ],
  },
);

test('a node shows its part and its phase', () => {
  expect(view(coordinator('working').state)).toMatchObject({
    role: 'coordinator',
    badges: ['working', '2 yes'],
  });
  expect(view(sketch('prepared').state)).toMatchObject({ badges: ['prepared, in doubt'] });
  expect(view(sketch(null).state)).toMatchObject({ badges: ['recovering'] });
});
