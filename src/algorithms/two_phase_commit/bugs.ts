/** Mistakes that are made in two-phase commit: somebody decides who must not, or forgets what it said. */

import { bug } from '../../core/bug.ts';
import type { Faults } from '../../core/faults/faults.ts';
import { rules } from './rules.ts';
import { TwoPhaseCommit } from './two-phase-commit.ts';

const ATOMICITY = 'Atomicity: no node commits what another aborts';
const ALL_VOTED = 'Nobody commits unless every participant has voted yes';

const four = `
n1: { coordinator: true, patience: 100, resend: 40 }
n2: { patience: 100 }
n3: { patience: 100 }
n4: { patience: 100 }`;

const slow: Faults = { latency: '1-60', loss: '10%' };

const falling: Faults = { ...slow, crashes: [{ every: '40ms', for: '1-30ms' }], heal: '2s' };

/** Bugs of {@link TwoPhaseCommit}. */
export const bugs = [
  bug(TwoPhaseCommit, {
    name: 'commit-on-silence',
    title: 'No answer is a yes',
    story: 'The coordinator commits when votes are missing: those that are missing may be a no.',
    replaces: { onSilence: () => 'committed' },
    violates: ALL_VOTED,
    shows: { config: four.replace('patience: 100', 'patience: 30'), faults: slow },
    seeds: 100,
  }),
  bug(TwoPhaseCommit, {
    name: 'majority-is-enough',
    title: 'The majority decides',
    story: 'Atomic commitment is no election: one no is a veto.',
    replaces: { isUnanimous: (yes, participants) => 2 * yes.size > participants.length },
    violates: ALL_VOTED,
    shows: { config: four, faults: slow },
    seeds: 50,
  }),
  bug(TwoPhaseCommit, {
    name: 'abort-after-yes',
    title: 'In doubt, abort',
    story:
      'A participant that has said yes grows tired of waiting and aborts by itself. The others may have been told to commit.',
    replaces: { mayAbortAlone: () => true },
    violates: ATOMICITY,
    shows: { config: four, faults: slow },
    seeds: 200,
  }),
  bug(TwoPhaseCommit, {
    name: 'vote-in-memory',
    title: 'A yes is not stored',
    story: 'A participant comes back, knows of no promise, and aborts what the others commit.',
    replaces: { record: (phase) => (phase === 'prepared' ? {} : rules.record(phase)) },
    violates: ALL_VOTED,
    shows: { config: four, faults: falling },
    seeds: 500,
  }),
  bug(TwoPhaseCommit, {
    name: 'decision-in-memory',
    title: 'The decision is not stored',
    story:
      'The coordinator tells some to commit, goes down, and presumes when it is back that nothing was decided.',
    replaces: { record: (phase) => (phase === 'committed' ? {} : rules.record(phase)) },
    violates: ATOMICITY,
    shows: { config: four, faults: falling },
    seeds: 500,
  }),
  bug(TwoPhaseCommit, {
    name: 'presume-commit',
    title: 'A coordinator without memory commits',
    story: 'It comes back, finds no decision on its disk, and takes the better one.',
    replaces: { presumed: () => 'committed' },
    violates: ALL_VOTED,
    shows: { config: four, faults: falling },
    seeds: 100,
  }),
];
